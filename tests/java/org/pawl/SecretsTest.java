package org.pawl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the binding leaves on Java's heap of a passphrase: the app's own String (UTF-16, as it is not Latin), nothing else. */
class SecretsTest {
  private Path folder;

  @BeforeEach
  void begin() throws Exception {
    folder = Files.createTempDirectory("pawl-java-");
  }

  @AfterEach
  void end() throws Exception {
    World.delete(folder);
  }

  /** Made here, so that it stands in no class file. */
  private static String passphrase(char first) {
    StringBuilder made = new StringBuilder();
    for (int i = 0; i < 24; ++i) {
      made.append((char) (first + i));
    }
    return made.toString();
  }

  @Test
  void noCopyOfAPassphraseIsLeftOnTheHeap() throws Exception {
    String old = passphrase('\u0430');
    String fresh = passphrase('\u03b1');
    ClientOptions options = World.offline(folder, "client").hostKey(null).passphrase(old);
    try (Client client = Client.open(options)) {
      client.accountExport(old);
    }
    try (Client client = Client.open(options)) {
      client.changeKey(fresh, (byte[]) null);
    }
    Client.open(options.passphrase(fresh)).close();
    byte[] heap = heap();
    assertTrue(count(heap, old.getBytes(StandardCharsets.UTF_16LE)) > 0, "the dump does not have the heap's arrays");
    assertEquals(0, count(heap, utf8(old)), "copies of the old passphrase");
    assertEquals(0, count(heap, utf8(fresh)), "copies of the new passphrase");
  }

  /** After the dump, so that it is not in it. */
  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** All objects of the heap, those that nothing refers to any more as well. */
  private byte[] heap() throws Exception {
    Path dump = folder.resolve("heap.hprof");
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(dump.toString(), false);
    return Files.readAllBytes(dump);
  }

  private static int count(byte[] heap, byte[] wanted) {
    int found = 0;
    for (int i = 0; i + wanted.length <= heap.length; ++i) {
      int length = 0;
      while (length < wanted.length && heap[i + length] == wanted[length]) {
        ++length;
      }
      found += length == wanted.length ? 1 : 0;
    }
    return found;
  }
}
