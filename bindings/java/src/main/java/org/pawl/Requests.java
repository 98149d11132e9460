package org.pawl;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

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
        future.completeExceptionally(Failures.of(completed));
      } else {
        future.complete(type == byte[].class ? type.cast(completed.data()) : null);
      }
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
      request.future.completeExceptionally(why);
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
      if (request == null) {
        early.put(completed.requestId(), completed);
      }
    }
    if (request != null) {
      execute(() -> request.complete(completed));
    }
  }

  /** Nothing completes any more. */
  void failAll(Throwable why) {
    List<Request<?>> left;
    synchronized (this) {
      over = why;
      left = new ArrayList<>(waiting.values());
      waiting.clear();
    }
    for (Request<?> request : left) {
      execute(() -> request.future.completeExceptionally(why));
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
