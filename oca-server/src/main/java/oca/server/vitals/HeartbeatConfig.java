package oca.server.vitals;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import oca.config.Default;
import oca.config.Live;

/**
 * To whom and how often the appliance says that it is there.
 *
 * @param steering steering services, each told at {@code /v1/heartbeats}, {@code /v1/inventories}
 *     and {@code /v1/inventory-deltas}; the fill controller is told besides
 * @param interval between two heartbeats to one target, on the average
 * @param jitter the share of the interval by which each is shorter or longer, so that appliances
 *     started together do not beat together; 0 to 0.5
 * @param timeout after which a heartbeat that is not answered is given up for the next one; a
 *     receiver that hangs is beaten again so much sooner
 * @param farewell the longest that closing waits for the last, draining heartbeat
 * @param journal so many changes of files are remembered, to tell a target what changed instead of
 *     all; about 100 bytes each; 0 or more
 */
public record HeartbeatConfig(
    List<URI> steering,
    @Live @Default("1s") Duration interval,
    @Default("0.1") double jitter,
    @Live @Default("1s") Duration timeout,
    @Default("2s") Duration farewell,
    @Default("10000") int journal) {

  public HeartbeatConfig {
    if (!interval.isPositive() || !timeout.isPositive()) {
      throw new IllegalArgumentException("interval and timeout must be above zero");
    }
    if (!(jitter >= 0 && jitter <= 0.5)) {
      throw new IllegalArgumentException("jitter must be 0 to 0.5: " + jitter);
    }
    if (journal < 0) {
      throw new IllegalArgumentException("journal must be 0 or more: " + journal);
    }
  }
}
