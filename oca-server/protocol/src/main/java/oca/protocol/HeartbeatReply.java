package oca.protocol;

/**
 * The answer to a heartbeat.
 *
 * @param inventoryWanted true when the receiver does not know the inventory version named in it:
 *     the sender then posts its {@link Inventory}
 */
public record HeartbeatReply(boolean inventoryWanted) {}
