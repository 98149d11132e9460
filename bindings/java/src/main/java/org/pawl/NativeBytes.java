package org.pawl;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;

/** Where native code finds bytes, or writes them: a direct buffer, or a part of an array. */
final class NativeBytes {
  /** Null as an input; as an output: memory of the library's own, which the reply brings. */
  static final NativeBytes NONE = new NativeBytes(null, null, 0, 0);

  final ByteBuffer direct;
  final byte[] array;
  final int offset;
  final int length;

  private NativeBytes(ByteBuffer direct, byte[] array, int offset, int length) {
    this.direct = direct;
    this.array = array;
    this.offset = offset;
    this.length = length;
  }

  static NativeBytes of(byte[] bytes) {
    return bytes == null ? NONE : new NativeBytes(null, bytes, 0, bytes.length);
  }

  /** What is between the buffer's position and its limit. */
  static NativeBytes of(ByteBuffer buffer) {
    if (buffer == null) {
      return NONE;
    }
    if (buffer.isDirect()) {
      return new NativeBytes(buffer, null, buffer.position(), buffer.remaining());
    }
    if (buffer.hasArray()) {
      return new NativeBytes(null, buffer.array(), buffer.arrayOffset() + buffer.position(), buffer.remaining());
    }
    byte[] copy = new byte[buffer.remaining()];
    buffer.duplicate().get(copy);
    return of(copy);
  }

  /**
   * Room between the buffer's position and its limit. Not where an input stands: what was read of it could not be read again,
   * nor its position be told from the output's. (Of direct buffers the glue looks at the addresses.)
   */
  static NativeBytes room(ByteBuffer out, ByteBuffer... inputs) {
    if (out.isReadOnly()) {
      throw new ReadOnlyBufferException();
    }
    NativeBytes room = of(out);
    for (ByteBuffer it : inputs) {
      if (it == out || (it != null && it.hasArray() && room.overlaps(of(it)))) {
        throw new IllegalArgumentException("the output is the same memory as an input");
      }
    }
    return room;
  }

  private boolean overlaps(NativeBytes other) {
    return array != null && array == other.array && offset < other.offset + other.length && other.offset < offset + length;
  }

  /** What was handed over is behind the position, as with every channel and cipher of Java. */
  static void consume(ByteBuffer buffer) {
    if (buffer != null) {
      buffer.position(buffer.limit());
    }
  }

  static int written(ByteBuffer buffer, long count) {
    buffer.position(buffer.position() + (int) count);
    return (int) count;
  }
}
