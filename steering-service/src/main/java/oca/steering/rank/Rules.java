package oca.steering.rank;

import java.time.Duration;

/**
 * What an operator sets of the ranking.
 *
 * @param headroomFloor an appliance with a smaller free share gets no new viewers; 0 to 1
 * @param most appliances in an answer, besides the origin; 1 or more
 * @param spread when more than this share of a site's appliances holds what is asked for, its
 *     viewers are spread over all of those by load; else they are kept together; 0 to 1
 * @param bound of those that keep viewers together, none is preferred that is loaded more than this
 *     times their mean; 1 or more
 * @param stay a viewer stays where it is unless its better has this much more room; 0 to 1
 * @param slowStart for how long the share of one that was started grows to the whole; 0 for at once
 */
public record Rules(
    double headroomFloor, int most, double spread, double bound, double stay, Duration slowStart) {

  public Rules {
    require(headroomFloor >= 0 && headroomFloor <= 1, "headroomFloor must be 0 to 1");
    require(most >= 1, "an answer must have room for 1 or more");
    require(spread >= 0 && spread <= 1, "spread must be 0 to 1");
    require(bound >= 1 && bound < Double.POSITIVE_INFINITY, "bound must be 1 or more");
    require(stay >= 0 && stay <= 1, "stay must be 0 to 1");
    require(!slowStart.isNegative(), "slowStart must be 0 or more");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
