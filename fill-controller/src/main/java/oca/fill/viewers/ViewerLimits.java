package oca.fill.viewers;

import java.time.Duration;

/**
 * How much is kept of what viewers got.
 *
 * @param slice figures are kept for each so long
 * @param span for so long
 * @param cells sums of a site in a slice, at most, about 250 bytes each; beyond, sites that are new
 *     in their slice are summed up as {@link ViewerFigures#OTHERS}
 * @param sessions of players that are remembered, the one not heard of for longest is forgotten
 *     first; about 150 bytes each
 */
public record ViewerLimits(Duration slice, Duration span, int cells, int sessions) {
  public ViewerLimits {
    if (slice.toMillis() < 1000 || slice.compareTo(Duration.ofMinutes(1)) > 0) {
      throw new IllegalArgumentException("a slice must be 1s to 1min");
    }
    if (span.compareTo(slice.multipliedBy(2)) < 0 || span.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException("the span must be two slices to one day");
    }
    if (cells < 1 || sessions < 1) {
      throw new IllegalArgumentException("cells and sessions must be 1 or more");
    }
  }
}
