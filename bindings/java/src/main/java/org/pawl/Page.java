package org.pawl;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;

/** An unmodifiable list that the library gave at once, as it was at that moment. */
public abstract class Page<T> extends AbstractList<T> {
  static {
    NativeLibrary.load();
  }

  private final List<T> items = new ArrayList<>();

  Page() {}

  /** Takes over a page of the library: reads all of it, piece by piece, and gives it back. */
  final void take(long pointer) {
    try {
      long next = 0;
      while (next >= 0) {
        next = readMore(pointer, next);
      }
    } finally {
      release(pointer);
    }
  }

  /** Reads some items from this index on; returns the index of the next one, -1 at the end. */
  final long readMore(long pointer, long from) {
    Unpacker reply = Unpacker.of(read(pointer, from));
    long count = reply.int64();
    long next = from;
    for (; reply.hasMore(); ++next) {
      items.add(item(reply));
    }
    return next < count ? next : -1;
  }

  abstract byte[] read(long pointer, long from);

  abstract T item(Unpacker reply);

  abstract void release(long pointer);

  @Override
  public final T get(int index) {
    return items.get(index);
  }

  @Override
  public final int size() {
    return items.size();
  }
}
