package org.pawl;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Tries, in this order: the file or folder of the system property {@code org.pawl.library.path}, {@code java.library.path},
 * the natives jar on the class path. Who fails says all that was tried.
 */
final class LibraryLoader {
  static final String PROPERTY = "org.pawl.library.path";
  static final String NAME = "pawl_jni";

  private final List<String> tried = new ArrayList<>();

  void load() {
    String asked = System.getProperty(PROPERTY);
    boolean isLoaded = asked != null && !asked.isEmpty() ? fromProperty(asked) : fromLibraryPath() || fromJar();
    if (!isLoaded) {
      throw new UnsatisfiedLinkError(
          "The native library of Pawl " + Agreement.VERSION + " was not found for " + Platform.name() + ". Tried:\n  "
              + String.join("\n  ", tried)
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
    String entry = "/META-INF/natives/" + Platform.name() + "/" + System.mapLibraryName(NAME);
    try (InputStream in = LibraryLoader.class.getResourceAsStream(entry)) {
      if (in == null) {
        tried.add(entry + " in a jar on the class path: there is none");
        return false;
      }
      return extracted(entry, in);
    } catch (IOException e) {
      tried.add(entry + " in a jar on the class path: " + e);
      return false;
    }
  }

  private boolean extracted(String entry, InputStream in) throws IOException {
    Path folder = Files.createTempDirectory("pawl-");
    Path file = folder.resolve(System.mapLibraryName(NAME));
    try {
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      return attempt(entry + ", extracted to " + file, () -> System.load(file.toString()));
    } finally {
      // The system holds a loaded library open; where it does not let go of the name, it goes with the process.
      if (!file.toFile().delete()) {
        file.toFile().deleteOnExit();
      }
      if (!folder.toFile().delete()) {
        folder.toFile().deleteOnExit();
      }
    }
  }

  private boolean attempt(String what, Runnable load) {
    try {
      load.run();
      return true;
    } catch (UnsatisfiedLinkError | SecurityException e) {
      tried.add(what + ": " + e.getMessage());
      return false;
    }
  }

  private static void demandAgreement() {
    String theirs;
    try {
      theirs = new String(NativeLibrary.nApi(), StandardCharsets.UTF_8);
    } catch (UnsatisfiedLinkError e) {
      theirs = "an unknown one";
    }
    if (!theirs.equals(Agreement.API)) {
      throw new UnsatisfiedLinkError(
          "The classes of Pawl and the native library that was loaded do not belong together: the classes are " + Agreement.API
              + ", the library is " + theirs + ". Use pawl.jar and the natives jar of one release, and look for an older "
              + System.mapLibraryName(NAME) + " in java.library.path=" + System.getProperty("java.library.path") + ".");
    }
  }

  /** The names of natives jars: os-architecture, and -musl where that is the C library. */
  static final class Platform {
    private Platform() {}

    static boolean isAndroid() {
      return "Dalvik".equals(System.getProperty("java.vm.name"));
    }

    static String name() {
      return isAndroid() ? "android" : os() + "-" + architecture() + (isMusl() ? "-musl" : "");
    }

    private static String os() {
      String name = System.getProperty("os.name", "unknown").toLowerCase(Locale.ROOT);
      return name.startsWith("mac") ? "macos" : name.startsWith("windows") ? "windows" : name.replace(' ', '_');
    }

    private static String architecture() {
      String name = System.getProperty("os.arch", "unknown").toLowerCase(Locale.ROOT);
      return name.equals("amd64") ? "x86_64" : name.equals("arm64") ? "aarch64" : name;
    }

    private static boolean isMusl() {
      String[] loaders = "linux".equals(os()) ? new File("/lib").list((folder, name) -> name.startsWith("ld-musl-")) : null;
      return loaders != null && loaders.length > 0 && !Files.exists(Paths.get("/lib64/ld-linux-x86-64.so.2"))
          && !Files.exists(Paths.get("/lib/ld-linux-aarch64.so.1"));
    }
  }
}
