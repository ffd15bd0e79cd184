package oca.server.caching;

import java.util.List;
import java.util.OptionalLong;
import oca.server.range.HttpDate;

/**
 * Dates as caches read them (RFC 9111, section 4.2): in any case, and in UTC as well as in GMT;
 * another zone, like anything else that is no date, is none. Seconds since 1970.
 *
 * <p>A year of two digits is one of 1970 to 2069; a date of which the weekday is wrong is none.
 */
final class CacheDates {
  /** None of the three forms is longer. */
  private static final int MAX_LENGTH = 40;

  private CacheDates() {}

  static OptionalLong parse(String text) {
    return text.length() > MAX_LENGTH ? OptionalLong.empty() : HttpDate.parse(spelled(text));
  }

  /** The earliest of a field's lines; empty without a line, or when any of them is no date. */
  static OptionalLong earliest(List<String> lines) {
    long earliest = Long.MAX_VALUE;
    for (String line : lines) {
      OptionalLong second = parse(line);
      if (second.isEmpty()) {
        return OptionalLong.empty();
      }
      earliest = Math.min(earliest, second.getAsLong());
    }
    return lines.isEmpty() ? OptionalLong.empty() : OptionalLong.of(earliest);
  }

  /** With each word as the sender should have spelled it, and GMT for UTC. */
  private static String spelled(String text) {
    StringBuilder out = new StringBuilder(Grammar.lower(Grammar.trim(text)));
    int zone = out.length() - 3;
    if (zone > 0 && (out.indexOf("gmt", zone) == zone || out.indexOf("utc", zone) == zone)) {
      out.replace(zone, zone + 3, "GMT");
    } else {
      zone = out.length();
    }
    for (int i = 0; i < zone; i++) {
      boolean begins = i == 0 || !Grammar.isLetter(out.charAt(i - 1));
      if (begins && Grammar.isLetter(out.charAt(i))) {
        out.setCharAt(i, (char) (out.charAt(i) & ~0x20));
      }
    }
    return out.toString();
  }
}
