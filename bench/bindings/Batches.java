package org.pawl;

import java.util.List;

/** For Measure, which may not: takes a client's completions as they come, in the place of the client's own thread of events. */
public final class Batches {
  private static final int PATIENCE_MS = 60_000;

  private final Client client;
  private final long[] batch = new long[1];

  /** Before the first request: that thread never begins then, and whatever completes stays in the client. */
  public Batches(Client client) {
    this.client = client;
    client.pump().close();
  }

  /** The next events, at most so many: waited for, copied out of native memory, made objects of, and given back. */
  public List<Event> take(int most) {
    Unpacker.of(EventPump.nWait(client.pointer(), most, PATIENCE_MS, batch));
    return new Events(batch[0]);
  }
}
