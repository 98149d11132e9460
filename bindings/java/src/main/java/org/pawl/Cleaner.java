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
  private static final int ATTEMPTS = 10;
  private static final long PAUSE_MS = 100;

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
        if (isForgotten(gone.peer)) {
          WATCHED.remove(gone);
        }
      } catch (Throwable ignored) {
        // Whatever it is, nobody has a reason to stop this thread: what is collected later would leak.
      }
    }
  }

  /** Ending a client's requests takes memory, of which there may be more in a while. One that it never works for is left. */
  private static boolean isForgotten(Peer peer) throws InterruptedException {
    for (int attempt = 0; attempt < ATTEMPTS; ++attempt) {
      try {
        peer.forget();
        return true;
      } catch (Throwable failed) {
        Thread.sleep(PAUSE_MS);
      }
    }
    return false;
  }
}
