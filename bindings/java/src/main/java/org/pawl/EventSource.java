package org.pawl;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * What happens at a client, in order. Either hand in a handler once ({@link #events}), or take events yourself ({@link
 * #waitEvents}). Completions of requests are not among them: those are the futures that the requests gave.
 */
public abstract class EventSource extends Handle {
  private final EventPump pump;

  EventSource(long pointer, Peer.Release release, Handle parent) {
    super(pointer, release, parent);
    pump = new EventPump(peer());
  }

  /**
   * From now on the executor runs the handler for each event, one after the other, the earliest first. What the handler
   * throws goes to {@code onError} and nowhere else. The handler, and what it refers to, stays reachable until {@link
   * #close()}.
   *
   * @throws IllegalStateException when there is a handler already
   */
  public final void events(Executor executor, Consumer<? super Event> handler, Consumer<? super Throwable> onError) {
    Objects.requireNonNull(executor, "executor");
    Objects.requireNonNull(handler, "handler");
    Objects.requireNonNull(onError, "onError");
    pump.handle(executor, handler, onError);
  }

  /**
   * Takes up to {@code maxEvents} events, waiting up to {@code timeoutMs} for the first (0: not at all; below 0: for ever).
   * Empty when there was none in time.
   *
   * @throws IllegalStateException when {@link #events} has a handler
   * @throws PawlException.Closed when the client was closed, in another thread perhaps, and all was taken
   */
  public final List<Event> waitEvents(int maxEvents, long timeoutMs) throws InterruptedException {
    if (maxEvents <= 0) {
      throw new IllegalArgumentException("maxEvents is not above 0: " + maxEvents);
    }
    return pump.take(maxEvents, timeoutMs);
  }

  @Override
  final EventPump pump() {
    return pump;
  }
}
