package org.pawl;

import java.io.File;
import java.util.Locale;

/** The machine, as natives jars are named: os-architecture, and -musl where that is the C library. */
final class Platform {
  private Platform() {}

  static boolean isAndroid() {
    return "Dalvik".equals(System.getProperty("java.vm.name"));
  }

  static String name() {
    return os() + "-" + architecture() + (isMusl() ? "-musl" : "");
  }

  private static String os() {
    String name = System.getProperty("os.name", "unknown").toLowerCase(Locale.ROOT);
    if (isAndroid()) {
      return "android";
    }
    return name.startsWith("mac") ? "macos" : name.startsWith("windows") ? "windows" : name.replace(' ', '_');
  }

  private static String architecture() {
    String name = System.getProperty("os.arch", "unknown").toLowerCase(Locale.ROOT);
    return name.equals("amd64") ? "x86_64" : name.equals("arm64") ? "aarch64" : name;
  }

  /** Whether the one program loader of this system is musl's. */
  private static boolean isMusl() {
    String[] loaders = "linux".equals(os()) ? new File("/lib").list() : null;
    boolean hasMusl = false;
    boolean hasGlibc = new File("/lib64/ld-linux-x86-64.so.2").exists();
    for (String it : loaders == null ? new String[0] : loaders) {
      hasMusl |= it.startsWith("ld-musl-");
      hasGlibc |= it.startsWith("ld-linux");
    }
    return hasMusl && !hasGlibc;
  }
}
