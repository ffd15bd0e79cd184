package oca.fill.causes;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import oca.model.ApplianceId;
import oca.model.SiteId;
import oca.protocol.ServeRecord;
import org.jspecify.annotations.Nullable;

/**
 * A response with what its record does not say.
 *
 * @param server who sent it
 * @param site where that stands; null when nobody knows, as of the origin
 * @param origin whether that is the origin
 * @param group what answers and responses of one kind share: the title, or the file's id when it
 *     belongs to none
 */
public record Served(
    ApplianceId server,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable SiteId site,
    boolean origin,
    String group,
    ServeRecord record) {

  /** When it ended. */
  Instant ended() {
    return record.at();
  }

  /** When it was asked for. */
  Instant begun() {
    return record.at().minus(record.micros(), ChronoUnit.MICROS);
  }

  @Nullable String session() {
    return record.playback() == null ? null : record.playback().session();
  }

  /** Whether the viewer got less than it asked for, by the server's doing. */
  boolean isFailure() {
    return record.status() >= 400 || !record.complete();
  }
}
