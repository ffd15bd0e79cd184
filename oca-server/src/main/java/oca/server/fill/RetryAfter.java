package oca.server.fill;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** {@code Retry-After}, in seconds or as a date (RFC 9110, section 10.2.3). */
final class RetryAfter {
  /** The longest that is believed. */
  static final Duration MOST = Duration.ofMinutes(10);

  private RetryAfter() {}

  /** How long the sender wants to be left alone; zero when it does not say so, or not rightly. */
  static Duration of(HttpHeaders headers, Instant now) {
    String value = headers.firstValue("Retry-After").orElse("").strip();
    if (value.matches("\\d{1,9}")) {
      return atMost(Duration.ofSeconds(Long.parseLong(value)));
    }
    Instant until = date(value);
    return until == null || until.isBefore(now)
        ? Duration.ZERO
        : atMost(Duration.between(now, until));
  }

  private static Duration atMost(Duration wanted) {
    return wanted.compareTo(MOST) > 0 ? MOST : wanted;
  }

  /** A date as it stands in a header; null when it is none. */
  static @Nullable Instant date(String text) {
    try {
      return DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from);
    } catch (DateTimeException e) {
      return null;
    }
  }
}
