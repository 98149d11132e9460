package org.pawl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A handler of events whose client closes. */
class HandlerCloseTest extends WithHandlers {
  private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

  /** What is to run bob's handler for a message. */
  private Runnable waitingTask() throws Exception {
    bob.events(tasks::add, handled::add, errors::add);
    try (Conversation toBob = Conversation.open(alice, World.address("bob"))) {
      toBob.sendText("hello");
    }
    return tasks.poll(World.PATIENCE_S, TimeUnit.SECONDS);
  }

  private void assertHandlesNothing(Runnable task) {
    task.run();
    assertTrue(handled.isEmpty(), handled.toString());
    assertTrue(tasks.isEmpty(), tasks.toString());
  }

  @Test
  void aClosedClientHandlesNothingThatWasLeft() throws Exception {
    Runnable task = waitingTask();
    bob.close();
    assertHandlesNothing(task);
  }

  @Test
  void aClientThatIsAboutToCloseHandlesNothing() throws Exception {
    Runnable task = waitingTask();
    bob.pump().beginClose();
    assertHandlesNothing(task);
    bob.accountGetInfo(); // it is open still
  }

  /** Bob closes during the handler of a first message; what that throws then is what the errors are told of. */
  private void closeDuringTheHandler(Consumer<Event> then) throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    bob.events(executor, it -> {
      if (it.type() != EventType.MESSAGE) {
        return;
      }
      handled.add(it);
      begun.countDown();
      awaited(closed);
      then.accept(it);
    }, errors::add);
    try (Conversation toBob = Conversation.open(alice, World.address("bob"))) {
      toBob.sendText("first");
      toBob.sendText("second");
    }
    awaited(begun);
    bob.close();
    closed.countDown();
    executor.shutdown();
    assertTrue(executor.awaitTermination(World.PATIENCE_S, TimeUnit.SECONDS));
    assertEquals(1, handled.size(), handled.toString());
  }

  private static void awaited(CountDownLatch latch) {
    try {
      assertTrue(latch.await(World.PATIENCE_S, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aHandlerThatCanNoLongerAcknowledgeIsNoError() throws Exception {
    List<Throwable> thrown = new CopyOnWriteArrayList<>();
    closeDuringTheHandler(it -> {
      PawlException.Closed why = assertThrows(PawlException.Closed.class, () -> bob.ack(it.seq()));
      thrown.add(why);
      throw why;
    });
    assertEquals(1, thrown.size());
    assertTrue(errors.isEmpty(), errors.toString());
  }

  @Test
  void aHandlerWhoseFutureEndsWithTheClientIsNoError() throws Exception {
    CompletableFuture<Void> never = bob.pump().requests().done(Long.MAX_VALUE);
    closeDuringTheHandler(it -> never.join());
    assertTrue(never.isCompletedExceptionally());
    assertTrue(errors.isEmpty(), errors.toString());
  }

  @Test
  void whatElseAHandlerThrowsAfterTheCloseGoesToTheApp() throws Exception {
    RuntimeException mine = new IllegalStateException("a defect of the app");
    closeDuringTheHandler(it -> {
      throw mine;
    });
    assertEquals(List.of(mine), new ArrayList<>(errors));
  }

  @Test
  void aHandlerMayWaitForARequestAndCloseTheClient() throws Exception {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    bob.events(executor, it -> {
      if (it.type() != EventType.MESSAGE) {
        return;
      }
      try (Conversation toAlice = Conversation.open(bob, it.address())) {
        within(toAlice.markRead(it.messageId()));
        bob.close();
        closed.complete(null);
      } catch (Exception e) {
        closed.completeExceptionally(e);
      }
    }, errors::add);
    try (Conversation toBob = Conversation.open(alice, World.address("bob"))) {
      toBob.sendText("go");
    }
    within(closed);
  }
}
