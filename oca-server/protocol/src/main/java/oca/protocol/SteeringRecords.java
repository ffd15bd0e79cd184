package oca.protocol;

import java.util.List;
import oca.model.ApplianceId;

/**
 * A batch of steering records, sent and counted as {@link ServeRecords} are.
 *
 * @param server the name of the steering process
 * @param bootId drawn at each start of the sender
 * @param sequence 1, 2, 3 and so on within a boot
 * @param dropped records that the sender had to drop since its last batch
 * @param records oldest first
 */
public record SteeringRecords(
    ApplianceId server, String bootId, long sequence, long dropped, List<SteeringRecord> records) {
  public SteeringRecords {
    records = List.copyOf(records);
  }
}
