package oca.fill.evaluate;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Splits CSV (RFC 4180, UTF-8, but no line break within quotes) into fields without copying.
 *
 * <p>A line that is too long, has too many fields or an open quote is told apart by {@link
 * #flaw()}; the next line is read as if nothing had been. Fields are valid until the next line.
 */
final class CsvLines implements AutoCloseable {
  static final int MAX_LINE = 64 * 1024;
  static final int MAX_FIELDS = 256;
  private static final int MAX_SHOWN = 60;

  private final InputStream in;
  private final int[] from = new int[MAX_FIELDS];
  private final int[] to = new int[MAX_FIELDS];
  private byte[] bytes = new byte[1 << 20];
  private int next;
  private int filled;
  private boolean ended;
  private int fields;
  private long line;
  private String flaw = "";

  CsvLines(InputStream in) {
    this.in = in;
  }

  /** Goes to the next line that is not blank; false when there is none. */
  boolean next() throws IOException {
    while (true) {
      int end = lineEnd();
      if (end < 0) {
        return false;
      }
      line++;
      int start = next;
      next = Math.min(end + 1, filled);
      if (line == 1 && startsWithMark(start, end)) {
        start += 3;
      }
      int last = end > start && bytes[end - 1] == '\r' ? end - 1 : end;
      if (!flaw.isEmpty()) {
        fields = 0;
        return true;
      }
      if (last > start) {
        split(start, last);
        return true;
      }
    }
  }

  /** Number of the line, from 1. */
  long line() {
    return line;
  }

  /** Why the line cannot be split; empty when it was. */
  String flaw() {
    return flaw;
  }

  int fields() {
    return fields;
  }

  byte[] bytes() {
    return bytes;
  }

  int from(int field) {
    return from[field];
  }

  int to(int field) {
    return to[field];
  }

  String text(int field) {
    return new String(bytes, from[field], to[field] - from[field], StandardCharsets.UTF_8);
  }

  /** A field as it may be shown: quoted, shortened, without control characters. */
  String shown(int field) {
    return shown(text(field));
  }

  static String shown(String text) {
    String cut = text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "..." : text;
    return '"' + cut.replaceAll("\\p{Cntrl}", "?") + '"';
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** Index of the line's end, having all of it in the buffer; -1 at the end of all. */
  private int lineEnd() throws IOException {
    flaw = "";
    int at = next;
    while (true) {
      for (; at < filled; at++) {
        if (bytes[at] == '\n') {
          passOver(at);
          return at;
        }
      }
      passOver(at);
      if (ended) {
        return flaw.isEmpty() && next == filled ? -1 : filled;
      }
      at = refill(at);
    }
  }

  /** Forgets a line that is too long as far as it has been read. */
  private void passOver(int at) {
    if (at - next > MAX_LINE) {
      flaw = "the line is longer than " + MAX_LINE + " bytes; shorten it";
      next = at;
    }
  }

  private int refill(int at) throws IOException {
    System.arraycopy(bytes, next, bytes, 0, filled - next);
    int moved = next;
    filled -= moved;
    next = 0;
    int read = in.read(bytes, filled, bytes.length - filled);
    if (read < 0) {
      ended = true;
    } else {
      filled += read;
    }
    return at - moved;
  }

  private boolean startsWithMark(int start, int end) {
    return end - start >= 3
        && bytes[start] == (byte) 0xEF
        && bytes[start + 1] == (byte) 0xBB
        && bytes[start + 2] == (byte) 0xBF;
  }

  private void split(int start, int end) {
    fields = 0;
    int at = start;
    while (true) {
      if (fields == MAX_FIELDS) {
        flaw = "the line has more than " + MAX_FIELDS + " fields; leave some out";
        return;
      }
      at = at < end && bytes[at] == '"' ? quoted(at, end) : plain(at, end);
      if (at < 0 || at >= end) {
        return;
      }
      at++;
    }
  }

  /** Takes a field; the index of the comma behind it, or the end. */
  private int plain(int start, int end) {
    int at = start;
    while (at < end && bytes[at] != ',') {
      at++;
    }
    take(start, at);
    return at;
  }

  private int quoted(int start, int end) {
    int write = start + 1;
    int at = start + 1;
    while (at < end) {
      if (bytes[at] != '"') {
        bytes[write++] = bytes[at++];
      } else if (at + 1 < end && bytes[at + 1] == '"') {
        bytes[write++] = '"';
        at += 2;
      } else {
        take(start + 1, write);
        at++;
        if (at < end && bytes[at] != ',') {
          flaw = "there is text behind a closing quote; double quotes that belong to the text";
          return -1;
        }
        return at;
      }
    }
    flaw = "a quote is not closed on its line; close it";
    return -1;
  }

  private void take(int start, int end) {
    int first = start;
    int last = end;
    while (first < last && bytes[first] == ' ') {
      first++;
    }
    while (last > first && bytes[last - 1] == ' ') {
      last--;
    }
    from[fields] = first;
    to[fields] = last;
    fields++;
  }

  /**
   * A decimal number without sign, as a whole number; fractions are rounded.
   *
   * @return empty when it is none, or above 2^60
   */
  Optional<Long> amount(int field) {
    long value = digits(field);
    if (value >= 0) {
      return Optional.of(value);
    }
    double number = number(field);
    return number >= 0 && number <= (1L << 60) ? Optional.of(Math.round(number)) : Optional.empty();
  }

  /** The value of plain digits, -1 when the field is anything else. */
  long digits(int field) {
    int start = from[field];
    int end = to[field];
    if (end == start || end - start > 18) {
      return -1;
    }
    long value = 0;
    for (int at = start; at < end; at++) {
      int digit = bytes[at] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = 10 * value + digit;
    }
    return value <= 1L << 60 ? value : -1;
  }

  /** A number in decimal or scientific notation; NaN when it is none. */
  double number(int field) {
    int start = from[field];
    int end = to[field];
    if (end == start || end - start > 40) {
      return Double.NaN;
    }
    for (int at = start; at < end; at++) {
      byte letter = bytes[at];
      if ((letter < '0' || letter > '9') && "+-.eE".indexOf(letter) < 0) {
        return Double.NaN;
      }
    }
    try {
      return Double.parseDouble(new String(bytes, start, end - start, StandardCharsets.ISO_8859_1));
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  boolean same(int field, byte[] other, int length) {
    return Arrays.equals(bytes, from[field], to[field], other, 0, length);
  }
}
