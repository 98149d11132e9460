package org.pawl;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The library out of a natives jar, in a folder that nobody else can write to. Never used on Android. */
final class ExtractedLibrary {
  private ExtractedLibrary() {}

  /** Null when no jar has the entry. */
  static File extract(String entry) throws IOException {
    // The class loader, not the class: the natives jar is a module of its own on a module path.
    try (InputStream in = ExtractedLibrary.class.getClassLoader().getResourceAsStream(entry)) {
      if (in == null) {
        return null;
      }
      Path folder = Files.createTempDirectory("pawl-");
      Path file = folder.resolve(entry.substring(entry.lastIndexOf('/') + 1));
      try {
        Files.copy(in, file);
      } catch (IOException e) {
        Files.deleteIfExists(file);
        Files.delete(folder);
        throw e;
      }
      return file.toFile();
    }
  }

  /** A loaded library needs its name no more; where the system does not let go of it, it goes with the process. */
  static void delete(File file) {
    for (File it : new File[] {file, file.getParentFile()}) {
      if (!it.delete()) {
        it.deleteOnExit();
      }
    }
  }
}
