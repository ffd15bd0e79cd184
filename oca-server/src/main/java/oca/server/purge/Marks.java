package oca.server.purge;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The marks of all services by their targets, and in the order of their last purges.
 *
 * <p>A table of chains of fixed size. One thread changes it; others may look for a mark meanwhile
 * and see each that was there all the time. A mark that was taken out goes on pointing to the rest
 * of its chain and is never put in again, so nobody who stands on it loses the way.
 */
final class Marks {
  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Mark[].class);

  private final @Nullable Mark[] slots;
  private @Nullable Mark oldest;
  private @Nullable Mark newest;

  /** An empty table with room for about so many. */
  Marks(int expected) {
    slots = new @Nullable Mark[Integer.highestOneBit(Math.max(1, expected - 1)) << 1];
  }

  /** The mark about the first so many characters of the text, or null. Any thread. */
  @Nullable Mark find(Service service, Kind kind, long textHash, String text, int length) {
    long hash = hash(service, kind, textHash);
    Mark mark = slot(place(hash));
    while (mark != null && !mark.is(service, kind, hash, text, length)) {
      mark = mark.next();
    }
    return mark;
  }

  /** The mark about the target, put in as the newest if it was not there. */
  Mark obtain(Service service, Kind kind, String target) {
    long textHash = Hashes.of(target);
    Mark known = find(service, kind, textHash, target, target.length());
    if (known != null) {
      return known;
    }
    Mark mark = new Mark(service, kind, target, hash(service, kind, textHash));
    append(mark);
    int place = place(mark.hash());
    mark.next(slot(place));
    SLOT.setRelease(slots, place, mark);
    return mark;
  }

  /** Makes a mark the newest. */
  void renew(Mark mark) {
    if (mark != newest) {
      leaveOrder(mark);
      append(mark);
    }
  }

  /** Takes a mark out. What stands for it from now on must be in force before. */
  void remove(Mark mark) {
    leaveOrder(mark);
    int place = place(mark.hash());
    Mark before = slot(place);
    if (before == mark) {
      SLOT.setRelease(slots, place, mark.next());
      return;
    }
    while (before != null && before.next() != mark) {
      before = before.next();
    }
    if (before != null) {
      before.next(mark.next());
    }
  }

  /** The one whose last purge is the longest ago, or null without any. */
  @Nullable Mark oldest() {
    return oldest;
  }

  /** All of them, the oldest first. */
  void forEach(Consumer<Mark> visitor) {
    for (Mark mark = oldest; mark != null; mark = mark.newer()) {
      visitor.accept(mark);
    }
  }

  private void append(Mark mark) {
    Mark last = newest;
    mark.older(last);
    mark.newer(null);
    if (last == null) {
      oldest = mark;
    } else {
      last.newer(mark);
    }
    newest = mark;
  }

  private void leaveOrder(Mark mark) {
    Mark older = mark.older();
    Mark newer = mark.newer();
    if (older == null) {
      oldest = newer;
    } else {
      older.newer(newer);
    }
    if (newer == null) {
      newest = older;
    } else {
      newer.older(older);
    }
  }

  private @Nullable Mark slot(int place) {
    return (Mark) SLOT.getAcquire(slots, place);
  }

  private int place(long hash) {
    return (int) hash & (slots.length - 1);
  }

  private static long hash(Service service, Kind kind, long textHash) {
    return Hashes.spread(textHash ^ service.salt() ^ kind.salt());
  }
}
