package oca.server.upstream;

import java.time.Duration;
import java.util.OptionalLong;
import oca.server.caching.FieldSection;
import oca.server.range.HttpDate;
import org.jspecify.annotations.Nullable;

/** The field Retry-After (RFC 9110, section 10.2.3): seconds, or a date. */
final class RetryAfter {
  private static final int MAX_DIGITS = 9;

  private RetryAfter() {}

  /**
   * For how long the sender wants to be left alone; zero when it does not say so, or not rightly.
   *
   * @param nowMillis since 1970
   * @param most the longest that is believed
   */
  static Duration of(FieldSection fields, long nowMillis, Duration most) {
    @Nullable String value = fields.first("Retry-After");
    if (value == null || value.isEmpty()) {
      return Duration.ZERO;
    }
    long millis;
    if (value.chars().allMatch(Octets::isDigit)) {
      millis = value.length() > MAX_DIGITS ? Long.MAX_VALUE : Long.parseLong(value) * 1000;
    } else {
      OptionalLong date = HttpDate.parse(value);
      millis = date.isPresent() ? date.getAsLong() * 1000 - nowMillis : 0;
    }
    return Duration.ofMillis(Math.clamp(millis, 0, most.toMillis()));
  }
}
