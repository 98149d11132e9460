package org.pawl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What the garbage collector does, and when. */
class CollectionTest {
  private static final int CALLS = Integer.getInteger("org.pawl.test.calls", 300_000);
  private static final long MOST_GROWTH_KB = 32 * 1024;

  /** Objects whose last use is a call that is under way are not given back during it. */
  @Test
  void objectsLiveAsLongAsACallIsInThem() throws Exception {
    AtomicBoolean isOver = new AtomicBoolean();
    Thread collector = new Thread(() -> {
      while (!isOver.get()) {
        System.gc();
      }
    });
    collector.start();
    try {
      byte[] bundle = Identity.create("bob@example.org").bundle();
      String number = Identity.create("alice@example.org").safetyNumber(bundle);
      for (int i = 0; i < 100; ++i) {
        assertEquals(number.length(), Identity.create("alice@example.org").safetyNumber(bundle).length());
        assertTrue(Session.initiate(Identity.create("carol@example.org"), bundle, null).encrypt(new byte[60_000]).length > 60_000);
      }
    } finally {
      isOver.set(true);
      collector.join();
    }
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

  /** -Dorg.pawl.test.calls=10000000 for ten millions of them. */
  @Test
  void callsOfEveryKindDoNotGrowTheProcess() throws Exception {
    Identity alice = Identity.create("alice@example.org");
    Session session = Session.initiate(alice, Identity.create("bob@example.org").bundle(), null);
    Session other = Session.restore(alice, session.save(World.KEY), World.KEY);
    calls(session, other, CALLS / 10);
    long before = residentKb();
    calls(session, other, CALLS);
    long growth = residentKb() - before;
    assertTrue(growth < MOST_GROWTH_KB, "grown by " + growth + " KiB in " + CALLS + " calls");
  }

  private static void calls(Session session, Session other, int count) {
    for (int i = 0; i < count; i += 6) {
      session.encryptedSize(i % 1_000);
      session.getInfo();
      session.peerAddress();
      session.save(World.KEY);
      try {
        other.decrypt(new byte[i % 5_000]);
        throw new AssertionError("that is no envelope");
      } catch (PawlException expected) {
        assertEquals("bob@example.org", other.peerAddress());
      }
    }
  }

  private static long residentKb() throws IOException {
    System.gc();
    String status = new String(Files.readAllBytes(Path.of("/proc/self/status")), StandardCharsets.UTF_8);
    return Long.parseLong(status.replaceAll("(?s).*VmRSS:\\s+(\\d+) kB.*", "$1"));
  }
}
