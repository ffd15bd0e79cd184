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
 * @param risenNanos since when it has been in service without a break, by the same clock: when its
 *     process was started, or when it was heard again after its lease had run out
 * @param order of an operator, kept apart from what the appliance says
 */
public record Member(
    Heartbeat heartbeat,
    long heardNanos,
    String pathway,
    int number,
    long leaseFromNanos,
    boolean restored,
    long risenNanos,
    Order order) {

  /** A member about which no operator has decided anything. */
  public Member(
      Heartbeat heartbeat,
      long heardNanos,
      String pathway,
      int number,
      long leaseFromNanos,
      boolean restored,
      long risenNanos) {
    this(heartbeat, heardNanos, pathway, number, leaseFromNanos, restored, risenNanos, Order.NONE);
  }

  /** The same under another order. */
  Member under(Order other) {
    return new Member(
        heartbeat, heardNanos, pathway, number, leaseFromNanos, restored, risenNanos, other);
  }

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

  /** Its load as it says itself, draining also when an operator ordered that. */
  public Health health() {
    Health said = heartbeat.health();
    return order == Order.NONE || said.draining()
        ? said
        : new Health(
            true,
            said.connections(),
            said.connectionLimit(),
            said.bitsPerSecond(),
            said.bitsPerSecondLimit());
  }
}
