package oca.fill.jobs;

import java.util.List;
import oca.model.ApplianceId;

/**
 * How an appliance is told something: the engine's way out. Called with the engine's lock held, so
 * it hands over and returns; what it loses is told again.
 */
public interface Courier {
  /** Answers the appliance's ask: never empty, grants first. */
  void tell(ApplianceId appliance, List<Tell> tells);

  /** Another controller decides for the appliance now, or will soon: it is to ask anew. */
  void moved(ApplianceId appliance);
}
