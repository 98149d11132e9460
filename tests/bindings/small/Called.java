package org.pawl;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Objects;

/** Every shape of small.h through the Java that was generated for it, as small.c answers: a value in, the same value out. */
final class Called {
  private static final byte[] KEY = new byte[32];

  static {
    KEY[31] = 7;
  }

  private static void same(Object wanted, Object given) {
    if (!Objects.deepEquals(wanted, given)) {
      throw new AssertionError("not " + shown(wanted) + " but " + shown(given));
    }
  }

  private static String shown(Object it) {
    return it instanceof byte[] ? Arrays.toString((byte[]) it) : String.valueOf(it);
  }

  private static <T extends Throwable> T refused(Class<T> kind, Runnable call) {
    try {
      call.run();
    } catch (Throwable thrown) {
      return kind.cast(thrown);
    }
    throw new AssertionError("not refused: " + kind);
  }

  private static Id id(int first) {
    byte[] bytes = new byte[Id.SIZE];
    bytes[0] = (byte) first;
    bytes[15] = -1;
    return Id.of(bytes);
  }

  private static byte[] bytes(int... values) {
    byte[] made = new byte[values.length];
    for (int i = 0; i < made.length; ++i) {
      made[i] = (byte) values[i];
    }
    return made;
  }

  private static void freeFunctions() {
    same(2005L, Pawl.version());
    same("0.2.5", Pawl.versionString());
    same(2.5, Pawl.brightest());
    same("TIMEOUT", Pawl.statusName(-502));
    same(true, Pawl.statusIsRetryable(-502));
    same(false, Pawl.statusIsRetryable(-101));
  }

  private static void inputsAndOutputs(Lamp lamp) {
    lamp.light(true, Colour.BLUE, EnumSet.of(LampFlag.ON, LampFlag.DIMMED), -0.375, "Tür");
    same(77L, Requests.last);
    same("Tür", lamp.label());
    Lamp.StateResult state = lamp.state();
    same(-5, state.level());
    same(-0.375, state.power());
    same(true, state.isOn());
    same(Colour.BLUE, state.colour());
    same(id(3), state.id());
    same(StatusCode.TIMEOUT.code(), state.info().status());
    same(false, state.info().isOn());
    same("fine — so far", state.info().message());
    lamp.light(false, Colour.RED, EnumSet.noneOf(LampFlag.class), 1e300, null);
    same("none", lamp.label());
    same(0, lamp.state().level());
    same(1e300, lamp.state().power());
    same(false, lamp.state().isOn());
    same(true, lamp.state().info().isOn());
    lamp.measure();
    same(78L, Requests.last);
  }

  private static void buffers(Lamp lamp, Lamp other) {
    same(4L, lamp.sealedSize(9));
    same(bytes(7, 1, 2, 3, 4, 5, 6), lamp.seal(bytes(1, 2, 3, 4, 5, 6), KEY));
    same(bytes(0xee), lamp.seal(null, KEY));
    refused(PawlIllegalArgumentException.InvalidArgument.class, () -> lamp.seal(bytes(), bytes(1)));
    ByteBuffer out = ByteBuffer.allocateDirect(8);
    same(3, lamp.seal(ByteBuffer.wrap(bytes(1, 2, 3), 1, 2), KEY, out));
    out.flip();
    same(ByteBuffer.wrap(bytes(7, 2, 3)), out);
    same(Arrays.copyOf(bytes(5, 6, 3, 4), 26), lamp.mix(other, bytes(5, 6)));
    same(Arrays.copyOf(bytes(5, 3, 0xee), 25), lamp.mix(null, bytes(5)));
    same(bytes('a', 0, 'c'), lamp.spell());
  }

  private static void pages(Lamp lamp) {
    same(0, lamp.glows(0, 5).size());
    Glows glows = lamp.glows(2, 5);
    same(2, glows.size());
    Glow plain = glows.get(0);
    same(Colour.RED, plain.colour());
    same(Id.of(new byte[16]), plain.id());
    same(-(1L << 40) - 5, plain.timeMs());
    same(null, plain.parent());
    same(null, plain.lamp());
    same(null, plain.data());
    Glow whole = glows.get(1);
    same(Colour.BLUE, whole.colour());
    same(10, (int) whole.id().toBytes()[15]);
    same(id(3), whole.parent());
    same(bytes(0, 10), whole.data());
    same(EnumSet.of(LampFlag.DIMMED), whole.lamp().flags());
    same("hall", whole.lamp().place());
    same(bytes(1, 9), whole.lamp().key());
    same(1.5, whole.lamp().heightM());
    same(id(8), whole.lamp().owner());
    same(Colour.UNKNOWN, lamp.glows(3, 0).get(2).colour());
    LampOptions bare = Lamp.open(new LampOptions().place("yard"), null).glows(2, 0).get(1).lamp();
    same(null, bare.key());
    same(null, bare.owner());
    same(0, bare.flagsCode());
  }

  private static void failures(Lamp lamp) {
    PawlException late = refused(PawlException.Timeout.class, () -> Lamp.open(new LampOptions().place("nowhere"), null));
    same(-502, late.code());
    same(true, late.retryable());
    same(250L, late.retryAfterMs());
    Ray.cast(lamp).close();
    lamp.close();
    refused(PawlException.Closed.class, () -> Ray.cast(lamp));
    PawlException closed = refused(PawlException.Closed.class, lamp::measure); // what the library says last is about another status
    same(false, closed.retryable());
  }

  public static void main(String[] arguments) {
    LampOptions options = new LampOptions().flags(LampFlag.DIMMED).place("hall").key(bytes(1, 9)).heightM(1.5).owner(id(8));
    freeFunctions();
    try (Lamp lamp = Lamp.open(options, id(3)); Lamp other = Lamp.open(options, id(4))) {
      inputsAndOutputs(lamp);
      buffers(lamp, other);
      pages(lamp);
      failures(lamp);
    }
    System.out.println("every shape came through");
  }
}
