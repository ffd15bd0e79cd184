package oca.protocol;

import java.util.List;
import oca.model.ApplianceId;

/**
 * A batch of serve records. A batch is sent until it is accepted; a receiver drops a sequence that
 * it has seen from this boot, so that nothing counts twice.
 *
 * @param server the sender: an appliance, or the origin under a name of its own
 * @param bootId drawn at each start of the sender
 * @param sequence 1, 2, 3 and so on within a boot
 * @param dropped records that the sender had to drop since its last batch
 * @param records oldest first
 */
public record ServeRecords(
    ApplianceId server, String bootId, long sequence, long dropped, List<ServeRecord> records) {
  public ServeRecords {
    records = List.copyOf(records);
  }
}
