package oca.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.datatype.jsr310.deser.InstantDeserializer;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import org.jspecify.annotations.Nullable;

/**
 * Instants of messages. What {@link Instant#toString} writes of the years 0 to 9999 is read by
 * hand, in a tenth of the time, for each record has one; everything else is left to Jackson.
 */
final class WireInstant extends StdDeserializer<Instant> {
  private static final long serialVersionUID = 1;
  private static final int SECONDS = 20;
  private static final int MOST_DIGITS = 9;

  WireInstant() {
    super(Instant.class);
  }

  @Override
  public Instant deserialize(JsonParser parser, DeserializationContext context) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      Instant usual = parse(parser.getText());
      if (usual != null) {
        return usual;
      }
    }
    return InstantDeserializer.INSTANT.deserialize(parser, context);
  }

  /** Such as 2026-11-01T12:00:00Z, with up to nine digits of a second; null for all else. */
  static @Nullable Instant parse(String text) {
    int length = text.length();
    if (length < SECONDS
        || length > SECONDS + 1 + MOST_DIGITS
        || text.charAt(4) != '-'
        || text.charAt(7) != '-'
        || text.charAt(10) != 'T'
        || text.charAt(13) != ':'
        || text.charAt(16) != ':'
        || text.charAt(length - 1) != 'Z'
        || (length > SECONDS && (text.charAt(19) != '.' || length == SECONDS + 1))) {
      return null;
    }
    int year = digits(text, 0, 4);
    int month = digits(text, 5, 7);
    int day = digits(text, 8, 10);
    int hour = digits(text, 11, 13);
    int minute = digits(text, 14, 16);
    int second = digits(text, 17, 19);
    int nanos = length > SECONDS ? digits(text, SECONDS, length - 1) : 0;
    // All of them at once: a sign of any is that of all.
    if ((year | month | day | hour | minute | second | nanos) < 0
        || month < 1
        || month > 12
        || day < 1
        || day > YearMonth.of(year, month).lengthOfMonth()
        || hour > 23
        || minute > 59
        || second > 59) {
      return null;
    }
    for (int i = length - 1 - SECONDS; i > 0 && i < MOST_DIGITS; i++) {
      nanos *= 10;
    }
    long seconds = LocalDate.of(year, month, day).toEpochDay() * 86_400;
    return Instant.ofEpochSecond(seconds + hour * 3600L + minute * 60L + second, nanos);
  }

  /** The number; below 0 when there is anything but digits. */
  private static int digits(String text, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }
}
