package org.pawl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The row of events that an app has not taken, by itself. */
class UnreadTest {
  private final Unread unread = new Unread();

  private static Id id(int last) {
    byte[] bytes = new byte[Id.SIZE];
    bytes[Id.SIZE - 1] = (byte) last;
    return Id.of(bytes);
  }

  private static Event registered(String address) {
    return new MadeEvent(EventType.REGISTERED).about(address, null).event();
  }

  private List<Event> takeAll() {
    List<Event> all = new ArrayList<>();
    for (Event event = unread.poll(); event != null; event = unread.poll()) {
      all.add(event);
    }
    return all;
  }

  @Test
  void eventsComeInTheOrderInWhichTheyWereAppended() {
    assertTrue(unread.isEmpty());
    for (String address : Arrays.asList("a@x", "b@x", "a@x")) {
      unread.append(registered(address));
    }
    assertEquals(3, unread.count());
    assertEquals(Arrays.asList("a@x", "b@x", "a@x"), addresses(takeAll()));
    assertTrue(unread.isEmpty());
    assertNull(unread.poll());
  }

  private static List<String> addresses(List<Event> events) {
    List<String> addresses = new ArrayList<>();
    for (Event event : events) {
      addresses.add(event.address());
    }
    return addresses;
  }

  @Test
  void theNewestEventOfAStateStandsForThoseBeforeItWhereTheFirstOneStood() {
    for (EventType type : Arrays.asList(EventType.CONNECTION, EventType.PROGRESS, EventType.TYPING, EventType.DRAINED, EventType.STORE)) {
      unread.append(new MadeEvent(type).state(1).event());
      unread.append(registered("a@x"));
      unread.append(new MadeEvent(type).state(2).event());
      unread.append(new MadeEvent(type).state(3).event());
      List<Event> taken = takeAll();
      assertEquals(2, taken.size(), type.toString());
      assertEquals(type, taken.get(0).type());
      assertEquals(3, taken.get(0).state());
      assertEquals(0, unread.size());
    }
  }

  @Test
  void whatIsAboutAnotherMessageOrAddressIsAnEventOfItsOwn() {
    unread.append(new MadeEvent(EventType.PROGRESS).about(null, id(1)).event());
    unread.append(new MadeEvent(EventType.PROGRESS).about(null, id(2)).event());
    unread.append(new MadeEvent(EventType.PROGRESS).about(null, id(1)).event());
    unread.append(new MadeEvent(EventType.TYPING).about("a@x", null).event());
    unread.append(new MadeEvent(EventType.TYPING).about("b@x", null).event());
    unread.append(new MadeEvent(EventType.TYPING).about("a@x", null).event());
    assertEquals(4, takeAll().size());
  }

  @Test
  void aStateThatWasTakenDoesNotStandForALaterOne() {
    unread.append(new MadeEvent(EventType.CONNECTION).state(1).event());
    assertEquals(1, unread.poll().state());
    unread.append(new MadeEvent(EventType.CONNECTION).state(2).event());
    assertEquals(2, unread.poll().state());
  }

  @Test
  void theSizeCountsTextsAndBytesAndIsZeroInTheEnd() {
    unread.append(registered("a@x"));
    long plain = unread.size();
    assertTrue(plain > 0);
    unread.append(new MadeEvent(EventType.CONTACT_REQUEST).with("Carol", null).event());
    assertEquals(2 * plain + 5, unread.size());
    unread.append(new MadeEvent(EventType.IDENTITY_CHANGED).with(null, new byte[100_000]).event());
    assertEquals(3 * plain + 100_005, unread.size());
    unread.append(new MadeEvent(EventType.CONNECTION).event());
    unread.append(new MadeEvent(EventType.CONNECTION).event());
    assertEquals(4 * plain + 100_005, unread.size());
    takeAll();
    assertEquals(0, unread.size());
  }

  @Test
  void aThousandStatesOfAnUploadAreAsLargeAsOne() {
    for (int i = 0; i < 1_000; ++i) {
      unread.append(new MadeEvent(EventType.PROGRESS).about(null, id(1)).state(i).event());
    }
    assertEquals(1, unread.count());
    assertEquals(Unread.EVENT_SIZE, unread.size());
  }
}
