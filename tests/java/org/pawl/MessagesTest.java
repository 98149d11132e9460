package org.pawl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What two people say to each other through a relay. */
class MessagesTest {
  private static final String SAID = "hé, did you get the keys? 🐂 👩‍👩‍👧 \uD83D\uDE00 ‮";

  private World world;
  private Client alice;
  private Client bob;

  @BeforeEach
  void begin() throws Exception {
    world = new World();
    alice = world.open("alice");
    bob = world.open("bob");
    World.befriend(alice, bob);
  }

  @AfterEach
  void end() throws Exception {
    alice.close();
    bob.close();
    world.close();
  }

  @Test
  void textWithEmojiArrivesAsItWasWritten() throws Exception {
    try (Conversation toBob = Conversation.open(alice, World.address("bob"))) {
      Conversation.SendTextResult sent = toBob.sendText(SAID);
      sent.completion().get(World.PATIENCE_S, TimeUnit.SECONDS);
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
}
