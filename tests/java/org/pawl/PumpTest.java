package org.pawl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Events on the app's executor, completions as futures. */
class PumpTest extends WithHandlers {
  private Event next(EventType type) throws InterruptedException {
    while (true) {
      Event event = handled.poll(World.PATIENCE_S, TimeUnit.SECONDS);
      assertTrue(event != null, "no " + type + " came");
      if (event.type() == type) {
        return event;
      }
    }
  }

  @Test
  void messagesAreHandledInOrderByAnExecutorOfSeveralThreads() throws Exception {
    bob.events(executor, handled::add, errors::add);
    try (Conversation toBob = Conversation.open(alice, World.address("bob"))) {
      for (int i = 0; i < 50; ++i) {
        toBob.sendText("number " + i);
      }
      List<String> said = new ArrayList<>();
      while (said.size() < 50) {
        said.add(next(EventType.MESSAGE).message().content().text());
      }
      for (int i = 0; i < 50; ++i) {
        assertEquals("number " + i, said.get(i));
      }
    }
    assertTrue(errors.isEmpty(), errors.toString());
  }

  @Test
  void anErrorHandlerThatThrowsOnWhatItGotStopsNothing() throws Exception {
    RuntimeException mine = new IllegalStateException("a defect of the app");
    bob.events(executor, it -> {
      handled.add(it);
      throw mine;
    }, it -> {
      throw mine;
    });
    try (Conversation toBob = Conversation.open(alice, World.address("bob"))) {
      toBob.sendText("first");
      toBob.sendText("second");
      assertEquals("first", next(EventType.MESSAGE).message().content().text());
      assertEquals("second", next(EventType.MESSAGE).message().content().text());
    }
  }

  @Test
  void whatAHandlerThrowsGoesToTheAppAndTheNextEventIsHandled() throws Exception {
    RuntimeException mine = new IllegalStateException("a defect of the app");
    bob.events(executor, it -> {
      handled.add(it);
      if (it.type() == EventType.MESSAGE && it.message().content().text().equals("first")) {
        throw mine;
      }
    }, it -> {
      errors.add(it);
      throw new IllegalStateException("and one in its error handler");
    });
    try (Conversation toBob = Conversation.open(alice, World.address("bob"))) {
      toBob.sendText("first");
      toBob.sendText("second");
      assertEquals("first", next(EventType.MESSAGE).message().content().text());
      assertEquals("second", next(EventType.MESSAGE).message().content().text());
    }
    assertSame(mine, errors.poll(World.PATIENCE_S, TimeUnit.SECONDS));
  }

  @Test
  void anExecutorThatThrowsIsToldOfAndAnotherHandlerMayFollow() throws Exception {
    Error mine = new StackOverflowError("of the app's executor");
    bob.events(task -> {
      throw mine;
    }, handled::add, refused -> {
      errors.add(refused);
      bob.events(executor, handled::add, errors::add);
    });
    try (Conversation toBob = Conversation.open(alice, World.address("bob"))) {
      within(toBob.sendText("hello").completion());
    }
    assertSame(mine, errors.poll(World.PATIENCE_S, TimeUnit.SECONDS));
    assertEquals("hello", next(EventType.MESSAGE).message().content().text());
    within(bob.contactRequest(World.address("alice"), null));
  }

  /** An executor that was shut down says so with a RejectedExecutionException. */
  @Test
  void anExecutorThatRefusesIsToldOf() throws Exception {
    ExecutorService over = Executors.newSingleThreadExecutor();
    over.shutdown();
    bob.events(over, handled::add, errors::add);
    try (Conversation toBob = Conversation.open(alice, World.address("bob"))) {
      toBob.sendText("hello");
    }
    assertInstanceOf(RejectedExecutionException.class, errors.poll(World.PATIENCE_S, TimeUnit.SECONDS));
  }

  @Test
  void aClientThatOnlySendsIsNotHeldUpByEventsThatNobodyTakes() throws Exception {
    alice.pump().limit(4, 1 << 20, 10_000);
    int more = 20; // once the inbox holds as many events as it is to hold
    try (Conversation toBob = Conversation.open(alice, World.address("bob"))) {
      for (int i = 0; more > 0; ++i) {
        within(toBob.sendText("number " + i).completion());
        World.await(bob, it -> it.type() == EventType.MESSAGE);
        if (alice.pump().isFull()) {
          --more;
        }
      }
    }
    assertTrue(alice.waitEvents(100, 0).size() > 4, "more events came than the inbox holds");
  }

  @Test
  void aHandlerMayWaitForARequestWhileMoreEventsComeThanAreHeld() throws Exception {
    bob.pump().limit(4, 1 << 20, 10_000);
    CompletableFuture<Void> answered = new CompletableFuture<>();
    bob.events(executor, it -> {
      if (it.type() != EventType.MESSAGE || answered.isDone()) {
        return;
      }
      try (Conversation toAlice = Conversation.open(bob, it.address())) {
        while (!bob.pump().isFull()) {
          Thread.yield();
        }
        within(toAlice.sendText("thank you").completion());
        answered.complete(null);
      } catch (Exception e) {
        answered.completeExceptionally(e);
      }
    }, errors::add);
    try (Conversation toBob = Conversation.open(alice, World.address("bob"))) {
      for (int i = 0; i < 20; ++i) {
        toBob.sendText("number " + i);
      }
      within(answered);
    }
    assertTrue(errors.isEmpty(), errors.toString());
  }

  private void sendUntilConfirmed(int messages) throws Exception {
    try (Conversation toBob = Conversation.open(alice, World.address("bob"))) {
      for (int i = 0; i < messages; ++i) {
        toBob.sendText("number " + i);
      }
      for (int i = 0; i < messages; ++i) {
        World.await(alice, it -> it.type() == EventType.MESSAGE_STATE && it.state() == MessageState.CONFIRMED.code());
      }
    }
  }

  @Test
  void aFutureIsKeptAsLongAsSomebodyTakesTheEventsBeforeItsCompletion() throws Exception {
    bob.pump().limit(1, 4 * Unread.EVENT_SIZE, TimeUnit.SECONDS.toMillis(World.PATIENCE_S));
    sendUntilConfirmed(20);
    try (Conversation toAlice = Conversation.open(bob, World.address("alice"))) {
      CompletableFuture<Void> sent = toAlice.sendText("thank you").completion();
      bob.events(executor, it -> LockSupport.parkNanos(20_000_000), errors::add);
      within(sent);
    }
    assertTrue(errors.isEmpty(), errors.toString());
  }

  @Test
  void aFutureWhoseCompletionComesAfterTooManyEventsFailsAndItsRequestGoesOn() throws Exception {
    bob.pump().limit(1, 8 * Unread.EVENT_SIZE, 100);
    sendUntilConfirmed(20);
    try (Conversation toAlice = Conversation.open(bob, World.address("alice"))) {
      CompletableFuture<Void> sent = toAlice.sendText("thank you").completion();
      Throwable why = assertThrows(ExecutionException.class, () -> within(sent)).getCause();
      assertInstanceOf(IllegalStateException.class, why);
      assertTrue(why.getMessage().contains("take the client's events"), why.getMessage());
    }
    World.await(alice, it -> it.type() == EventType.MESSAGE && it.message().content().text().equals("thank you"));
    List<Event> taken = new ArrayList<>(bob.waitEvents(100, 0));
    assertTrue(taken.size() <= 8, taken.size() + " events were held");
    while (taken.stream().filter(it -> it.type() == EventType.MESSAGE).count() < 20) {
      taken.addAll(bob.waitEvents(100, -1));
    }
    within(bob.contactRequest(World.address("alice"), null)); // and later ones complete
  }

  @Test
  void theNewestEventOfTheConnectionStandsForThoseBeforeIt() throws Exception {
    Client carol = world.open("carol"); // she is registered, thus was online: that event is there
    for (int turn = 1; turn < 20; ++turn) {
      carol.setOnline(turn % 2 == 0);
      Thread.sleep(20); // for the pump to take each of them
    }
    CompletableFuture<Void> never = carol.pump().requests().done(Long.MAX_VALUE);
    carol.close();
    assertThrows(ExecutionException.class, () -> within(never)); // the pump has brought all it had
    List<Event> taken = new ArrayList<>();
    assertThrows(PawlException.Closed.class, () -> {
      while (true) {
        taken.addAll(carol.waitEvents(100, -1));
      }
    });
    assertEquals(1, taken.stream().filter(it -> it.type() == EventType.CONNECTION).count());
  }

  @Test
  void whatIsChainedToAFutureMayWaitForAnother() throws Exception {
    try (Conversation toBob = Conversation.open(alice, World.address("bob"))) {
      CompletableFuture<Void> both = toBob.sendText("one").completion().thenAccept(it -> toBob.sendText("two").completion().join());
      within(both);
    }
  }

  @Test
  void aRequestThatFailsIsATypedError() throws Exception {
    Client carol = Client.open(world.options("carol"));
    ExecutionException thrown =
        assertThrows(ExecutionException.class, () -> within(carol.accountRegister(World.address("alice"), null)));
    PawlException.NameTaken taken = assertInstanceOf(PawlException.NameTaken.class, thrown.getCause());
    assertEquals(StatusCode.NAME_TAKEN, taken.status());
    carol.close();
  }

  @Test
  void aRequestThatHasDataGivesIt() throws Exception {
    byte[] backup = within(alice.accountExport("correct horse"));
    assertTrue(backup.length > 100);
    Client copy = Client.open(world.options("copy"));
    within(copy.accountImport(backup, "correct horse"));
    assertEquals(World.address("alice"), copy.accountAddress());
    assertEquals(2, copy.accountDevices().size());
    copy.close();
  }

  @Test
  void onlyOneTakesEvents() throws Exception {
    bob.events(executor, handled::add, errors::add);
    assertThrows(IllegalStateException.class, () -> bob.waitEvents(1, 0));
    assertThrows(IllegalStateException.class, () -> bob.events(executor, handled::add, errors::add));
    assertThrows(NullPointerException.class, () -> alice.events(null, handled::add, errors::add));
    assertThrows(NullPointerException.class, () -> alice.events(executor, null, errors::add));
    assertThrows(NullPointerException.class, () -> alice.events(executor, handled::add, null));
    assertThrows(IllegalArgumentException.class, () -> alice.waitEvents(0, 0));
  }

  @Test
  void whoWaitsForEventsWhenAHandlerComesTakesNoneFromIt() throws Exception {
    BlockingQueue<Throwable> told = new LinkedBlockingQueue<>();
    Thread taker = new Thread(() -> told.add(assertThrows(Throwable.class, () -> {
      while (true) {
        bob.waitEvents(1, -1);
      }
    })));
    taker.start();
    while (taker.getState() != Thread.State.WAITING) {
      Thread.yield();
    }
    bob.events(executor, handled::add, errors::add);
    assertInstanceOf(IllegalStateException.class, told.poll(World.PATIENCE_S, TimeUnit.SECONDS));
    try (Conversation toBob = Conversation.open(alice, World.address("bob"))) {
      toBob.sendText("hello");
      assertEquals("hello", next(EventType.MESSAGE).message().content().text());
    }
  }

  @Test
  void requestsUnderWayFailWhenTheClientCloses() throws Exception {
    Client nowhere = Client.open(World.offline(world.folder, "nowhere"));
    CompletableFuture<Void> never = nowhere.accountRegister("dora@example.org", null);
    nowhere.close();
    ExecutionException thrown = assertThrows(ExecutionException.class, () -> within(never));
    assertInstanceOf(PawlException.class, thrown.getCause());
    assertThrows(PawlException.Closed.class, () -> nowhere.accountRegister("dora@example.org", null));
  }
}
