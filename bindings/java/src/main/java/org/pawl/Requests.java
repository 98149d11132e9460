package org.pawl;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Requests under way, by their id. A completion may come before the call that began its request has returned. */
final class Requests {
  /**
   * Where futures are completed: not on the pump's thread, because what an app chains to one may wait for another. Idle
   * threads are used again; runAsync would start one for each completion where there are two processors or fewer.
   */
  private static final Executor COMPLETER = Executors.newCachedThreadPool(task -> Threads.daemon(task, "pawl-completions"));

  private final Executor completer;
  private final Runnable onBegin;
  private final Map<Long, Request<?>> waiting = new HashMap<>();
  private final Map<Long, Event> early = new HashMap<>();
  /** Those that go on although their futures have failed. */
  private final Set<Long> givenUp = new HashSet<>();
  private Throwable over;

  /** Who brings the completions is told of each request that waits for one. */
  Requests(Runnable onBegin) {
    this(COMPLETER, onBegin);
  }

  Requests(Executor completer, Runnable onBegin) {
    this.completer = completer;
    this.onBegin = onBegin;
  }

  private static final class Request<T> {
    final CompletableFuture<T> future = new CompletableFuture<>();
    final Class<T> type;

    Request(Class<T> type) {
      this.type = type;
    }

    void complete(Event completed) {
      if (completed.status() != 0) {
        fail(() -> Failures.of(completed));
      } else {
        future.complete(type == byte[].class ? type.cast(completed.data()) : null);
      }
    }

    /** Without memory for that failure: because of the lack of it. */
    void fail(Supplier<Throwable> failure) {
      Throwable why;
      try {
        why = failure.get();
      } catch (Throwable noMemory) {
        why = noMemory;
      }
      future.completeExceptionally(why);
    }
  }

  /** Done when the request is. */
  CompletableFuture<Void> done(long id) {
    return begin(id, new Request<>(Void.class));
  }

  /** The bytes that the request's completion brings. */
  CompletableFuture<byte[]> data(long id) {
    return begin(id, new Request<>(byte[].class));
  }

  private <T> CompletableFuture<T> begin(long id, Request<T> request) {
    Event completed;
    Throwable why;
    synchronized (this) {
      completed = early.remove(id);
      why = over;
      if (completed == null && why == null) {
        waiting.put(id, request);
      }
    }
    if (completed != null) {
      request.complete(completed);
    } else if (why != null) {
      request.fail(() -> Failures.anew(why));
    } else {
      onBegin.run();
    }
    return request.future;
  }

  synchronized boolean areWaiting() {
    return !waiting.isEmpty();
  }

  void complete(Event completed) {
    Request<?> request;
    synchronized (this) {
      request = waiting.remove(completed.requestId());
      if (request == null && !givenUp.remove(completed.requestId())) {
        early.put(completed.requestId(), completed);
      }
    }
    if (request != null) {
      execute(() -> request.complete(completed));
    }
  }

  /** The completions of all that wait come after events that nobody takes: whoever takes these may wait for a future first. */
  void giveUp() {
    List<Request<?>> left;
    synchronized (this) {
      left = new ArrayList<>(waiting.values());
      givenUp.addAll(waiting.keySet());
      waiting.clear();
    }
    for (Request<?> request : left) {
      execute(() -> request.fail(Requests::unread));
    }
  }

  private static Throwable unread() {
    return new IllegalStateException(
        "the completion comes after events that nobody takes: take the client's events; the request goes on");
  }

  /** Nothing completes any more; each future gets a failure of its own. */
  void failAll(Throwable why) {
    List<Request<?>> left;
    synchronized (this) {
      over = why;
      left = new ArrayList<>(waiting.values());
      waiting.clear();
    }
    for (Request<?> request : left) {
      execute(() -> request.fail(() -> Failures.anew(why)));
    }
  }

  /** Here, where there is no memory for another thread: a future that nobody completes would be worse. */
  private void execute(Runnable completion) {
    try {
      completer.execute(completion);
    } catch (Throwable noThread) {
      completion.run();
    }
  }
}
