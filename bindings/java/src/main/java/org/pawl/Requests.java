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

  /** A future and, in the end, what it is completed with: that takes no memory before another thread does it. */
  private static final class Request<T> implements Runnable {
    final CompletableFuture<T> future = new CompletableFuture<>();
    final Class<T> type;
    private Event completed;
    private Supplier<Throwable> failure;

    Request(Class<T> type) {
      this.type = type;
    }

    Request<T> completed(Event completed) {
      this.completed = completed;
      return this;
    }

    Request<T> failed(Supplier<Throwable> failure) {
      this.failure = failure;
      return this;
    }

    /** Without memory for what it is completed with: because of the lack of it. */
    @Override
    public void run() {
      try {
        if (failure != null) {
          future.completeExceptionally(failure.get());
        } else if (completed.status() != 0) {
          future.completeExceptionally(Failures.of(completed));
        } else {
          future.complete(type == byte[].class ? type.cast(completed.data()) : null);
        }
      } catch (Throwable noMemory) {
        future.completeExceptionally(noMemory);
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
      request.completed(completed).run();
    } else if (why != null) {
      request.failed(() -> Failures.anew(why)).run();
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
      execute(request.completed(completed));
    }
  }

  /** The completions of all that wait come after events that nobody takes: whoever takes these may wait for a future first. */
  void giveUp() {
    Supplier<Throwable> unread = Requests::unread;
    List<Request<?>> left;
    synchronized (this) {
      left = new ArrayList<>(waiting.values());
      givenUp.addAll(waiting.keySet());
      waiting.clear();
    }
    for (Request<?> request : left) {
      execute(request.failed(unread));
    }
  }

  private static Throwable unread() {
    return new IllegalStateException(
        "the completion comes after events that nobody takes: take the client's events; the request goes on");
  }

  /** Nothing completes any more; each future gets a failure of its own. */
  void failAll(Throwable why) {
    Supplier<Throwable> each = () -> Failures.anew(why);
    List<Request<?>> left;
    synchronized (this) {
      over = why;
      left = new ArrayList<>(waiting.values());
      waiting.clear();
    }
    for (Request<?> request : left) {
      execute(request.failed(each));
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
