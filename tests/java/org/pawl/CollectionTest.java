package org.pawl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What the garbage collector does, and when. */
class CollectionTest {
  /** More of them with -Dorg.pawl.test.calls=…: CONTRIBUTING.md. */
  private static final int CALLS = Integer.getInteger("org.pawl.test.calls", 10_000_000);
  private static final int ROUNDS = 100;
  /** With few calls, as below a sanitizer that keeps what was freed, no leak could be told from it. */
  private static final long MOST_GROWTH_KB = CALLS < 100_000 ? 32 * 1024 : 2 * 1024;

  /**
   * Objects whose last use is a call that is under way are not given back during it. An interpreter keeps them anyway: this
   * class runs with everything of org.pawl compiled (CMakeLists.txt). One may be collected in the instant between the call's
   * end and the look; without what keeps them, it is most of them.
   */
  @Test
  void objectsLiveAsLongAsACallIsInThem() throws Exception {
    AtomicBoolean isOver = new AtomicBoolean();
    Thread collector = new Thread(() -> {
      while (!isOver.get()) {
        System.gc();
        LockSupport.parkNanos(500_000); // lets a call that is over look before the next collection
      }
    });
    byte[] bundle = Identity.create("bob@example.org").bundle();
    Identity carol = Identity.create("carol@example.org");
    isLostDuringItsOwnCall(bundle); // compiles all of it
    isLostDuringACallThatTakesIt(carol, bundle);
    int lost = 0;
    collector.start();
    try {
      for (int i = 0; i < ROUNDS; ++i) {
        lost += isLostDuringItsOwnCall(bundle) ? 1 : 0;
        lost += isLostDuringACallThatTakesIt(carol, bundle) ? 1 : 0;
      }
    } finally {
      isOver.set(true);
      collector.join();
    }
    assertTrue(lost < ROUNDS / 4, lost + " of " + 2 * ROUNDS + " objects were collected while a call was in them");
  }

  private static boolean isLostDuringItsOwnCall(byte[] bundle) {
    Identity identity = Identity.create("alice@example.org");
    WeakReference<Identity> seen = new WeakReference<>(identity);
    identity.safetyNumber(bundle);
    return seen.get() == null;
  }

  private static boolean isLostDuringACallThatTakesIt(Identity carol, byte[] bundle) {
    Session old = Session.initiate(carol, bundle, null);
    WeakReference<Session> seen = new WeakReference<>(old);
    Session fresh = Session.initiate(carol, bundle, old);
    boolean isLost = seen.get() == null;
    fresh.close();
    return isLost;
  }

  /** Events are waited for in Java, not in a call of the library: nothing but the pump keeps the client then. */
  @Test
  void aClientLivesAsLongAsSomebodyWaitsForItsEvents() throws Exception {
    Path folder = Files.createTempDirectory("pawl-java-");
    AtomicReference<WeakReference<Client>> seen = new AtomicReference<>();
    BlockingQueue<Throwable> ended = new LinkedBlockingQueue<>();
    Thread taker = new Thread(() -> ended.add(assertThrows(Throwable.class, () -> waitForEvents(folder, seen))));
    taker.start();
    while (seen.get() == null || taker.getState() != Thread.State.WAITING) {
      assertTrue(taker.isAlive(), () -> "it waits for nothing: " + ended);
      Thread.yield();
    }
    for (int i = 0; i < ROUNDS; ++i) {
      System.gc();
      assertTrue(seen.get().get() != null && taker.isAlive(), "the client was collected: " + ended);
    }
    taker.interrupt();
    assertInstanceOf(InterruptedException.class, ended.poll(World.PATIENCE_S, TimeUnit.SECONDS));
    taker.join();
    World.awaitFreeStore(folder, "client");
    World.delete(folder);
  }

  /** The wait is the client's last use. No event is left by then: the completion comes after those of the beginning. */
  private static void waitForEvents(Path folder, AtomicReference<WeakReference<Client>> seen) throws Exception {
    Client client = Client.open(World.offline(folder, "client"));
    assertThrows(ExecutionException.class, () -> client.attachmentCancel(Id.of(new byte[Id.SIZE])).get());
    client.waitEvents(1_000, 0);
    seen.set(new WeakReference<>(client));
    client.waitEvents(1, -1);
  }

  @Test
  void collectedObjectsAreGivenBack() throws Exception {
    int before = Cleaner.watched();
    for (int i = 0; i < 1_000; ++i) {
      Identity.create("alice@example.org");
    }
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(World.PATIENCE_S);
    while (Cleaner.watched() > before + 10) {
      System.gc();
      assertTrue(System.nanoTime() < until, Cleaner.watched() + " objects are left");
    }
  }

  /** An object whose memory can be given back at the third attempt only. */
  private static final class Stubborn extends Handle {
    Stubborn(AtomicInteger attempts) {
      super(1, pointer -> {
        if (attempts.incrementAndGet() < 3) {
          throw new OutOfMemoryError("for this test");
        }
      }, null);
    }

    @Override
    public void close() {}
  }

  @Test
  void whatCannotBeGivenBackIsTriedAgainAndTheNextOnesAreGivenBackToo() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    new Stubborn(attempts);
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(World.PATIENCE_S);
    while (attempts.get() < 3) {
      System.gc();
      Thread.yield();
      assertTrue(System.nanoTime() < until, attempts + " attempts");
    }
    collectedObjectsAreGivenBack();
    assertEquals(3, attempts.get());
  }

  /** The first third of the calls warms up; what the third one adds to the second is a leak. */
  @Test
  void callsOfEveryKindDoNotGrowTheProcess() throws Exception {
    try (World world = new World(); Client client = world.open("alice"); Conversation conversation = Conversation.open(client, "bob@example.org")) {
      Calls calls = new Calls(world, client, conversation);
      calls.make(CALLS / 3);
      calls.make(CALLS / 3);
      long before = ownKb();
      calls.make(CALLS / 3);
      long growth = ownKb() - before;
      assertTrue(growth <= MOST_GROWTH_KB, "grown by " + growth + " KiB in " + CALLS / 3 + " calls");
    }
  }

  private static final class Calls {
    private final World world;
    private final Client client;
    private final Conversation conversation;
    private final Identity alice = Identity.create("alice@example.org");
    private final Identity bob = Identity.create("bob@example.org");
    private Session session = Session.initiate(alice, bob.bundle(), null);
    private final Session other = Session.restore(alice, session.save(World.KEY), World.KEY);
    private final ByteBuffer in = ByteBuffer.allocateDirect(1_000);
    private final ByteBuffer out = ByteBuffer.allocateDirect(8_192);

    Calls(World world, Client client, Conversation conversation) {
      this.world = world;
      this.client = client;
      this.conversation = conversation;
    }

    /** Most of them are those that cost next to nothing, as in an app. */
    void make(int count) throws Exception {
      for (int i = 0; i < count; i += 400) {
        for (int cheap = 0; cheap < 388; cheap += 4) {
          session.encryptedSize(cheap);
          session.peerAddress();
          client.accountAddress();
          conversation.id();
        }
        ofSessions(i);
        ofTheClient();
        if (i % 40_000 == 0) {
          session.close();
          session = Session.initiate(alice, bob.bundle(), null);
          conversation.sendText("again").completion().get(World.PATIENCE_S, TimeUnit.SECONDS);
          assertThrows(PawlException.StoreLocked.class, () -> Client.open(world.options("alice")));
          client.waitEvents(1_000, 0);
        }
      }
    }

    private void ofSessions(int i) {
      session.encryptedSize(i % 1_000);
      session.getInfo();
      session.peerAddress();
      session.save(World.KEY);
      session.encrypt(new byte[i % 1_000]);
      in.clear();
      out.clear();
      session.encrypt(in, out);
      assertThrows(PawlException.class, () -> other.decrypt(new byte[i % 5_000]));
      out.flip();
      assertThrows(PawlException.class, () -> other.decrypt(out, ByteBuffer.allocate(100)));
    }

    private void ofTheClient() {
      client.accountGetInfo();
      client.contacts();
      conversation.history(0, 10);
      conversation.id();
    }
  }

  /** Memory of its own, in RAM or swapped out: pages of files come and go as the system likes. */
  private static long ownKb() throws IOException {
    System.gc();
    String status = new String(Files.readAllBytes(Path.of("/proc/self/status")), StandardCharsets.UTF_8);
    return kb(status, "RssAnon") + kb(status, "VmSwap");
  }

  private static long kb(String status, String name) {
    return Long.parseLong(status.replaceAll("(?s).*" + name + ":\\s+(\\d+) kB.*", "$1"));
  }
}
