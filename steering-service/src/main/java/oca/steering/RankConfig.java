package oca.steering;

import java.time.Duration;
import oca.config.Default;
import oca.steering.rank.Rules;

/**
 * How appliances are chosen among their equals.
 *
 * @param spread when more than this share of a site's appliances holds a title, its viewers are
 *     spread over all of those by load; else they are kept together on its holders; 0 to 1
 * @param bound where viewers are kept together, no appliance is preferred that is loaded more than
 *     this times the mean of the title's holders; 1 or more
 * @param stay a viewer stays where it is unless its better has this much more headroom, each times
 *     its share by what players tell; 0 to 1
 * @param slowStart for how long the share of an appliance that was started, or came back, grows
 *     from none to the whole; 0s gives it the whole at once
 */
public record RankConfig(
    @Default("0.5") double spread,
    @Default("1.25") double bound,
    @Default("0.1") double stay,
    @Default("60s") Duration slowStart) {

  private static final double MAX_BOUND = 100;
  private static final Duration MAX_SLOW_START = Duration.ofDays(1);

  public RankConfig {
    require(spread >= 0 && spread <= 1, "ranking.spread must be 0 to 1");
    require(bound >= 1 && bound <= MAX_BOUND, "ranking.bound must be 1 to 100");
    require(stay >= 0 && stay <= 1, "ranking.stay must be 0 to 1");
    require(
        !slowStart.isNegative() && slowStart.compareTo(MAX_SLOW_START) <= 0,
        "ranking.slowStart must be 0s to 24h");
  }

  Rules rules(double headroomFloor, int most) {
    return new Rules(headroomFloor, most, spread, bound, stay, slowStart);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
