package org.pawl;

import java.util.ArrayList;
import java.util.List;

/** What one call hands over and was made for it: texts and options, passphrases and keys among them. Wiped when it ends. */
final class Wiped implements AutoCloseable {
  private final List<byte[]> made = new ArrayList<>(2);

  byte[] utf8(String text, String name) {
    return keep(Packer.utf8(text, name));
  }

  byte[] keep(byte[] bytes) {
    made.add(bytes);
    return bytes;
  }

  @Override
  public void close() {
    for (byte[] it : made) {
      Packer.wipe(it);
    }
  }
}
