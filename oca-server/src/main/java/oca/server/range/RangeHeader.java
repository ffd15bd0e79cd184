package oca.server.range;

import java.util.ArrayList;
import java.util.List;
import oca.model.ByteRange;
import org.jspecify.annotations.Nullable;

/**
 * The Range header field (RFC 9110, sections 14.1.2 and 14.2).
 *
 * <p>A range is given by its ends, {@code bytes=0-499}, open, {@code bytes=500-}, or as the file's
 * end, {@code bytes=-500}; several stand in a list. Another unit and whatever is malformed are
 * ignored as if the field were absent, so that the whole file is the answer.
 *
 * <p>Of several, those that hold no byte of the file are dropped, and those that overlap, or leave
 * out less between them than a part's head costs, are merged (section 15.3.7.2), so no byte is sent
 * twice. The order is that of the field, as that section wants it; a merged range stands where the
 * first of its members stood.
 *
 * <p>More than the limit are refused with 416, which section 15.5.17 provides for "an excessive
 * request of small or overlapping ranges". Section 14.2 would also let us ignore them; but then the
 * costliest answer there is, the whole file, would go to whom section 17.15 warns of.
 */
public final class RangeHeader {

  /** What a Range field selects of a file. */
  public sealed interface Selection {
    /** Nothing: the field is to be ignored. */
    record Ignored() implements Selection {}

    /** A range that lies within the file. */
    record Satisfiable(ByteRange range) implements Selection {}

    /**
     * Several ranges that lie within the file.
     *
     * @param ranges two or more, at least {@value #PART_OVERHEAD} bytes apart, in the order to send
     */
    record Several(List<ByteRange> ranges) implements Selection {
      public Several {
        ranges = List.copyOf(ranges);
      }
    }

    /** A proper set of ranges, none of which holds a byte of the file. */
    record Unsatisfiable() implements Selection {}

    /** More ranges than are served at once. */
    record TooMany() implements Selection {}
  }

  /** What a part costs beside its bytes, about, in bytes (section 15.3.7.2). */
  static final int PART_OVERHEAD = 80;

  private static final Selection IGNORED = new Selection.Ignored();
  private static final Selection UNSATISFIABLE = new Selection.Unsatisfiable();
  private static final Selection TOO_MANY = new Selection.TooMany();
  private static final String UNIT = "bytes=";

  private RangeHeader() {}

  /**
   * What {@code field} selects of a file of {@code length} bytes.
   *
   * <p>A file without bytes has no range at all, but its end is all of it (section 14.1.2), which
   * no Content-Range can say: {@code bytes=-5} of it is ignored.
   *
   * @param maxRanges how many ranges the field may list, 1 or more; nothing is read behind them
   */
  public static Selection select(String field, long length, int maxRanges) {
    if (!hasUnit(field)) {
      return IGNORED;
    }
    List<ByteRange> ranges = new ArrayList<>(4);
    boolean endOfNothing = false;
    int listed = 0;
    int comma;
    for (int at = UNIT.length(); at < field.length(); at = comma + 1) {
      comma = commaFrom(field, at);
      int start = skipBlanks(field, at, comma);
      int end = dropBlanks(field, start, comma);
      // An empty list element counts for nothing (section 5.6.1.2).
      if (start == end) {
        continue;
      }
      if (++listed > maxRanges) {
        return TOO_MANY;
      }
      int dash = field.indexOf('-', start);
      if (!isRange(field, start, dash, end)) {
        return IGNORED;
      }
      long first = firstOf(field, start, dash, end, length);
      if (first < length) {
        merge(ranges, new ByteRange(first, lastOf(field, start, dash, end, length)));
      } else {
        endOfNothing |= length == 0 && dash == start && number(field, dash + 1, end) > 0;
      }
    }
    return listed == 0 || endOfNothing ? IGNORED : selection(ranges);
  }

  /**
   * The range of a field that is a single one within the file; null for every other field, of which
   * {@link #select} tells more. Most requests stop here, and make no more than this one object.
   */
  static @Nullable ByteRange single(String field, long length) {
    int start = UNIT.length();
    int end = field.length();
    int dash = field.indexOf('-', start);
    if (!hasUnit(field) || !isRange(field, start, dash, end)) {
      return null;
    }
    long first = firstOf(field, start, dash, end, length);
    return first < length ? new ByteRange(first, lastOf(field, start, dash, end, length)) : null;
  }

  private static Selection selection(List<ByteRange> ranges) {
    if (ranges.isEmpty()) {
      return UNSATISFIABLE;
    }
    return ranges.size() == 1
        ? new Selection.Satisfiable(ranges.getFirst())
        : new Selection.Several(ranges);
  }

  /**
   * Adds a range, or has it swallow those it meets and take the place of the first of them. Once
   * through is enough: those it does not meet are apart from all that it swallows.
   */
  private static void merge(List<ByteRange> ranges, ByteRange added) {
    ByteRange merged = added;
    int place = -1;
    for (int i = 0; i < ranges.size(); ) {
      ByteRange other = ranges.get(i);
      if (other.first() - merged.last() > PART_OVERHEAD
          || merged.first() - other.last() > PART_OVERHEAD) {
        i++;
        continue;
      }
      merged =
          new ByteRange(
              Math.min(merged.first(), other.first()), Math.max(merged.last(), other.last()));
      ranges.remove(i);
      place = place < 0 ? i : place;
    }
    ranges.add(place < 0 ? ranges.size() : place, merged);
  }

  private static boolean hasUnit(String field) {
    return field.regionMatches(true, 0, UNIT, 0, UNIT.length());
  }

  /** Whether {@code from} to {@code to} is an int-range or a suffix-range (section 14.1.1). */
  private static boolean isRange(String field, int from, int dash, int to) {
    return dash >= from
        && to - from > 1
        && isDigits(field, from, dash)
        && isDigits(field, dash + 1, to)
        && (dash == from
            || dash + 1 == to
            || number(field, from, dash) <= number(field, dash + 1, to));
  }

  /** The first byte of a range, or {@code length} and more when it holds no byte of the file. */
  private static long firstOf(String field, int from, int dash, int to, long length) {
    return dash == from
        ? Math.max(0, length - number(field, dash + 1, to))
        : number(field, from, dash);
  }

  /** The last byte of a range that holds some byte of the file. */
  private static long lastOf(String field, int from, int dash, int to, long length) {
    boolean open = dash == from || dash + 1 == to;
    return open ? length - 1 : Math.min(number(field, dash + 1, to), length - 1);
  }

  private static int commaFrom(String text, int from) {
    int comma = text.indexOf(',', from);
    return comma < 0 ? text.length() : comma;
  }

  private static int skipBlanks(String text, int from, int to) {
    int i = from;
    while (i < to && isBlank(text.charAt(i))) {
      i++;
    }
    return i;
  }

  private static int dropBlanks(String text, int from, int to) {
    int i = to;
    while (i > from && isBlank(text.charAt(i - 1))) {
      i--;
    }
    return i;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  private static boolean isDigits(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /** The number, or the largest there is: no file is that long. */
  private static long number(String text, int from, int to) {
    long value = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (value > (Long.MAX_VALUE - digit) / 10) {
        return Long.MAX_VALUE;
      }
      value = value * 10 + digit;
    }
    return value;
  }
}
