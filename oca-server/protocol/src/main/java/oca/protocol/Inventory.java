package oca.protocol;

import java.util.List;
import oca.model.ApplianceId;
import oca.model.ContentId;

/**
 * All files that an appliance holds whole: the full statement, which needs nothing before it.
 *
 * @param appliance the sender
 * @param bootId as in its heartbeats
 * @param version as in {@link Heartbeat#inventoryVersion()}
 * @param held each once, in no order
 */
public record Inventory(ApplianceId appliance, String bootId, long version, List<ContentId> held) {
  public Inventory {
    held = List.copyOf(held);
  }
}
