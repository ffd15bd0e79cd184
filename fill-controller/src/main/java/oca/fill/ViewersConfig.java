package oca.fill;

import java.time.Duration;
import oca.config.Default;
import oca.fill.viewers.Tolerance;
import oca.fill.viewers.ViewerLimits;

/**
 * What is kept of what viewers get, and when that is not as it should be.
 *
 * @param slice figures are kept for each so long
 * @param span for so long
 * @param cells sums of a site in a slice, at most, about 250 bytes each; beyond, further sites are
 *     summed up
 * @param sessions of players that are remembered, so that each start is counted once; about 150
 *     bytes each
 * @param late the share of bytes that may take longer than they play, 0 to 1
 * @param starved the share of responses whose player may have run out of media, 0 to 1
 * @param failed the share of answers that may be a 5xx, 0 to 1
 * @param firstByte 95 in a hundred first bytes of a site are to be within this
 * @param least with fewer responses of a site in a minute nothing is said of it
 */
public record ViewersConfig(
    @Default("5s") Duration slice,
    @Default("1h") Duration span,
    @Default("100000") int cells,
    @Default("200000") int sessions,
    @Default("0.05") double late,
    @Default("0.02") double starved,
    @Default("0.01") double failed,
    @Default("500ms") Duration firstByte,
    @Default("20") int least) {
  public ViewersConfig {
    new ViewerLimits(slice, span, cells, sessions);
    new Tolerance(late, starved, failed, firstByte, least);
  }

  ViewerLimits limits() {
    return new ViewerLimits(slice, span, cells, sessions);
  }

  Tolerance tolerance() {
    return new Tolerance(late, starved, failed, firstByte, least);
  }
}
