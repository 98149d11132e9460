package org.pawl;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * What happens at a client, in order. Either hand in a handler once ({@link #events}), or take events yourself ({@link
 * #waitEvents}). Completions of requests are not among them: those are the futures that the requests gave.
 *
 * <p>Do one of the two. When no event is taken, 1,024 of them wait here and the others in the client and its store, which then
 * refuses requests with {@link PawlException.WouldBlock}. As long as the future of a request is not done, whose completion comes
 * after those events, up to 64 MiB of them wait here; when that is full and nobody takes one for 10 s, that future fails with an
 * {@link IllegalStateException}. The request goes on. A state that changes (the connection, the progress of a file, who types) is
 * here once, as the newest event says it.
 *
 * <p>A future is completed on a thread of its own, so what is chained to one may run before what is chained to an earlier one.
 */
public abstract class EventSource extends Handle {
  private final EventPump pump;

  EventSource(long pointer, Peer.Release release, Handle parent) {
    super(pointer, release, parent);
    pump = new EventPump(peer());
  }

  /**
   * From now on the executor runs the handler for each event, one after the other, the earliest first, until {@link #close()}:
   * what was not handled by then is not, and comes again if it is durable. What the handler throws goes to {@code onError} and
   * nowhere else, but for the {@link PawlException.Closed} of a handler that {@link #close()} overtook: that is no news. When the
   * executor itself throws, that goes to {@code onError} too, and another handler may be handed in. The handler, and what it
   * refers to, stays reachable until {@link #close()}.
   *
   * <p>The executor has threads of its own. One that runs tasks on the thread that hands them in ({@code Runnable::run}) has
   * the handler on the only thread that brings events and completions: a handler that waits for a future waits for ever.
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
   * @throws IllegalStateException when {@link #events} has a handler, or gets one meanwhile
   * @throws PawlException.Closed when the client was closed, in another thread perhaps, and all was taken
   */
  public final List<Event> waitEvents(int maxEvents, long timeoutMs) throws InterruptedException {
    if (maxEvents <= 0) {
      throw new IllegalArgumentException("maxEvents is not above 0: " + maxEvents);
    }
    return pump.take(this, maxEvents, timeoutMs);
  }

  @Override
  final EventPump pump() {
    return pump;
  }
}
