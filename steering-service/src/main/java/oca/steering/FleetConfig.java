package oca.steering;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import oca.config.ByteSize;
import oca.config.Default;
import oca.config.Live;
import oca.steering.fleet.Liveness;
import oca.steering.fleet.LossRules;

/**
 * How appliances are watched, besides {@code lease}.
 *
 * @param suspect an appliance not heard for this long comes behind those that are; not above lease
 * @param forget one not heard for this long is in no answer, even when nobody else is left
 * @param lostShare when more of the fleet than this falls silent within {@code lostWindow}, the
 *     fault is taken for our own, and nobody is evicted; 0 to 1
 * @param lostLeast so many must be lost for that, whatever the share; 1 or more
 * @param lostWindow within which so many must fall silent for that
 * @param freezeAtMost after this those lost are evicted nevertheless; above {@code lostWindow}
 * @param tick how often the watchdog looks; four times this without a look is a pause of ours
 * @param settle for how long leases stand still after a pause; a heartbeat interval
 * @param startShare of the saved fleet must be heard before {@code /v1/ready} says so; 0 to 1
 * @param startWait the longest that it waits; those saved are kept as suspects as long
 * @param file where the fleet is kept over a restart; nowhere when not given
 * @param saveInterval between two saves
 * @param fileLimit a longer file is neither written nor read
 */
public record FleetConfig(
    @Live @Default("2s") Duration suspect,
    @Live @Default("24h") Duration forget,
    @Live @Default("0.15") double lostShare,
    @Live @Default("2") int lostLeast,
    @Live @Default("10s") Duration lostWindow,
    @Live @Default("10min") Duration freezeAtMost,
    @Default("100ms") Duration tick,
    @Default("1s") Duration settle,
    @Default("0.8") double startShare,
    @Default("5s") Duration startWait,
    Optional<Path> file,
    @Default("10s") Duration saveInterval,
    @Default("64MiB") ByteSize fileLimit) {

  private static final int TICKS_OF_A_PAUSE = 4;
  private static final int TICKS_AHEAD = 2;

  public FleetConfig {
    require(suspect.isPositive(), "suspect must be above 0");
    require(lostShare >= 0 && lostShare <= 1, "lostShare must be 0 to 1");
    require(lostLeast > 0, "lostLeast must be above 0");
    require(lostWindow.isPositive(), "lostWindow must be above 0");
    require(freezeAtMost.compareTo(lostWindow) > 0, "freezeAtMost must be above lostWindow");
    require(tick.toMillis() > 0, "tick must be 1ms or more");
    require(!settle.isNegative(), "settle must be 0 or more");
    require(startShare >= 0 && startShare <= 1, "startShare must be 0 to 1");
    require(!startWait.isNegative(), "startWait must be 0 or more");
    require(saveInterval.toMillis() > 0, "saveInterval must be 1ms or more");
    require(
        fileLimit.bytes() > 0 && fileLimit.bytes() < 1 << 30,
        "fileLimit must be above 0B and below 1GiB");
  }

  Liveness liveness(Duration lease) {
    return new Liveness(suspect, lease, forget);
  }

  LossRules lossRules() {
    return new LossRules(
        lostShare, lostLeast, lostWindow, freezeAtMost, tick.multipliedBy(TICKS_AHEAD));
  }

  Duration tolerance() {
    return tick.multipliedBy(TICKS_OF_A_PAUSE);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
