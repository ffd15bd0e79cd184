package oca.whatif;

import java.time.Instant;

/**
 * A stretch of time.
 *
 * @param from belongs to it
 * @param to does not
 */
public record Span(Instant from, Instant to) {
  /** All of time. */
  public static final Span ALWAYS = new Span(Instant.MIN, Instant.MAX);

  public Span {
    if (!from.isBefore(to)) {
      throw new IllegalArgumentException(from + " is not before " + to);
    }
  }

  /** Whether that moment belongs to it. */
  public boolean has(Instant moment) {
    return !moment.isBefore(from) && moment.isBefore(to);
  }
}
