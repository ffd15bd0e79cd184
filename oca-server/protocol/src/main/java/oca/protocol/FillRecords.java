package oca.protocol;

import java.util.List;
import oca.model.ApplianceId;

/**
 * A batch of what became of files on an appliance, sent and counted as {@link ServeRecords} are.
 * Says what a {@link FillReport} does, with numbers.
 *
 * @param server the appliance
 * @param bootId drawn at each start of the sender
 * @param sequence 1, 2, 3 and so on within a boot
 * @param dropped results that the sender had to drop since its last batch
 * @param records in the order in which they ended
 */
public record FillRecords(
    ApplianceId server,
    String bootId,
    long sequence,
    long dropped,
    List<FillReport.Result> records) {
  public FillRecords {
    records = List.copyOf(records);
  }

  /** The same without numbers. */
  public FillReport report() {
    return new FillReport(server, records);
  }
}
