package org.pawl;

/** Finds and loads the library behind the classes of this package, and makes sure that the two belong together. */
final class NativeLibrary {
  private NativeLibrary() {}

  static void load() {
    Loaded.demand();
  }

  /** Loads once, at the first use of any class; a failure is the same again at every later use. */
  private static final class Loaded {
    private static final UnsatisfiedLinkError WHY_NOT = attempt();

    static UnsatisfiedLinkError attempt() {
      try {
        new LibraryLoader().load();
        return null;
      } catch (UnsatisfiedLinkError e) {
        return e;
      }
    }

    static void demand() {
      if (WHY_NOT != null) {
        throw WHY_NOT;
      }
    }
  }

  /**
   * "version fingerprint" of the headers that the loaded library was made from; "libpawl version" when it needs a libpawl
   * beside it, and the one that is there cannot serve it.
   */
  static native byte[] nApi();
}
