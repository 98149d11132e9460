package org.pawl;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Objects that are closed while another thread waits in them for a relay that does not answer. */
class WaitersTest extends AliceAndBob {
  private static final int ROUNDS = 20;
  private static final int LONG_MS = 600_000;

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @BeforeEach
  void begin() throws Exception {
    world.stopRelay();
  }

  @Override
  @AfterEach
  void part() throws Exception {
    alice.close();
    bob.close();
    threads.shutdown();
    super.part();
  }

  /** The call waits for minutes, unless the object is closed: then it says that it was given up, or could not begin. */
  private void assertWoken(Runnable waiting, Handle handle, int round) throws Exception {
    Future<?> waiter = threads.submit(waiting);
    Thread.sleep(round % 2 * 20); // in every second round it is most likely inside by then
    handle.close();
    ExecutionException thrown = assertThrows(ExecutionException.class, () -> waiter.get(World.PATIENCE_S, TimeUnit.SECONDS));
    Class<?> why = thrown.getCause().getClass();
    assertTrue(why == PawlException.Closed.class || why == PawlException.Cancelled.class, thrown.toString());
  }

  /** Until the client's thread has seen the upload: before, it holds memory of which there is an end. */
  private void awaitItsTurn(Id message) throws Exception {
    within(alice.attachmentCancel(message).handle((done, orGoneAlready) -> null));
  }

  @Test
  void whoWritesToAnUploadThatIsClosedIsWoken() throws Exception {
    try (Conversation toBob = Conversation.open(alice, World.address("bob"))) {
      for (int round = 0; round < ROUNDS; ++round) {
        Upload.BeginResult begun = Upload.begin(toBob, 1L << 30, null);
        Upload upload = begun.upload();
        assertWoken(() -> {
          while (true) {
            upload.write(new byte[1 << 20], LONG_MS);
          }
        }, upload, round);
        awaitItsTurn(begun.messageId());
      }
    }
  }

  @Test
  void whoFetchesWithAPeekThatIsClosedIsWoken() throws Exception {
    bob.suspend();
    ClientOptions named = world.options("bob");
    PeekOptions options = new PeekOptions().storeDir(named.storeDir()).anchorDir(named.anchorDir()).hostKey(named.hostKey());
    for (int round = 0; round < ROUNDS; ++round) {
      Peek peek = Peek.open(options);
      assertWoken(() -> peek.fetch(LONG_MS), peek, round);
    }
  }
}
