package oca.server.fill;

import java.time.Duration;
import oca.config.Default;
import oca.config.Live;

/**
 * How filling makes way for viewers.
 *
 * @param above the share of what the appliance can serve, in bandwidth or connections, above which
 *     filling slows down
 * @param below the share below which it becomes faster again; less than {@code above}
 * @param diskWait the longest that viewers' answers may stand still for a disk on average, above
 *     which filling slows down; below half of it and of {@code diskQueue} it becomes faster again
 * @param diskQueue so many reads of viewers may wait for disks
 * @param floor the part of the manifest's rate that is always left to it
 * @param interval between two looks at the load
 */
public record YieldConfig(
    @Live @Default("0.8") double above,
    @Live @Default("0.6") double below,
    @Live @Default("30ms") Duration diskWait,
    @Live @Default("32") int diskQueue,
    @Live @Default("0.05") double floor,
    @Default("250ms") Duration interval) {
  public YieldConfig {
    if (!(below > 0 && below < above && above <= 1)) {
      throw new IllegalArgumentException(
          "yield.below must be above 0 and less than yield.above, and that 1 at most");
    }
    if (!diskWait.isPositive() || diskQueue < 1) {
      throw new IllegalArgumentException(
          "yield.diskWait must be above zero, and yield.diskQueue 1 or more");
    }
    if (!(floor > 0 && floor <= 1)) {
      throw new IllegalArgumentException("yield.floor must be above 0, 1 at most");
    }
    if (!interval.isPositive()) {
      throw new IllegalArgumentException("yield.interval must be above zero");
    }
  }
}
