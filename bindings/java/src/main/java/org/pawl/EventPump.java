package org.pawl;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One daemon thread takes a client's events in batches. Completions go to their requests, everything else waits here for
 * the app's executor, or for who takes it. The thread begins with the first handler, request or taker; it refers to the
 * native client but not to its object, so that a client that was forgotten is collected and ended.
 */
final class EventPump {
  /**
   * So many events may wait for the app before no more are taken from the client, whose own queue is bounded, too. While a
   * request waits for its completion, which comes after those events, it may be so many bytes of them, and when these are
   * there, the app may take so long for one.
   */
  private static final int ENOUGH = 1024;
  private static final long MOST = 64 << 20;
  private static final long PATIENCE_MS = 10_000;
  private static final int BATCH = 256;
  private static final long LONGEST_MS = TimeUnit.DAYS.toMillis(10_000);
  private static final long MEMORY_MS = 100;

  private final Peer peer;
  private int enough = ENOUGH;
  private long mostBytes = MOST;
  private long patienceMs = PATIENCE_MS;
  /** Counts whenever the app took events, or looked for some. */
  private int takings;
  private final Requests requests = new Requests(this::wake);
  private final Unread inbox = new Unread();
  private final Runnable handling = this::runHandler;
  private Executor executor;
  private Consumer<? super Event> handler;
  private Consumer<? super Throwable> onError;
  private boolean isStarted;
  private boolean isDispatching;
  private boolean isClosing;
  private boolean isClosed;
  /** Who waits for events has perhaps no other use for the client: it shall not be collected, and so ended, meanwhile. */
  private Handle source;
  private int takers;
  /** Why no event comes any more. */
  private Throwable over;

  EventPump(Peer peer) {
    this.peer = peer;
  }

  /** For tests that shall not need thousands of events. */
  synchronized void limit(int enoughEvents, long atMost, long longestMs) {
    enough = enoughEvents;
    mostBytes = atMost;
    patienceMs = longestMs;
  }

  /** Whether the app is to take events first. */
  synchronized boolean isFull() {
    return inbox.size() >= mostBytes || (inbox.count() >= enough && !requests.areWaiting());
  }

  /** The requests whose completions this pump brings. */
  Requests requests() {
    start();
    return requests;
  }

  void handle(Executor executor, Consumer<? super Event> handler, Consumer<? super Throwable> onError) {
    synchronized (this) {
      if (this.handler != null) {
        throw new IllegalStateException("the client has a handler of events already");
      }
      this.executor = executor;
      this.handler = handler;
      this.onError = onError;
      notifyAll(); // who waits for events to take gets none any more
    }
    start();
    dispatch();
  }

  /** Keeps the source of events while somebody takes them: a compiled method lets go of what it uses no more. */
  List<Event> take(Handle of, int most, long timeoutMs) throws InterruptedException {
    synchronized (this) {
      source = of;
      ++takers;
    }
    try {
      return take(most, timeoutMs);
    } finally {
      synchronized (this) {
        source = --takers > 0 ? source : null;
      }
    }
  }

  private List<Event> take(int most, long timeoutMs) throws InterruptedException {
    start();
    List<Event> taken = new ArrayList<>();
    synchronized (this) {
      awaitEvents(timeoutMs);
      if (handler != null) {
        throw new IllegalStateException("the client's events go to its handler");
      }
      if (inbox.isEmpty() && over instanceof PawlException.Closed) {
        throw (PawlException) Failures.closed();
      }
      if (inbox.isEmpty() && over != null) {
        throw new IllegalStateException("the thread that takes the client's events has ended", over);
      }
      while (taken.size() < most && !inbox.isEmpty()) {
        taken.add(inbox.poll());
      }
      ++takings;
      notifyAll();
    }
    return taken;
  }

  private void awaitEvents(long timeoutMs) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Math.min(timeoutMs, LONGEST_MS));
    while (inbox.isEmpty() && over == null && handler == null) {
      long leftMs = timeoutMs < 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime() + 999_999);
      if (timeoutMs >= 0 && leftMs <= 0) {
        return;
      }
      wait(leftMs);
    }
  }

  /** The client is about to be closed: no handler gets an event any more, because it could not even acknowledge one. */
  synchronized void beginClose() {
    isClosing = true;
  }

  /** The client was closed: nobody waits for room any more. Its last events may be taken. */
  void close() {
    boolean isAlone;
    synchronized (this) {
      isClosing = true;
      isClosed = true;
      isAlone = !isStarted;
      if (isAlone) {
        over = Failures.closed();
      }
      notifyAll();
    }
    if (isAlone) {
      requests.failAll(Failures.closed());
    }
  }

  private synchronized void wake() {
    notifyAll();
  }

  /** The client's object is gone. */
  private void forgotten() {
    close();
    nClose(peer.pointer());
  }

  private synchronized void start() {
    if (isStarted || isClosed) {
      return;
    }
    Runnable whenForgotten = this::forgotten;
    Threads.daemon(this::run, "pawl-events").start(); // it lets go of the peer no sooner than this method has ended
    peer.share(whenForgotten);
    isStarted = true;
  }

  private void run() {
    Throwable why = Failures.closed();
    try {
      long[] batch = new long[1];
      while (true) {
        awaitBatch(batch);
        takeBatch(batch[0]);
      }
    } catch (PawlException.Closed expected) {
      why = expected;
    } catch (Throwable unexpected) {
      why = unexpected;
      tellError(unexpected);
    } finally {
      synchronized (this) {
        over = why;
        notifyAll();
      }
      try {
        requests.failAll(why);
      } finally {
        peer.drop();
      }
    }
  }

  private void awaitBatch(long[] batch) throws InterruptedException {
    while (true) {
      try {
        Unpacker.of(nWait(peer.pointer(), BATCH, -1, batch));
        return;
      } catch (OutOfMemoryError e) {
        Thread.sleep(MEMORY_MS);
      }
    }
  }

  /** Reads a batch piece by piece. When there is no memory for a piece, the batch waits until there is. */
  private void takeBatch(long batch) throws InterruptedException {
    try {
      long next = 0;
      while (next >= 0) {
        try {
          Events piece = new Events();
          next = piece.readMore(batch, next);
          accept(piece);
        } catch (OutOfMemoryError e) {
          Thread.sleep(MEMORY_MS);
        }
      }
    } finally {
      Events.nRelease(batch);
    }
  }

  private void accept(List<Event> events) throws InterruptedException {
    for (int i = 0; i < events.size(); ) {
      try {
        accept(events.get(i));
        ++i;
      } catch (OutOfMemoryError e) {
        Thread.sleep(MEMORY_MS);
      }
    }
  }

  private void accept(Event event) throws InterruptedException {
    if (event.type() == EventType.COMPLETED) {
      requests.complete(event);
      return;
    }
    while (!hasRoomFor(event)) {
      requests.giveUp();
    }
    dispatch();
  }

  /** Waits for room and uses it; false when a request waits, too, and nobody takes any event: there may never be room. */
  private synchronized boolean hasRoomFor(Event event) throws InterruptedException {
    while (isFull() && !isClosed) {
      if (!requests.areWaiting()) {
        wait();
      } else if (!isTakenSoon()) {
        return false;
      }
    }
    inbox.append(event);
    notifyAll();
    return true;
  }

  /** Whether anything changes, or somebody takes an event within the time that a handler may need for one. */
  private boolean isTakenSoon() throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMs);
    int before = takings;
    while (takings == before && isFull() && !isClosed) {
      long leftMs = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
      if (leftMs <= 0) {
        return false;
      }
      wait(leftMs);
    }
    return true;
  }

  /** Has the executor run the handler, unless it is about to already. */
  private void dispatch() {
    Executor chosen;
    synchronized (this) {
      if (handler == null || isDispatching || isClosing || inbox.isEmpty()) {
        return;
      }
      isDispatching = true;
      chosen = executor;
    }
    try {
      chosen.execute(handling);
    } catch (Throwable refused) {
      Consumer<? super Throwable> told;
      synchronized (this) {
        told = onError;
        isDispatching = false;
        handler = null;
      }
      tell(told, refused);
    }
  }

  private void runHandler() {
    try {
      for (int count = 0; count < BATCH; ++count) {
        Event event = nextHandled();
        if (event == null) {
          break;
        }
        try {
          handler.accept(event);
        } catch (Throwable thrown) {
          if (!(saysClosed(thrown) && isClosing())) {
            tellError(thrown);
          }
        }
      }
    } finally {
      synchronized (this) {
        isDispatching = false;
      }
    }
    dispatch();
  }

  /** Also in the words of a future that a handler waited for. */
  private static boolean saysClosed(Throwable thrown) {
    boolean isOfFuture = thrown instanceof CompletionException || thrown instanceof ExecutionException;
    return (isOfFuture ? thrown.getCause() : thrown) instanceof PawlException.Closed;
  }

  private synchronized boolean isClosing() {
    return isClosing;
  }

  private synchronized Event nextHandled() {
    Event event = isClosing ? null : inbox.poll();
    ++takings;
    notifyAll();
    return event;
  }

  private void tellError(Throwable thrown) {
    Consumer<? super Throwable> told;
    synchronized (this) {
      told = onError;
    }
    tell(told, thrown);
  }

  private static void tell(Consumer<? super Throwable> told, Throwable thrown) {
    try {
      if (told != null) {
        told.accept(thrown);
        return;
      }
    } catch (Throwable worse) {
      if (worse != thrown) {
        thrown.addSuppressed(worse);
      }
    }
    Thread thread = Thread.currentThread();
    try {
      thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
    } catch (Throwable ignored) {
      // As where a thread ends: nobody is left to tell.
    }
  }

  /** Writes the batch to the array, which is there before anything is taken: no memory is needed for it then. */
  static native byte[] nWait(long client, int most, int timeoutMs, long[] batch);

  private static native void nClose(long client);
}
