package org.pawl;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/** For tests about handlers of events: threads for them, and what they got. All have ended when the two part. */
abstract class WithHandlers extends AliceAndBob {
  final ExecutorService executor = Executors.newFixedThreadPool(3);
  final BlockingQueue<Event> handled = new LinkedBlockingQueue<>();
  final BlockingQueue<Throwable> errors = new LinkedBlockingQueue<>();

  @Override
  @AfterEach
  void part() throws Exception {
    alice.close();
    bob.close();
    executor.shutdown();
    assertTrue(executor.awaitTermination(World.PATIENCE_S, TimeUnit.SECONDS));
    super.part();
  }
}
