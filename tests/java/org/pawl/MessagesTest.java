package org.pawl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What two people say to each other through a relay, and what is kept of it. */
class MessagesTest extends AliceAndBob {
  private static final String SAID = "hé, did you get the keys? 🐂 👩‍👩‍👧 \uD83D\uDE00 ‮";

  @Test
  void textWithEmojiArrivesAsItWasWritten() throws Exception {
    try (Conversation toBob = Conversation.open(alice, World.address("bob"))) {
      Conversation.SendTextResult sent = toBob.sendText(SAID);
      within(sent.completion());
      Event arrived = World.await(bob, it -> it.type() == EventType.MESSAGE);
      assertEquals(SAID, arrived.message().content().text());
      assertEquals(World.address("alice"), arrived.address());
      assertEquals(sent.messageId(), arrived.messageId());
      assertEquals(ContentKind.TEXT, arrived.message().content().kind());
      bob.ack(arrived.seq());
      List<Message> history = toBob.history(0, 10);
      assertEquals(1, history.size());
      assertEquals(SAID, history.get(0).content().text());
      assertTrue(history.get(0).position() > 0);
    }
  }

  @Test
  void aContentArrivesAsItWasMade() throws Exception {
    try (Conversation toBob = Conversation.open(alice, World.address("bob"))) {
      Id first = toBob.sendText("where are you?").messageId();
      byte[] every = new byte[256];
      for (int i = 0; i < every.length; ++i) {
        every[i] = (byte) i;
      }
      List<Content> contents = List.of(
          new Content().kind(ContentKind.REPLY).ref(first).text("here"),
          new Content().kind(ContentKind.LOCATION).latitude(52.5).longitude(-13.25).accuracyM(3).text("home"),
          new Content().kind(ContentKind.CUSTOM).mediaType("application/x-move").data(every),
          new Content().kind(ContentKind.REACTION).ref(first).text("👍"));
      for (Content content : contents) {
        within(toBob.send(content).completion());
      }
      World.await(bob, it -> it.type() == EventType.MESSAGE);
      for (Content content : contents) {
        Content arrived = World.await(bob, it -> it.type() == EventType.MESSAGE).message().content();
        assertArrayEquals(content.packed(), arrived.packed(), content + " became " + arrived);
      }
    }
  }

  @Test
  void historyContactsConversationsAndDevicesAreLists() throws Exception {
    Event last = null;
    try (Conversation toBob = Conversation.open(alice, World.address("bob"));
        Conversation toAlice = Conversation.open(bob, World.address("alice"))) {
      for (int i = 0; i < 5; ++i) {
        toBob.sendText("message " + i);
      }
      for (int i = 0; i < 5; ++i) {
        last = World.await(bob, it -> it.type() == EventType.MESSAGE);
      }
      assertEquals(last.conversation(), toAlice.id());
      Messages history = toAlice.history(0, 3);
      assertEquals(List.of("message 2", "message 3", "message 4"), texts(history));
      assertEquals(List.of("message 0", "message 1"), texts(toAlice.history(history.get(0).position(), 10)));
      assertThrows(UnsupportedOperationException.class, () -> history.remove(0));
      assertEquals(5, bob.conversations().get(0).unread());
      within(toAlice.markRead(last.messageId()));
      assertEquals(0, bob.conversations().get(0).unread());
    }
    assertEquals(1, bob.conversations().size());
    assertEquals(World.address("alice"), bob.conversations().get(0).address());
    assertEquals(1, bob.contacts().size());
    assertEquals(ContactState.ACCEPTED, bob.contacts().get(0).state());
    assertEquals(1, bob.accountDevices().size());
    assertTrue(bob.accountDevices().get(0).isThisDevice());
  }

  @Test
  void aContactIsVerifiedAndBlocked() throws Exception {
    assertEquals(alice.contactSafetyNumber(World.address("bob")), bob.contactSafetyNumber(World.address("alice")));
    within(bob.contactSetVerified(World.address("alice"), true));
    assertTrue(bob.contacts().get(0).isVerified());
    within(bob.contactBlock(World.address("alice"), true));
    assertEquals(ContactState.BLOCKED, bob.contacts().get(0).state());
  }

  /** A reply of a page is cut after 256 KiB. */
  @Test
  void aHistoryOfManyPiecesIsWhole() throws Exception {
    List<String> said = new ArrayList<>();
    try (Conversation toBob = Conversation.open(alice, World.address("bob"))) {
      for (int i = 0; i < 20; ++i) {
        said.add(i + " é".repeat(10_000));
        within(toBob.sendText(said.get(i)).completion());
      }
      List<String> kept = texts(toBob.history(0, 100));
      assertEquals(said.size(), kept.size());
      for (int i = 0; i < said.size(); ++i) {
        assertTrue(said.get(i).equals(kept.get(i)), "message " + i);
      }
    }
  }

  private static List<String> texts(Messages messages) {
    return messages.stream().map(it -> it.content().text()).collect(Collectors.toList());
  }
}
