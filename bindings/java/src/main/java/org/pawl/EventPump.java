package org.pawl;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One daemon thread takes a client's events in batches. Completions go to their requests, everything else waits here for
 * the app's executor, or for who takes it. The thread begins with the first handler, request or taker; it refers to the
 * native client but not to its object, so that a client that was forgotten is collected and ended.
 */
final class EventPump {
  /** As many events wait here; the library keeps the others. */
  private static final int CAPACITY = 8192;
  private static final int BATCH = 256;
  private static final long LONGEST_MS = TimeUnit.DAYS.toMillis(10_000);

  private final Peer peer;
  private final Requests requests = new Requests();
  private final ArrayDeque<Event> inbox = new ArrayDeque<>();
  private Executor executor;
  private Consumer<? super Event> handler;
  private Consumer<? super Throwable> onError;
  private boolean isStarted;
  private boolean isDispatching;
  private boolean isClosed;
  private boolean isOver;

  EventPump(Peer peer) {
    this.peer = peer;
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
    }
    start();
    dispatch();
  }

  List<Event> take(int most, long timeoutMs) throws InterruptedException {
    start();
    List<Event> taken = new ArrayList<>();
    synchronized (this) {
      if (handler != null) {
        throw new IllegalStateException("the client's events go to its handler");
      }
      awaitEvents(timeoutMs);
      if (inbox.isEmpty() && isOver) {
        throw (PawlException) Failures.closed();
      }
      while (taken.size() < most && !inbox.isEmpty()) {
        taken.add(inbox.poll());
      }
      notifyAll();
    }
    return taken;
  }

  private void awaitEvents(long timeoutMs) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Math.min(timeoutMs, LONGEST_MS));
    while (inbox.isEmpty() && !isOver) {
      long leftMs = timeoutMs < 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime() + 999_999);
      if (timeoutMs >= 0 && leftMs <= 0) {
        return;
      }
      wait(leftMs);
    }
  }

  /** The client was closed: nobody waits for room any more, its last events may be taken. */
  void close() {
    boolean isAlone;
    synchronized (this) {
      isClosed = true;
      isOver |= !isStarted;
      isAlone = !isStarted;
      notifyAll();
    }
    if (isAlone) {
      requests.failAll(Failures.closed());
    }
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
    isStarted = true;
    peer.share(this::forgotten);
    Thread thread = new Thread(this::run, "pawl-events");
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    Throwable why = Failures.closed();
    try {
      while (true) {
        takeBatch(Unpacker.of(nWait(peer.pointer(), BATCH, -1)).int64());
      }
    } catch (PawlException.Closed expected) {
      why = expected;
    } catch (Throwable unexpected) {
      why = unexpected;
      tellError(unexpected);
    } finally {
      synchronized (this) {
        isOver = true;
        notifyAll();
      }
      requests.failAll(why);
      peer.drop();
    }
  }

  /** Reads a batch piece by piece. When there is no memory for a piece, the batch waits until there is. */
  private void takeBatch(long batch) throws InterruptedException {
    try {
      long next = 0;
      while (next >= 0) {
        Events piece = new Events();
        try {
          next = piece.readMore(batch, next);
        } catch (OutOfMemoryError e) {
          Thread.sleep(100);
          continue;
        }
        accept(piece);
      }
    } finally {
      Events.nRelease(batch);
    }
  }

  private void accept(List<Event> events) throws InterruptedException {
    for (Event event : events) {
      if (event.type() == EventType.COMPLETED) {
        requests.complete(event);
        continue;
      }
      synchronized (this) {
        while (inbox.size() >= CAPACITY && !isClosed) {
          wait();
        }
        inbox.add(event);
        notifyAll();
      }
      dispatch();
    }
  }

  /** Has the executor run the handler, unless it is about to already. */
  private void dispatch() {
    Executor chosen;
    synchronized (this) {
      if (handler == null || isDispatching || inbox.isEmpty()) {
        return;
      }
      isDispatching = true;
      chosen = executor;
    }
    try {
      chosen.execute(this::runHandler);
    } catch (RejectedExecutionException e) {
      tellError(e);
      synchronized (this) {
        isDispatching = false;
        handler = null;
      }
    }
  }

  private void runHandler() {
    for (int count = 0; count < BATCH; ++count) {
      Event event;
      synchronized (this) {
        event = inbox.poll();
        notifyAll();
      }
      if (event == null) {
        break;
      }
      try {
        handler.accept(event);
      } catch (Throwable thrown) {
        tellError(thrown);
      }
    }
    synchronized (this) {
      isDispatching = false;
    }
    dispatch();
  }

  private void tellError(Throwable thrown) {
    Consumer<? super Throwable> told;
    synchronized (this) {
      told = onError;
    }
    try {
      if (told != null) {
        told.accept(thrown);
        return;
      }
    } catch (Throwable worse) {
      thrown.addSuppressed(worse);
    }
    Thread thread = Thread.currentThread();
    thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
  }

  private static native byte[] nWait(long client, int most, int timeoutMs);

  private static native void nClose(long client);
}
