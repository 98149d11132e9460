package org.pawl;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;

/** The events that an app has not taken yet: a row that knows how large it is. */
final class Unread {
  /** Of these the newest stands for those before it, of its message or address, as in the client's own queue. */
  private static final Set<EventType> REPLACED =
      EnumSet.of(EventType.CONNECTION, EventType.PROGRESS, EventType.TYPING, EventType.DRAINED, EventType.STORE);
  /** What an event without a content takes, about. */
  static final long EVENT_SIZE = 1024;

  private static final class Place {
    final List<Object> key;
    final long size;
    Event event;

    Place(List<Object> key, long size, Event event) {
      this.key = key;
      this.size = size;
      this.event = event;
    }
  }

  /** Not an ArrayDeque: one that finds no memory to grow has lost what was in it. */
  private final Queue<Place> row = new LinkedList<>();
  private final Map<List<Object>, Place> newest = new HashMap<>();
  private long size;

  int count() {
    return row.size();
  }

  /** In bytes, about. */
  long size() {
    return size;
  }

  boolean isEmpty() {
    return row.isEmpty();
  }

  /** When there is no memory for it, the same call may be made again. */
  void append(Event event) {
    if (!REPLACED.contains(event.type())) {
      append(new Place(null, sizeOf(event), event));
      return;
    }
    List<Object> key = Arrays.asList(event.type(), event.messageId(), event.address());
    Place same = newest.get(key);
    if (same != null) {
      same.event = event;
      return;
    }
    Place place = new Place(key, EVENT_SIZE, event);
    append(place);
    newest.put(key, place); // where that fails, the event may come twice
  }

  private void append(Place place) {
    row.add(place);
    size += place.size;
  }

  /** Null when there is none. */
  Event poll() {
    Place first = row.peek();
    if (first == null) {
      return null;
    }
    if (first.key != null) {
      newest.remove(first.key, first);
    }
    row.remove();
    size -= first.size;
    return first.event;
  }

  private static long sizeOf(Event event) {
    Content content = event.message() == null ? null : event.message().content();
    long ofContent = content == null ? 0 : length(content.data()) + length(content.text());
    return EVENT_SIZE + length(event.data()) + length(event.text()) + ofContent;
  }

  private static long length(byte[] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  private static long length(String text) {
    return text == null ? 0 : text.length();
  }
}
