package org.pawl;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Reads a native reply (bindings/java/jni/glue.h says what stands in it). */
final class Unpacker {
  private static final Unpacker NOTHING = new Unpacker(new byte[0]);

  private final ByteBuffer in;

  private Unpacker(byte[] reply) {
    in = ByteBuffer.wrap(reply).order(ByteOrder.nativeOrder());
  }

  /** The outputs of a call that went well; otherwise its failure is thrown. */
  static Unpacker of(byte[] reply) {
    if (reply == null) {
      return NOTHING;
    }
    Unpacker unpacker = new Unpacker(reply);
    if (unpacker.in.getInt() != 0) {
      throw Failures.of(unpacker);
    }
    return unpacker;
  }

  boolean hasMore() {
    return in.hasRemaining();
  }

  long int64() {
    return in.getLong();
  }

  int int32() {
    return (int) in.getLong();
  }

  boolean bool() {
    return in.getLong() != 0;
  }

  double float64() {
    return in.getDouble();
  }

  byte[] raw(int size) {
    byte[] bytes = new byte[size];
    in.get(bytes);
    return bytes;
  }

  byte[] bytes() {
    int size = in.getInt();
    return size < 0 ? null : raw(size);
  }

  String text() {
    int size = in.getInt();
    if (size < 0) {
      return null;
    }
    String text = new String(in.array(), in.arrayOffset() + in.position(), size, StandardCharsets.UTF_8);
    skip(size);
    return text;
  }

  // Buffer.position(int) returns ByteBuffer since Java 9 and Buffer before; as a statement it is the same in both.
  private void skip(int size) {
    in.position(in.position() + size);
  }
}
