package org.pawl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
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

  private static Throwable failureOf(CompletableFuture<?> future) {
    return assertThrows(ExecutionException.class, () -> future.get(World.PATIENCE_S, TimeUnit.SECONDS)).getCause();
  }

  @Test
  void everyFutureHasAFailureOfItsOwn() {
    Requests requests = new Requests(Runnable::run, () -> { });
    CompletableFuture<Void> one = requests.done(1);
    CompletableFuture<byte[]> another = requests.data(2);
    requests.failAll(FailureTypes.make(new FailureDetails(StatusCode.TIMEOUT.code(), true, 5, "TIMEOUT: too late")));
    CompletableFuture<Void> later = requests.done(3);
    Set<Throwable> told = Collections.newSetFromMap(new IdentityHashMap<>());
    for (CompletableFuture<?> it : Arrays.asList(one, another, later)) {
      PawlException.Timeout failure = assertInstanceOf(PawlException.Timeout.class, failureOf(it));
      assertEquals("TIMEOUT: too late", failure.getMessage());
      assertEquals(5, failure.retryAfterMs());
      assertTrue(failure.retryable());
      told.add(failure);
    }
    assertEquals(3, told.size());
  }

  @Test
  void whatIsNoFailureOfTheLibraryIsTheCause() {
    Requests requests = new Requests(Runnable::run, () -> { });
    Error defect = new StackOverflowError();
    requests.failAll(defect);
    assertSame(defect, assertInstanceOf(IllegalStateException.class, failureOf(requests.done(1))).getCause());
  }

  @Test
  void requestsThatAreGivenUpGoOnAndTheirCompletionsAreOfNoUseToOthers() {
    Requests requests = new Requests(Runnable::run, () -> { });
    CompletableFuture<Void> one = requests.done(1);
    CompletableFuture<byte[]> another = requests.data(2);
    requests.giveUp();
    assertTrue(!requests.areWaiting());
    for (CompletableFuture<?> it : Arrays.asList(one, another)) {
      String why = assertInstanceOf(IllegalStateException.class, failureOf(it)).getMessage();
      assertTrue(why.contains("take the client's events"), why);
    }
    requests.complete(new MadeEvent(EventType.COMPLETED).request(1, StatusCode.OK).event());
    assertTrue(!requests.done(1).isDone(), "the completion was kept for another");
    requests.complete(new MadeEvent(EventType.COMPLETED).request(1, StatusCode.OK).event());
    assertTrue(!requests.areWaiting());
  }

  /** A pump whose client is no client: the library says so, and its thread ends. */
  @Test
  void whyTheThreadOfEventsEndedIsSaidToWhoTakesThem() throws Exception {
    EventPump pump = new EventPump(new Peer(0, pointer -> { }));
    IllegalStateException thrown = assertThrows(IllegalStateException.class, () -> pump.take(null, 1, -1));
    assertInstanceOf(PawlIllegalArgumentException.class, thrown.getCause());
    assertInstanceOf(PawlIllegalArgumentException.class, failureOf(pump.requests().done(1)));
  }
}
