package oca.server.range;

import oca.model.ByteRange;

/**
 * The Range header field (RFC 9110, sections 14.1.2 and 14.2).
 *
 * <p>One range is served: {@code bytes=0-499}, open {@code bytes=500-}, or the file's end {@code
 * bytes=-500}. Several ranges, another unit, and whatever is malformed are ignored as if the field
 * were absent, so that the whole file is the answer: section 14.2 leaves that to the server, no
 * player asks for several, and an answer in parts could not be sent without building it.
 */
public final class RangeHeader {

  /** What a Range field selects of a file. */
  public sealed interface Selection {
    /** Nothing: the field is to be ignored. */
    record Ignored() implements Selection {}

    /** A range that lies within the file. */
    record Satisfiable(ByteRange range) implements Selection {}

    /** A proper range that holds no byte of the file. */
    record Unsatisfiable() implements Selection {}
  }

  private static final Selection IGNORED = new Selection.Ignored();
  private static final Selection UNSATISFIABLE = new Selection.Unsatisfiable();
  private static final String UNIT = "bytes=";

  private RangeHeader() {}

  /**
   * What {@code field} selects of a file of {@code length} bytes.
   *
   * <p>A file without bytes has no range at all, but its end is all of it (section 14.1.2), which
   * no Content-Range can say: {@code bytes=-5} of it is ignored.
   */
  public static Selection select(String field, long length) {
    if (!field.regionMatches(true, 0, UNIT, 0, UNIT.length())) {
      return IGNORED;
    }
    int start = skipBlanks(field, UNIT.length());
    int end = start;
    while (end < field.length() && !isBlank(field.charAt(end))) {
      end++;
    }
    // An empty list element counts for nothing (section 5.6.1.2), a second range ends it.
    if (start == end || skipBlanks(field, end) < field.length()) {
      return IGNORED;
    }
    int dash = field.indexOf('-', start);
    if (dash < 0 || !isDigits(field, start, dash) || !isDigits(field, dash + 1, end)) {
      return IGNORED;
    }
    if (dash == start) {
      return dash + 1 == end ? IGNORED : suffix(number(field, dash + 1, end), length);
    }
    long first = number(field, start, dash);
    long last = dash + 1 == end ? Long.MAX_VALUE : number(field, dash + 1, end);
    return between(first, last, length);
  }

  private static Selection between(long first, long last, long length) {
    if (last < first) {
      return IGNORED;
    }
    return first >= length
        ? UNSATISFIABLE
        : new Selection.Satisfiable(new ByteRange(first, Math.min(last, length - 1)));
  }

  private static Selection suffix(long count, long length) {
    if (count == 0) {
      return UNSATISFIABLE;
    }
    return length == 0
        ? IGNORED
        : new Selection.Satisfiable(new ByteRange(Math.max(0, length - count), length - 1));
  }

  private static int skipBlanks(String text, int from) {
    int i = from;
    while (i < text.length() && isBlank(text.charAt(i))) {
      i++;
    }
    return i;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == ',';
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
