package oca.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.SiteId;
import org.jspecify.annotations.Nullable;

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
 * @param inventoryDigest of the files held at that version, so that a receiver notices when what it
 *     believes is something else; null from a sender that does not say
 * @param filling files that are on their way in, in no order and perhaps not all of them: they are
 *     not held yet; empty when there are none or the sender does not say
 * @param upMillis for how long the process has been up; null from a sender that does not say
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
    long inventoryVersion,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable InventoryDigest inventoryDigest,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<ContentId> filling,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long upMillis) {

  /** So many files at most are named in {@code filling}; more are not taken. */
  public static final int MAX_FILLING = 64;

  public Heartbeat {
    // The field is left out by senders that fill nothing, or know nothing of it.
    filling = filling == null ? List.of() : List.copyOf(filling);
  }

  /** A heartbeat that says neither what is held or coming in, nor for how long it has been up. */
  public Heartbeat(
      ApplianceId appliance,
      SiteId site,
      Endpoint endpoint,
      String bootId,
      long sequence,
      Instant sent,
      Health health,
      long capacityBytes,
      long usedBytes,
      long inventoryVersion) {
    this(
        appliance,
        site,
        endpoint,
        bootId,
        sequence,
        sent,
        health,
        capacityBytes,
        usedBytes,
        inventoryVersion,
        null,
        List.of(),
        null);
  }
}
