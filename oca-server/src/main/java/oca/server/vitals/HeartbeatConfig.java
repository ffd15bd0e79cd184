package oca.server.vitals;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import oca.config.Default;

/**
 * To whom and how often the appliance says that it is there.
 *
 * @param steering steering services, each told at {@code /v1/heartbeats} and {@code
 *     /v1/inventories}; the fill controller is told besides
 * @param interval between two heartbeats to one target
 * @param farewell the longest that closing waits for the last, draining heartbeat
 */
public record HeartbeatConfig(
    List<URI> steering, @Default("2s") Duration interval, @Default("2s") Duration farewell) {

  public HeartbeatConfig {
    if (!interval.isPositive()) {
      throw new IllegalArgumentException("interval must be above zero");
    }
  }
}
