package org.pawl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The devices of an account, and the store of one: linking, peeking while it is suspended, other keys. */
class DevicesTest extends AliceAndBob {
  @Test
  void aSecondDeviceIsLinkedAndRemoved() throws Exception {
    Client tablet = Client.open(world.options("tablet"));
    byte[] request = within(tablet.accountBeginLink(World.address("alice")));
    byte[] response = within(alice.accountApproveLink(request));
    within(tablet.accountCompleteLink(response));
    assertEquals(World.address("alice"), tablet.accountAddress());
    assertEquals(2, alice.accountDevices().size());
    long added = alice.accountDevices().stream().filter(it -> !it.isThisDevice()).findFirst().get().deviceId();
    within(alice.accountRemoveDevice(added));
    assertEquals(1, alice.accountDevices().size());
    tablet.close();
  }

  @Test
  void aNotificationServicePeeksWhileTheAppIsSuspended() throws Exception {
    bob.suspend();
    try (Conversation toBob = Conversation.open(alice, World.address("bob"))) {
      Id sent = toBob.sendText("ping").messageId();
      World.await(alice, it -> sent.equals(it.messageId()) && it.state() == MessageState.AT_RELAY.code());
    }
    ClientOptions named = world.options("bob");
    PeekOptions options = new PeekOptions().storeDir(named.storeDir()).anchorDir(named.anchorDir()).hostKey(named.hostKey());
    try (Peek peek = Peek.open(options)) {
      Peeked peeked = peek.fetch(60_000);
      PeekedItem shown = peeked.stream().filter(it -> it.kind() == PeekKind.MESSAGE).findFirst().get();
      assertEquals("ping", shown.message().content().text());
      assertEquals(0, peeked.beyond());
    }
    assertFalse(bob.resume());
    assertEquals("ping", World.await(bob, it -> it.type() == EventType.MESSAGE).message().content().text());
  }

  @Test
  void aStoreOpensWithItsNewKeyAlone() throws Exception {
    byte[] fresh = World.KEY.clone();
    Arrays.fill(fresh, (byte) 9);
    bob.changeKey(null, fresh);
    bob.reencrypt(null, fresh);
    bob.close();
    assertThrows(PawlException.WrongKey.class, () -> Client.open(world.options("bob")));
    bob = Client.open(world.options("bob").hostKey(fresh));
    assertEquals(World.address("bob"), bob.accountAddress());
  }
}
