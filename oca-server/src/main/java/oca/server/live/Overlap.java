package oca.server.live;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.List;

/**
 * Whether some path is of two forms at once: a walk through both, side by side, as through the
 * product of two automata. Lists of renditions do not tell two forms apart, since an unknown
 * rendition is an answer too.
 */
final class Overlap {
  /** One digit. */
  static final int DIGIT = -1;

  /** Any number of digits. */
  static final int DIGITS = -2;

  /** One character other than a slash. */
  static final int NO_SLASH = -3;

  /** Any number of them. */
  static final int NO_SLASHES = -4;

  /** Any number of any characters. */
  static final int ANYTHING = -5;

  private Overlap() {}

  static boolean of(PathTemplate one, PathTemplate other) {
    boolean mayBe =
        one.prefix().startsWith(other.prefix()) || other.prefix().startsWith(one.prefix());
    return mayBe && walk(one.shape(), other.shape());
  }

  private static boolean walk(List<Integer> one, List<Integer> other) {
    int width = other.size() + 1;
    BitSet seen = new BitSet();
    ArrayDeque<Integer> open = new ArrayDeque<>();
    open.add(0);
    while (!open.isEmpty()) {
      int place = open.remove();
      if (seen.get(place)) {
        continue;
      }
      seen.set(place);
      int i = place / width;
      int j = place % width;
      boolean ends = i == one.size();
      boolean otherEnds = j == other.size();
      if (ends && otherEnds) {
        return true;
      }
      if (!ends && repeats(one.get(i))) {
        open.add((i + 1) * width + j);
      }
      if (!otherEnds && repeats(other.get(j))) {
        open.add(i * width + j + 1);
      }
      if (!ends && !otherEnds && meet(one.get(i), other.get(j))) {
        int nextI = repeats(one.get(i)) ? i : i + 1;
        int nextJ = repeats(other.get(j)) ? j : j + 1;
        open.add(nextI * width + nextJ);
      }
    }
    return false;
  }

  private static boolean repeats(int code) {
    return code == DIGITS || code == NO_SLASHES || code == ANYTHING;
  }

  /** Whether one character is of both. */
  private static boolean meet(int a, int b) {
    if (a < 0 && b < 0) {
      return true;
    }
    return a < 0 ? has(a, b) : b < 0 ? has(b, a) : a == b;
  }

  private static boolean has(int code, int character) {
    return switch (code) {
      case DIGIT, DIGITS -> character >= '0' && character <= '9';
      case NO_SLASH, NO_SLASHES -> character != '/';
      default -> true;
    };
  }
}
