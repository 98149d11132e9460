package org.pawl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions over a transport of the app's own: bytes in arrays and in buffers of every kind. */
class SessionTest {
  private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);

  private Identity alice;
  private Identity bob;
  private Session toBob;
  private Session toAlice;

  @BeforeEach
  void begin() {
    alice = Identity.create("alice@example.org");
    bob = Identity.create("bob@example.org");
    toBob = Session.initiate(alice, bob.bundle(), null);
    byte[] first = toBob.encrypt(HELLO);
    assertEquals("alice@example.org", bob.peekSender(first));
    Session.AcceptResult accepted = Session.accept(bob, alice.bundle(), null, first);
    assertArrayEquals(HELLO, accepted.bytes());
    toAlice = accepted.session();
  }

  @AfterEach
  void end() {
    toAlice.close();
    toBob.close();
    bob.close();
    alice.close();
  }

  @Test
  void bytesOfEverySizeComeBack() {
    for (int size : new int[] {0, 1, 100, 4095, 4096, 4097, 30_000, 60_000}) {
      byte[] said = new byte[size];
      Arrays.fill(said, (byte) size);
      byte[] envelope = toBob.encrypt(said);
      assertEquals(0, envelope.length & (envelope.length - 1), "a power of two");
      assertArrayEquals(said, toAlice.decrypt(envelope));
    }
  }

  @Test
  void nullIsAnEmptyMessageWhereTheLibrarySaysSo() {
    assertEquals(0, toAlice.decrypt(toBob.encrypt((byte[]) null)).length);
  }

  @Test
  void buffersOfEveryKindAreReadFromPositionToLimit() {
    byte[] framed = "..hello...".getBytes(StandardCharsets.UTF_8);
    ByteBuffer direct = ByteBuffer.allocateDirect(framed.length);
    direct.put(framed);
    ByteBuffer heap = ByteBuffer.wrap(framed);
    ByteBuffer sliced = ByteBuffer.wrap(new byte[20], 5, 15).slice();
    sliced.put(framed);
    for (ByteBuffer in : new ByteBuffer[] {direct, heap, heap.asReadOnlyBuffer(), sliced}) {
      in.limit(7).position(2);
      ByteBuffer envelope = ByteBuffer.allocate(8192);
      int written = toBob.encrypt(in, envelope);
      assertEquals(0, in.remaining(), "what was handed over is consumed");
      assertEquals(written, envelope.position());
      envelope.flip();
      ByteBuffer out = ByteBuffer.allocateDirect(1024);
      out.position(3);
      assertEquals(HELLO.length, toAlice.decrypt(envelope, out));
      assertEquals(3 + HELLO.length, out.position());
      byte[] said = new byte[HELLO.length];
      out.position(3);
      out.get(said);
      assertArrayEquals(HELLO, said);
    }
  }

  @Test
  void aTooSmallBufferChangesNothingAndSaysWhatIsNeeded() {
    byte[] envelope = toBob.encrypt(HELLO);
    ByteBuffer in = ByteBuffer.wrap(envelope);
    for (ByteBuffer small : new ByteBuffer[] {ByteBuffer.allocate(4), ByteBuffer.allocateDirect(4), ByteBuffer.allocate(0)}) {
      PawlException.BufferTooSmall thrown = assertThrows(PawlException.BufferTooSmall.class, () -> toAlice.decrypt(in, small));
      assertTrue(thrown.getMessage().matches(".*\\(\\d+ bytes are needed\\)"), thrown.getMessage());
      assertEquals(0, small.position());
      assertEquals(0, in.position());
    }
    assertArrayEquals(HELLO, toAlice.decrypt(envelope), "the ratchet did not move");
    assertThrows(PawlException.Replayed.class, () -> toAlice.decrypt(envelope));
  }

  /** Nothing is decrypted over its own envelope: the position could not say both what was read and what was written. */
  @Test
  void anOutputInTheMemoryOfAnInputIsRefusedAndTheMessageIsNotLost() {
    byte[] envelope = toBob.encrypt(HELLO);
    for (ByteBuffer in : new ByteBuffer[] {ByteBuffer.allocate(8192), ByteBuffer.allocateDirect(8192)}) {
      in.put(envelope).flip();
      ByteBuffer second = in.duplicate();
      second.limit(second.capacity()).position(envelope.length - 1);
      for (ByteBuffer out : new ByteBuffer[] {in, in.duplicate(), second}) {
        int position = out.position();
        assertThrows(IllegalArgumentException.class, () -> toAlice.decrypt(in, out));
        assertThrows(IllegalArgumentException.class, () -> toBob.encrypt(in, out));
        assertThrows(IllegalArgumentException.class, () -> Session.accept(bob, ByteBuffer.wrap(alice.bundle()), null, in, out));
        assertThrows(IllegalArgumentException.class, () -> Session.accept(bob, in, null, ByteBuffer.wrap(envelope), out));
        assertEquals(0, in.position());
        assertEquals(position, out.position());
      }
    }
    ByteBuffer whole = ByteBuffer.allocateDirect(8192);
    whole.put(envelope);
    ByteBuffer behind = whole.duplicate();
    whole.flip();
    assertEquals(HELLO.length, toAlice.decrypt(whole, behind), "beside each other they may stand");
  }

  @Test
  void aLargeArrayForTheOutputTakesNoMoreThanTheResult() {
    ByteBuffer envelope = ByteBuffer.allocate(1 << 20);
    int size = toBob.encrypt(ByteBuffer.wrap(HELLO), envelope);
    assertEquals(size, envelope.flip().remaining());
    ByteBuffer out = ByteBuffer.allocate(1 << 20);
    assertEquals(HELLO.length, toAlice.decrypt(envelope, out));
    assertEquals(ByteBuffer.wrap(HELLO), out.flip());
  }

  @Test
  void aReadOnlyBufferIsNotWrittenTo() {
    byte[] envelope = toBob.encrypt(HELLO);
    ByteBuffer out = ByteBuffer.allocate(1024).asReadOnlyBuffer();
    assertThrows(ReadOnlyBufferException.class, () -> toAlice.decrypt(ByteBuffer.wrap(envelope), out));
    assertArrayEquals(HELLO, toAlice.decrypt(envelope));
  }

  @Test
  void sizesBeyond32BitsAreRefusedAndNotCut() {
    assertThrows(PawlIllegalArgumentException.TooLarge.class, () -> toBob.encryptedSize((1L << 32) + 5));
    assertThrows(PawlIllegalArgumentException.TooLarge.class, () -> toBob.encryptedSize(Long.MAX_VALUE));
    assertThrows(IllegalArgumentException.class, () -> toBob.encryptedSize(-1));
    assertThrows(IllegalArgumentException.class, () -> new ClientOptions().queueCapacity(1L << 32));
    assertThrows(IllegalArgumentException.class, () -> new ClientOptions().queueCapacity(-1));
    assertEquals(0xFFFFFFFFL, new ClientOptions().queueCapacity(0xFFFFFFFFL).queueCapacity());
    assertThrows(PawlIllegalArgumentException.TooLarge.class, () -> toBob.encrypt(new byte[1 << 20]));
  }

  @Test
  void whatWasTamperedWithIsATypedError() {
    byte[] envelope = toBob.encrypt(HELLO);
    envelope[envelope.length / 2] ^= 1;
    PawlException thrown = assertThrows(PawlException.AuthFailed.class, () -> toAlice.decrypt(envelope));
    assertEquals(StatusCode.AUTH_FAILED, thrown.status());
    assertEquals(-301, thrown.code());
    assertFalse(thrown.retryable());
    assertTrue(thrown.getMessage().startsWith("AUTH_FAILED: "), thrown.getMessage());
  }

  @Test
  void aSessionKnowsItsEnvelopesAndWhichOfTwoIsKept() {
    byte[] envelope = toBob.encrypt(HELLO);
    assertTrue(toAlice.recognises(envelope));
    assertTrue(toAlice.recognises(ByteBuffer.wrap(envelope)));
    Session again = Session.initiate(bob, alice.bundle(), null);
    assertFalse(toAlice.recognises(again.encrypt(HELLO)));
    assertEquals(toAlice.prefer(again), !again.prefer(toAlice), "both orders name the same one");
    again.close();
  }

  @Test
  void savedSessionsGoOn() {
    Session again = Session.restore(alice, toBob.save(World.KEY), World.KEY);
    assertArrayEquals(HELLO, toAlice.decrypt(again.encrypt(HELLO)));
    assertThrows(IllegalArgumentException.class, () -> toBob.save(new byte[31]), "a key has 32 bytes");
    SessionInfo info = again.getInfo();
    assertTrue(info.isInitiator());
    assertEquals("bob@example.org", again.peerAddress());
    assertTrue(info.suite() != Suite.UNKNOWN, info.toString());
    again.close();
  }

  @Test
  void afterCloseEveryCallSaysSo() {
    toBob.close();
    toBob.close();
    assertThrows(PawlException.Closed.class, () -> toBob.encrypt(HELLO));
    assertThrows(PawlException.Closed.class, toBob::getInfo);
  }

  @Test
  void safetyNumbersAreTheSameAtBothSides() {
    assertEquals(alice.safetyNumber(bob.bundle()), bob.safetyNumber(alice.bundle()));
    assertEquals(Pawl.SAFETY_NUMBER_SIZE - 1, alice.safetyNumber(bob.bundle()).length());
  }
}
