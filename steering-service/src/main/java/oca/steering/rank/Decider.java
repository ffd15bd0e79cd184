package oca.steering.rank;

import oca.model.Address;
import oca.steering.fleet.FleetSnapshot;

/** Decides for a client by all that is known of it now. Never blocks; safe on any thread. */
@FunctionalInterface
public interface Decider {
  /**
   * Decides.
   *
   * @param client whom to decide for
   * @param fleet the appliances to choose from
   */
  Decision decide(Address client, Ask ask, FleetSnapshot fleet);

  /**
   * Hears that a decision was given to a viewer.
   *
   * @param ttlSeconds how long the viewer is to use it
   */
  default void answered(Address client, Decision decision, long ttlSeconds) {
    // Most have nobody to tell it to.
  }
}
