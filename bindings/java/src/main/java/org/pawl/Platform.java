package org.pawl;

import java.io.BufferedReader;
import java.io.FileReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.stream.Stream;

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

  private static boolean isMusl() {
    if (!"linux".equals(os())) {
      return false;
    }
    // Not java.nio.file, which Android has from API level 26 on.
    try (BufferedReader maps = new BufferedReader(new FileReader("/proc/self/maps"))) {
      return isMusl(maps.lines());
    } catch (IOException | UncheckedIOException e) {
      return false;
    }
  }

  /** Whether this process was loaded by musl's loader, whatever else is on the machine: from what stands in its memory. */
  static boolean isMusl(Stream<String> maps) {
    return maps.anyMatch(it -> it.contains("/ld-musl-"));
  }
}
