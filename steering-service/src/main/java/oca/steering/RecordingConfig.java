package oca.steering;

import oca.config.Default;
import oca.model.ApplianceId;
import oca.protocol.records.RecordsConfig;

/**
 * What becomes of the records of decisions.
 *
 * @param name of this process where records are posted; another one for each replica
 * @param listed appliances that a record lists at most of those passed over; 0 to 256
 * @param to where records go: posted to the fill controller's {@code /v1/steering-records}, kept in
 *     files for {@code oca whatif}, both, or nowhere
 */
public record RecordingConfig(
    @Default("steering") ApplianceId name,
    @Default("32") int listed,
    @Default("{}") RecordsConfig to) {

  private static final int MOST = 256;

  public RecordingConfig {
    if (listed < 0 || listed > MOST) {
      throw new IllegalArgumentException("recording.listed must be 0 to " + MOST);
    }
  }
}
