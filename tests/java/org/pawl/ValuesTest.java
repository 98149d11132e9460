package org.pawl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import org.junit.jupiter.api.Test;

/** Enums, ids, options and events by themselves. */
class ValuesTest {
  /** An event as a library of a later release may send it: of a type that this one does not know. */
  private static Event eventOfType(long type) {
    return new MadeEvent(type).at(41, 1_000).event();
  }

  @Test
  void anUnknownTypeOfEventIsUnknownAndKeepsItsNumber() {
    Event event = eventOfType(9_999);
    assertEquals(EventType.UNKNOWN, event.type());
    assertEquals(9_999, event.typeCode());
    assertEquals(41, event.seq());
    assertTrue(event.toString().startsWith("Event[type=UNKNOWN, seq=41, "), event.toString());
    assertEquals(EventType.TYPING, eventOfType(102).type());
  }

  @Test
  void everyConstantIsFoundByItsNumber() {
    for (EventType it : EventType.values()) {
      assertEquals(it, EventType.fromCode(it.code()));
    }
    for (StatusCode it : StatusCode.values()) {
      assertEquals(it, StatusCode.fromCode(it.code()));
    }
    assertEquals(StatusCode.UNKNOWN, StatusCode.fromCode(-7));
  }

  @Test
  void anErrorOfALaterReleaseIsTheBaseClass() {
    Throwable thrown = FailureTypes.make(new FailureDetails(-777, true, 5, "later"));
    assertEquals(PawlException.class, thrown.getClass());
    PawlFailure failure = (PawlFailure) thrown;
    assertEquals(StatusCode.UNKNOWN, failure.status());
    assertEquals(-777, failure.code());
    assertEquals(5, failure.retryAfterMs());
    assertTrue(failure.retryable());
  }

  @Test
  void everyErrorHasAClassOfItsOwnName() {
    for (StatusCode it : EnumSet.complementOf(EnumSet.of(StatusCode.OK, StatusCode.UNKNOWN))) {
      Throwable thrown = FailureTypes.make(new FailureDetails(it.code(), false, 0, ""));
      assertEquals(it.name().replace("_", ""), thrown.getClass().getSimpleName().toUpperCase());
      assertEquals(it.name(), Pawl.statusName(it.code()));
    }
  }

  @Test
  void idsAreValues() {
    byte[] bytes = new byte[Id.SIZE];
    bytes[0] = (byte) 0xAB;
    bytes[15] = 1;
    Id id = Id.of(bytes);
    assertEquals("ab000000000000000000000000000001", id.toString());
    assertEquals(id, Id.parse(id.toString()));
    assertEquals(id.hashCode(), Id.parse(id.toString()).hashCode());
    bytes[0] = 0;
    assertNotEquals(id, Id.of(bytes), "the id has a copy");
    id.toBytes()[0] = 0;
    assertEquals("ab", id.toString().substring(0, 2), "and gives copies");
    assertThrows(IllegalArgumentException.class, () -> Id.of(new byte[15]));
    assertThrows(IllegalArgumentException.class, () -> Id.parse("xx"));
    assertThrows(IllegalArgumentException.class, () -> Id.parse("zz000000000000000000000000000001"));
    assertThrows(NullPointerException.class, () -> Id.of(null));
  }

  @Test
  void optionsKeepCopiesAndShowNoSecrets() {
    byte[] key = World.KEY.clone();
    ClientOptions options = new ClientOptions().hostKey(key).passphrase("correct horse").flags(ClientFlag.CREATE, ClientFlag.OFFLINE);
    key[0] ^= 1;
    assertArrayEquals(World.KEY, options.hostKey());
    assertEquals(EnumSet.of(ClientFlag.CREATE, ClientFlag.OFFLINE), options.flags());
    assertFalse(options.toString().contains("horse"), options.toString());
    assertTrue(options.toString().contains("passphrase=13 characters"), options.toString());
    assertNull(options.passphrase(null).passphrase());
  }

  @Test
  void textThatIsNoTextIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Identity.create("alice\0@example.org"));
    assertThrows(IllegalArgumentException.class, () -> Identity.create("alice\uD83D@example.org"));
    assertThrows(IllegalArgumentException.class, () -> Client.open(new ClientOptions().storeDir("a\0b").hostKey(World.KEY)));
  }

  @Test
  void theLibraryIsOfTheRelease() {
    assertEquals(Agreement.VERSION, Pawl.versionString());
    assertEquals(1_000, Pawl.version());
  }
}
