package org.pawl;

/** A pointer of the library and what gives it back, once nobody uses it: its object, and the pump that waits in it. */
final class Peer {
  /** A native method of the class that the pointer belongs to. */
  interface Release {
    void release(long pointer);
  }

  private final long pointer;
  private final Release release;
  private Runnable onForgotten;
  private int users = 1;

  Peer(long pointer, Release release) {
    this.pointer = pointer;
    this.release = release;
  }

  long pointer() {
    return pointer;
  }

  /** A second user, who is told when the object itself is gone and has to call {@link #drop} then. */
  synchronized void share(Runnable whenForgotten) {
    ++users;
    onForgotten = whenForgotten;
  }

  /** The object was collected. */
  void forget() {
    Runnable action;
    synchronized (this) {
      action = onForgotten;
    }
    if (action != null) {
      action.run();
    }
    drop();
  }

  void drop() {
    synchronized (this) {
      onForgotten = null; // it refers to the pump, and that to the app's handler
      if (--users > 0) {
        return;
      }
    }
    release.release(pointer);
  }
}
