package org.pawl;

/**
 * An object of the library. {@link #close()} ends its work, from any thread and any number of times; its memory is given
 * back when nothing refers to the object any more, so that no call under way can lose it. An object that was never closed
 * is closed then, too, but that may be late: use try-with-resources.
 */
public abstract class Handle implements AutoCloseable {
  static {
    NativeLibrary.load();
  }

  private final Peer peer;
  /** Keeps reachable what this object came from: without its client's pump no request would complete. */
  private final Handle parent;

  Handle(long pointer, Peer.Release release, Handle parent) {
    this.peer = new Peer(pointer, release);
    this.parent = parent;
    Cleaner.watch(this, peer);
  }

  /** Ends this object's work and wakes who waits in it. Later calls fail with {@link PawlException.Closed}. */
  @Override
  public abstract void close();

  final long pointer() {
    return peer.pointer();
  }

  final Peer peer() {
    return peer;
  }

  /** Whose events complete the requests of this object; null where nothing is asynchronous. */
  EventPump pump() {
    return parent == null ? null : parent.pump();
  }

  static long pointerOf(Handle handle) {
    return handle == null ? 0 : handle.pointer();
  }
}
