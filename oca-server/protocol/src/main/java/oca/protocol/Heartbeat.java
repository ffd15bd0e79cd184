package oca.protocol;

import java.time.Instant;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.model.SiteId;

/**
 * An appliance says that it is there. Sent to steering and to the fill controller every interval.
 *
 * <p>A receiver orders heartbeats of one boot by {@code sequence} and drops older ones; a new boot
 * id starts again. Whether an appliance is alive is derived from the age of the newest one, never
 * stored.
 *
 * @param appliance the sender
 * @param site where it stands
 * @param endpoint where viewers and peers reach it
 * @param bootId drawn at each start
 * @param sequence 1, 2, 3 and so on within a boot
 * @param sent by the sender's clock; informative only
 * @param health the sender's load
 * @param capacityBytes what the store may hold
 * @param usedBytes what it holds
 * @param inventoryVersion changes within a boot whenever the set of held files does
 */
public record Heartbeat(
    ApplianceId appliance,
    SiteId site,
    Endpoint endpoint,
    String bootId,
    long sequence,
    Instant sent,
    Health health,
    long capacityBytes,
    long usedBytes,
    long inventoryVersion) {}
