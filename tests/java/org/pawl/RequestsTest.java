package org.pawl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What stands behind futures and events, without a client. */
class RequestsTest {
  @BeforeAll
  static void begin() {
    NativeLibrary.load();
  }

  @Test
  void aFutureIsCompletedAlsoWhereNoThreadCanBeHad() {
    Requests requests = new Requests(task -> {
      throw new OutOfMemoryError("unable to create native thread");
    }, () -> { });
    CompletableFuture<Void> waits = requests.done(1);
    requests.failAll(Failures.closed());
    assertTrue(waits.isCompletedExceptionally());
  }

  @Test
  void whoBringsCompletionsIsToldOfEachRequest() {
    AtomicInteger told = new AtomicInteger();
    Requests requests = new Requests(Runnable::run, told::incrementAndGet);
    assertTrue(!requests.areWaiting());
    requests.done(1);
    requests.data(2);
    assertEquals(2, told.get());
    assertTrue(requests.areWaiting());
    requests.failAll(Failures.closed());
    assertTrue(!requests.areWaiting());
  }

  /** A pump whose client is no client: the library says so, and its thread ends. */
  @Test
  void whyTheThreadOfEventsEndedIsSaidToWhoTakesThem() throws Exception {
    EventPump pump = new EventPump(new Peer(0, pointer -> { }));
    IllegalStateException thrown = assertThrows(IllegalStateException.class, () -> pump.take(1, -1));
    assertInstanceOf(PawlIllegalArgumentException.class, thrown.getCause());
    assertTrue(pump.requests().done(1).isCompletedExceptionally());
  }
}
