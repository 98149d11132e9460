package org.pawl;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** An event as the library sends it (bindings/java/jni/pawl_jni_structs.c): a type of this release or a later one, and some fields. */
final class MadeEvent {
  private final long type;
  private long seq;
  private long timeMs;
  private long requestId;
  private long status;
  private long state;
  private String address;
  private Id messageId;
  private String text;
  private byte[] data;

  MadeEvent(long type) {
    this.type = type;
  }

  MadeEvent(EventType type) {
    this(type.code());
  }

  MadeEvent at(long seq, long timeMs) {
    this.seq = seq;
    this.timeMs = timeMs;
    return this;
  }

  MadeEvent request(long requestId, StatusCode status) {
    this.requestId = requestId;
    this.status = status.code();
    return this;
  }

  MadeEvent state(long state) {
    this.state = state;
    return this;
  }

  MadeEvent about(String address, Id messageId) {
    this.address = address;
    this.messageId = messageId;
    return this;
  }

  MadeEvent with(String text, byte[] data) {
    this.text = text;
    this.data = data;
    return this;
  }

  Event event() {
    ByteBuffer packed = ByteBuffer.allocate(1 << 17).order(ByteOrder.nativeOrder());
    packed.putInt(0).putLong(type).putLong(seq).putLong(timeMs).putLong(requestId).putLong(status).putLong(state);
    put(packed, utf8(address));
    packed.putLong(0); // no conversation
    packed.putLong(messageId == null ? 0 : 1);
    packed.put(messageId == null ? new byte[0] : messageId.toBytes());
    packed.putLong(0); // no message
    put(packed, utf8(text));
    put(packed, data);
    return Event.read(Unpacker.of(packed.array()));
  }

  private static byte[] utf8(String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }

  private static void put(ByteBuffer packed, byte[] bytes) {
    packed.putInt(bytes == null ? -1 : bytes.length);
    packed.put(bytes == null ? new byte[0] : bytes);
  }
}
