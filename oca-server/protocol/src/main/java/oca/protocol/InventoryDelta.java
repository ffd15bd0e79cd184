package oca.protocol;

import java.util.List;
import oca.model.ApplianceId;
import oca.model.ContentId;

/**
 * How what an appliance holds changed between two versions of its inventory. Sent instead of the
 * whole {@link Inventory} to a receiver that named, in {@link HeartbeatReply#deltaFrom()}, the
 * version that it knows.
 *
 * @param appliance the sender
 * @param bootId as in its heartbeats
 * @param fromVersion the version that it starts from; a receiver that knows another one drops it
 * @param toVersion the version that it leads to, above {@code fromVersion}
 * @param added held now and not before, each once, in no order
 * @param removed held before and not now, each once, in no order
 */
public record InventoryDelta(
    ApplianceId appliance,
    String bootId,
    long fromVersion,
    long toVersion,
    List<ContentId> added,
    List<ContentId> removed) {
  public InventoryDelta {
    added = List.copyOf(added);
    removed = List.copyOf(removed);
  }
}
