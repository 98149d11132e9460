package org.pawl;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Gives back what collected objects held. java.lang.ref.Cleaner is missing below Android's API level 33. */
final class Cleaner {
  private static final ReferenceQueue<Handle> QUEUE = new ReferenceQueue<>();
  private static final Set<Watch> WATCHED = Collections.newSetFromMap(new ConcurrentHashMap<>());

  static {
    Threads.daemon(Cleaner::run, "pawl-cleaner").start();
  }

  private static final class Watch extends PhantomReference<Handle> {
    private final Peer peer;

    Watch(Handle handle, Peer peer) {
      super(handle, QUEUE);
      this.peer = peer;
    }
  }

  private Cleaner() {}

  static void watch(Handle handle, Peer peer) {
    WATCHED.add(new Watch(handle, peer));
  }

  /** Objects that were not given back yet. */
  static int watched() {
    return WATCHED.size();
  }

  private static void run() {
    while (true) {
      try {
        Watch gone = (Watch) QUEUE.remove();
        WATCHED.remove(gone);
        gone.peer.forget();
      } catch (InterruptedException ignored) {
        // Nobody has a reason to stop this thread: what is collected later would leak.
      }
    }
  }
}
