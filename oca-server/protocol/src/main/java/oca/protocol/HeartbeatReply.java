package oca.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a heartbeat.
 *
 * @param inventoryWanted true when the receiver does not know what the sender holds: the sender
 *     then posts its {@link Inventory}
 * @param deltaFrom a version from which an {@link InventoryDelta} would do instead; null when only
 *     the whole inventory does, or none is wanted
 */
public record HeartbeatReply(
    boolean inventoryWanted, @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long deltaFrom) {

  /** A reply that asks for the whole inventory, or for none. */
  public HeartbeatReply(boolean inventoryWanted) {
    this(inventoryWanted, null);
  }
}
