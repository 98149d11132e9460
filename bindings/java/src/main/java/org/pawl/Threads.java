package org.pawl;

/** The threads of this package: daemons, which hold no class loader of the app's. */
final class Threads {
  private Threads() {}

  static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    return thread;
  }
}
