package org.pawl;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes what a native method takes: strings as UTF-8 and structs field by field (bindings/java/jni/glue.h). */
final class Packer {
  private ByteBuffer out = ByteBuffer.allocate(256).order(ByteOrder.nativeOrder());

  /** The string's UTF-8, as the bytes that cross the border; null stays null. */
  static byte[] utf8(String text, String name) {
    if (text == null) {
      return null;
    }
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(name + " contains the character U+0000");
    }
    try {
      ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] bytes = Arrays.copyOf(encoded.array(), encoded.limit());
      wipe(encoded.array());
      return bytes;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(name + " contains half of a surrogate pair", e);
    }
  }

  /** A uint32_t of the library. */
  static long uint32(long value, String name) {
    if (value < 0 || value > 0xFFFFFFFFL) {
      throw new IllegalArgumentException(name + " is not between 0 and 4294967295: " + value);
    }
    return value;
  }

  /** A size_t of the library. */
  static long size(long value, String name) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " is negative: " + value);
    }
    return value;
  }

  void int64(long value) {
    room(Long.BYTES).putLong(value);
  }

  void bool(boolean value) {
    int64(value ? 1 : 0);
  }

  void float64(double value) {
    room(Double.BYTES).putDouble(value);
  }

  void raw(byte[] bytes) {
    room(bytes.length).put(bytes);
  }

  void bytes(byte[] bytes) {
    room(Integer.BYTES).putInt(bytes == null ? -1 : bytes.length);
    if (bytes != null) {
      raw(bytes);
    }
  }

  /** With a NUL at its end, which is counted. */
  void text(String text, String name) {
    byte[] bytes = utf8(text, name);
    if (bytes == null) {
      bytes(null);
      return;
    }
    room(Integer.BYTES).putInt(bytes.length + 1);
    raw(bytes);
    room(1).put((byte) 0);
    wipe(bytes);
  }

  byte[] packed() {
    byte[] packed = Arrays.copyOf(out.array(), out.position());
    wipe(out.array());
    return packed;
  }

  static void wipe(byte[] bytes) {
    if (bytes != null) {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private ByteBuffer room(int size) {
    if (out.remaining() < size) {
      byte[] old = out.array();
      int used = out.position();
      out = ByteBuffer.allocate(Math.addExact(Math.addExact(used, size), used)).order(ByteOrder.nativeOrder());
      out.put(old, 0, used);
      wipe(old);
    }
    return out;
  }
}
