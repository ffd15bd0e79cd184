package oca.server.range;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** Dates in header fields (RFC 9110, section 5.6.7), to the second. */
public final class HttpDate {
  private static final DateTimeFormatter IMF_FIXDATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH);

  /** RFC 850 has two digits for the year; we read 1970 to 2069, as there is no clock here. */
  private static final DateTimeFormatter RFC_850 =
      new DateTimeFormatterBuilder()
          .appendPattern("EEEE, dd-MMM-")
          .appendValueReduced(ChronoField.YEAR, 2, 2, 1970)
          .appendPattern(" HH:mm:ss 'GMT'")
          .toFormatter(Locale.ENGLISH);

  private static final DateTimeFormatter ASCTIME =
      DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.ENGLISH);

  private HttpDate() {}

  /** The form that is sent, such as {@code Sun, 06 Nov 1994 08:49:37 GMT}. */
  public static String format(long second) {
    return IMF_FIXDATE.format(Instant.ofEpochSecond(second).atOffset(ZoneOffset.UTC));
  }

  /** Reads that form and the two obsolete ones; empty for anything else. */
  public static OptionalLong parse(String text) {
    for (DateTimeFormatter form : List.of(IMF_FIXDATE, RFC_850, ASCTIME)) {
      OptionalLong second = parse(text.strip(), form);
      if (second.isPresent()) {
        return second;
      }
    }
    return OptionalLong.empty();
  }

  private static OptionalLong parse(String text, DateTimeFormatter form) {
    try {
      return OptionalLong.of(LocalDateTime.parse(text, form).toEpochSecond(ZoneOffset.UTC));
    } catch (DateTimeException e) {
      // A field with a date that is none is ignored (section 13.1.3).
      return OptionalLong.empty();
    }
  }
}
