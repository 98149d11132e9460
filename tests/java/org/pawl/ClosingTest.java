package org.pawl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Closing while other threads are inside, and objects that were forgotten. */
class ClosingTest {
  private static final int ROUNDS = Integer.getInteger("org.pawl.test.rounds", 1_000);

  private Path folder;
  private final ExecutorService threads = Executors.newFixedThreadPool(3);

  @BeforeEach
  void begin() throws Exception {
    Path memory = Path.of("/dev/shm");
    folder = Files.isWritable(memory) ? Files.createTempDirectory(memory, "pawl-java-") : Files.createTempDirectory("pawl-java-");
  }

  @AfterEach
  void end() throws Exception {
    threads.shutdown();
    assertTrue(threads.awaitTermination(World.PATIENCE_S, TimeUnit.SECONDS));
    World.delete(folder);
  }

  private interface Work {
    void run() throws Exception;
  }

  /** Runs all at once; each may find the object closed, nothing else. */
  private void race(Work... all) throws Exception {
    CyclicBarrier start = new CyclicBarrier(all.length);
    Future<?>[] done = new Future<?>[all.length];
    for (int i = 0; i < all.length; ++i) {
      Work work = all[i];
      done[i] = threads.submit(() -> {
        start.await();
        try {
          work.run();
        } catch (PawlException.Closed expected) {
          return null;
        }
        return null;
      });
    }
    for (Future<?> it : done) {
      it.get(World.PATIENCE_S, TimeUnit.SECONDS);
    }
  }

  @Test
  void aThousandClientsAreClosedWhileOneThreadWaitsAndAnotherCalls() throws Exception {
    for (int round = 0; round < ROUNDS; ++round) {
      Client client = Client.open(World.offline(folder, "client"));
      race(
          () -> {
            while (true) {
              client.waitEvents(16, -1);
            }
          },
          () -> {
            try (Conversation conversation = Conversation.open(client, "bob@example.org")) {
              while (true) {
                client.accountGetInfo();
                conversation.history(0, 1);
                setTyping(conversation);
              }
            }
          },
          closing(round, client));
    }
  }

  /** At once; in every second round some time later, when who can wait does. */
  private static Work closing(int round, Handle handle) {
    return () -> {
      Thread.sleep(round % 2 * 2);
      handle.close();
    };
  }

  private static void setTyping(Conversation conversation) {
    try {
      conversation.setTyping(true);
    } catch (PawlException.WouldBlock queueIsFull) {
      Thread.yield();
    }
  }

  @Test
  void aThousandSessionsAreClosedWhileTwoThreadsEncrypt() throws Exception {
    Identity alice = Identity.create("alice@example.org");
    Identity bob = Identity.create("bob@example.org");
    byte[] bundle = bob.bundle();
    byte[] text = new byte[100];
    for (int round = 0; round < ROUNDS; ++round) {
      Session session = Session.initiate(alice, bundle, null);
      Work encrypt = () -> {
        for (int i = 0; i < 100; ++i) {
          session.encrypt(text);
        }
      };
      race(encrypt, encrypt, closing(round, session));
      assertThrows(PawlException.Closed.class, () -> session.encrypt(text));
    }
  }

  @Test
  void aTakerThatWaitsForEverIsWoken() throws Exception {
    Client client = Client.open(World.offline(folder, "client"));
    CountDownLatch waits = new CountDownLatch(1);
    Future<?> taker = threads.submit(() -> {
      waits.countDown();
      while (true) {
        client.waitEvents(1, -1);
      }
    });
    waits.await();
    client.close();
    Exception thrown = assertThrows(Exception.class, () -> taker.get(World.PATIENCE_S, TimeUnit.SECONDS));
    assertEquals(PawlException.Closed.class, thrown.getCause().getClass());
  }

  /** The store of a client that nobody refers to is free again: its object was collected although its pump runs. */
  @Test
  void aForgottenClientIsClosed() throws Exception {
    forget();
    World.awaitFreeStore(folder, "client");
  }

  @Test
  void aClosedClientWhoseHandlerRefersToItIsCollected() throws Exception {
    WeakReference<Client> gone = closedWithHandler();
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(World.PATIENCE_S);
    while (gone.get() != null) {
      System.gc();
      assertTrue(System.nanoTime() < until, "something still refers to the client");
    }
  }

  private WeakReference<Client> closedWithHandler() {
    Client client = Client.open(World.offline(folder, "client"));
    client.events(threads, event -> client.ack(event.seq()), Throwable::printStackTrace);
    client.close();
    return new WeakReference<>(client);
  }

  @Test
  void aTakerWaitsAsLongAsALongCanSay() throws Exception {
    Client client = Client.open(World.offline(folder, "client"));
    race(() -> {
      while (true) {
        assertTrue(!client.waitEvents(1, Long.MAX_VALUE).isEmpty(), "it did not wait");
      }
    }, client::close);
  }

  private void forget() throws InterruptedException {
    Client client = Client.open(World.offline(folder, "client"));
    client.waitEvents(1, 1);
  }

  @Test
  void aConversationKeepsItsClient() throws Exception {
    Conversation conversation = onlyAConversation();
    for (int i = 0; i < 5; ++i) {
      System.gc();
      conversation.history(0, 10);
    }
    assertThrows(PawlException.StoreLocked.class, () -> Client.open(World.offline(folder, "client")));
    conversation.close();
    conversation = null;
    World.awaitFreeStore(folder, "client");
  }

  private Conversation onlyAConversation() {
    return Conversation.open(Client.open(World.offline(folder, "client")), "bob@example.org");
  }
}
