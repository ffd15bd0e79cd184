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
 * @param ordersWaiting true when there are {@link ApplianceOrders} that the sender has not reported
 *     on: it then asks for them; null is false
 * @param manifestVersion of the newest {@link FillManifest} for the sender: whoever has an older
 *     one looks at it now; null from a receiver that makes none
 */
public record HeartbeatReply(
    boolean inventoryWanted,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long deltaFrom,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean ordersWaiting,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long manifestVersion) {

  /** A reply that asks for the whole inventory, or for none. */
  public HeartbeatReply(boolean inventoryWanted) {
    this(inventoryWanted, null, null, null);
  }

  /** A reply that asks for what is held, or a part of it, or for neither. */
  public HeartbeatReply(boolean inventoryWanted, @Nullable Long deltaFrom) {
    this(inventoryWanted, deltaFrom, null, null);
  }

  /** The same reply, telling that orders wait. */
  public HeartbeatReply withOrders() {
    return new HeartbeatReply(inventoryWanted, deltaFrom, true, manifestVersion);
  }

  /** The same reply, telling of the newest manifest. */
  public HeartbeatReply withManifest(long version) {
    return new HeartbeatReply(inventoryWanted, deltaFrom, ordersWaiting, version);
  }
}
