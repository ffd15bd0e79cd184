package oca.server.cmcd;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A number, or since version 2 a list of numbers with the object types that they belong to: {@code
 * (3000;v 128;a)}.
 *
 * <p>One request is for one object, so one number is wanted: the one marked with the object's type,
 * else the first without a mark, else that of all types together. The last is not asked for an
 * audio or a video object: what is told of the other says nothing of it.
 */
final class Amounts {
  /** What several numbers are together. */
  enum Together {
    /** Bitrates that play at once. */
    SUM,
    /** Buffers: playback stops when the first runs dry. */
    LEAST,
    /** Measurements of one line: the largest is nearest to what it can do. */
    MOST
  }

  private int unmarked = -1;
  private @Nullable Map<ObjectType, Integer> marked;

  void add(int amount, @Nullable ObjectType type) {
    if (type == null) {
      unmarked = unmarked < 0 ? amount : unmarked;
      return;
    }
    Map<ObjectType, Integer> into = marked;
    if (into == null) {
      into = new EnumMap<>(ObjectType.class);
      marked = into;
    }
    into.put(type, amount);
  }

  /** The number for an object of the type, null for one of unknown type; -1 when there is none. */
  int of(@Nullable ObjectType type, Together together) {
    Map<ObjectType, Integer> from = marked;
    if (from == null) {
      return unmarked;
    }
    Integer own = type == null ? null : from.get(type);
    if (own != null) {
      return own;
    }
    if (unmarked >= 0 || type == ObjectType.AUDIO || type == ObjectType.VIDEO) {
      return unmarked;
    }
    long all = -1;
    for (int amount : from.values()) {
      all = all < 0 ? amount : both(all, amount, together);
    }
    return (int) Math.min(all, Integer.MAX_VALUE);
  }

  private static long both(long one, int other, Together together) {
    return switch (together) {
      case SUM -> one + other;
      case LEAST -> Math.min(one, other);
      case MOST -> Math.max(one, other);
    };
  }
}
