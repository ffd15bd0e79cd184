package oca.protocol.http;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The Date field (RFC 9110, section 6.6.1), made once a second. Safe on any thread. */
final class DateLine {
  private static final DateTimeFormatter FORM =
      DateTimeFormatter.ofPattern("'Date: 'EEE, dd MMM yyyy HH:mm:ss 'GMT\r\n'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private record Made(long second, byte[] line) {}

  private final InstantSource clock;
  private volatile Made made = new Made(Long.MIN_VALUE, new byte[0]);

  DateLine(InstantSource clock) {
    this.clock = clock;
  }

  /** With its line end; not to be written to. */
  byte[] bytes() {
    long second = Math.floorDiv(clock.millis(), 1000L);
    Made last = made;
    if (last.second != second) {
      String line = FORM.format(Instant.ofEpochSecond(second));
      last = new Made(second, line.getBytes(StandardCharsets.US_ASCII));
      made = last;
    }
    return last.line;
  }
}
