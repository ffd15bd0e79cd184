package oca.steering.fleet;

import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.Health;
import oca.protocol.Heartbeat;

/**
 * One appliance as its newest heartbeat told.
 *
 * @param heartbeat the newest of its present boot
 * @param heardNanos when it came, by the receiver's monotonic clock
 * @param pathway the id under which players may know this appliance at this host, and no other host
 *     ever: {@code north-1}, after a move {@code north-1.2}
 * @param number 0, 1, 2 and so on in the order in which names were first heard; never another
 *     appliance's as long as the process lives
 * @param leaseFromNanos from when its lease runs, by the same clock: {@code heardNanos}, but later
 *     for one that is restored, because it could not be heard before the start
 * @param restored known from before the start of the service and not heard since; its lease was
 *     running then
 */
public record Member(
    Heartbeat heartbeat,
    long heardNanos,
    String pathway,
    int number,
    long leaseFromNanos,
    boolean restored) {

  /** Its name. */
  public ApplianceId id() {
    return heartbeat.appliance();
  }

  /** Where it stands. */
  public SiteId site() {
    return heartbeat.site();
  }

  /** Where viewers reach it. */
  public Endpoint endpoint() {
    return heartbeat.endpoint();
  }

  /** Its load, as it says itself. */
  public Health health() {
    return heartbeat.health();
  }
}
