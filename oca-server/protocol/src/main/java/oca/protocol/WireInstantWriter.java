package oca.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;

/**
 * Writes instants as {@link Instant#toString} does: of the years 0 to 9999 by hand, for each record
 * has one and the library's formatter takes as long for it as for the rest of a line.
 */
final class WireInstantWriter extends StdSerializer<Instant> {
  private static final long serialVersionUID = 1;
  private static final long EARLIEST = -62_167_219_200L;
  private static final long LATEST = 253_402_300_799L;
  private static final int DAY = 86_400;

  WireInstantWriter() {
    super(Instant.class);
  }

  @Override
  public void serialize(Instant instant, JsonGenerator json, SerializerProvider provider)
      throws IOException {
    if (instant.getEpochSecond() < EARLIEST || instant.getEpochSecond() > LATEST) {
      json.writeString(instant.toString());
    } else {
      char[] text = new char[30];
      json.writeString(text, 0, write(instant, text));
    }
  }

  /** Writes one of the years 0 to 9999; how long it is. */
  static int write(Instant instant, char[] text) {
    long second = instant.getEpochSecond();
    LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(second, DAY));
    int ofDay = Math.floorMod(second, DAY);
    digits(date.getYear(), 4, text, 0);
    text[4] = '-';
    digits(date.getMonthValue(), 2, text, 5);
    text[7] = '-';
    digits(date.getDayOfMonth(), 2, text, 8);
    text[10] = 'T';
    digits(ofDay / 3600, 2, text, 11);
    text[13] = ':';
    digits(ofDay / 60 % 60, 2, text, 14);
    text[16] = ':';
    digits(ofDay % 60, 2, text, 17);
    int end = 19;
    int nanos = instant.getNano();
    if (nanos > 0) {
      text[end++] = '.';
      if (nanos % 1_000_000 == 0) {
        end = digits(nanos / 1_000_000, 3, text, end);
      } else if (nanos % 1_000 == 0) {
        end = digits(nanos / 1_000, 6, text, end);
      } else {
        end = digits(nanos, 9, text, end);
      }
    }
    text[end] = 'Z';
    return end + 1;
  }

  private static int digits(int number, int count, char[] text, int from) {
    int rest = number;
    for (int i = from + count - 1; i >= from; i--) {
      text[i] = (char) ('0' + rest % 10);
      rest /= 10;
    }
    return from + count;
  }
}
