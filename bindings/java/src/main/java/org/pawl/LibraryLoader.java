package org.pawl;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Tries, in this order: the file or folder of the system property {@code org.pawl.library.path}, {@code java.library.path},
 * the natives jar on the class path. Who fails says all that was tried.
 */
final class LibraryLoader {
  static final String PROPERTY = "org.pawl.library.path";
  static final String NAME = "pawl_jni";

  private final StringBuilder tried = new StringBuilder();
  private String from;

  void load() {
    String asked = System.getProperty(PROPERTY);
    boolean isLoaded = asked != null && !asked.isEmpty() ? fromProperty(asked) : fromLibraryPath() || fromJar();
    if (!isLoaded) {
      throw new UnsatisfiedLinkError(
          "The native library of Pawl " + Agreement.VERSION + " was not found for " + Platform.name() + ". Tried:" + tried
              + "\nPut the jar pawl-natives-" + Platform.name() + " on the class path, or name the library with -D" + PROPERTY + "=FILE.");
    }
    demandAgreement();
  }

  /** Who names a library wants that one: no other is tried. */
  private boolean fromProperty(String asked) {
    File named = new File(asked);
    File file = named.isDirectory() ? new File(named, System.mapLibraryName(NAME)) : named;
    return attempt("-D" + PROPERTY + "=" + asked, () -> System.load(file.getAbsolutePath()));
  }

  private boolean fromLibraryPath() {
    return attempt("java.library.path=" + System.getProperty("java.library.path"), () -> System.loadLibrary(NAME));
  }

  private boolean fromJar() {
    if (Platform.isAndroid()) {
      return false;
    }
    String entry = "META-INF/natives/" + Platform.name() + "/" + System.mapLibraryName(NAME);
    try {
      File file = ExtractedLibrary.extract(entry);
      if (file == null) {
        failed(entry + " in a jar on the class path: there is none");
        return false;
      }
      try {
        return attempt(entry + ", extracted to " + file, () -> System.load(file.getPath()));
      } finally {
        ExtractedLibrary.delete(file);
      }
    } catch (IOException e) {
      failed(entry + " in a jar on the class path, to be extracted below " + System.getProperty("java.io.tmpdir") + ": " + e);
      return false;
    }
  }

  private void failed(String what) {
    tried.append("\n  ").append(what);
  }

  private boolean attempt(String what, Runnable load) {
    try {
      load.run();
      from = what;
      return true;
    } catch (UnsatisfiedLinkError e) {
      failed(what + ": " + e.getMessage());
    } catch (RuntimeException e) {
      // Also an IllegalCallerException, which is no class of Java 8, where JDK 24 and later do not allow native code.
      failed(what + ": " + e + "\n  (from JDK 24 on a program may have to allow it: --enable-native-access=ALL-UNNAMED,"
          + " or --enable-native-access=org.pawl on a module path)");
    }
    return false;
  }

  private void demandAgreement() {
    String theirs;
    try {
      theirs = new String(NativeLibrary.nApi(), StandardCharsets.UTF_8);
    } catch (UnsatisfiedLinkError e) {
      theirs = "an unknown one";
    }
    if (!theirs.equals(Agreement.API)) {
      throw new UnsatisfiedLinkError(
          "The classes of Pawl and the native library that was loaded do not belong together: the classes are " + Agreement.API
              + ", the library is " + theirs + ". It came from " + from + ". Use pawl.jar and the natives jar of one release; where"
              + " libpawl is a library of its own, look for another one that was found first.");
    }
  }
}
