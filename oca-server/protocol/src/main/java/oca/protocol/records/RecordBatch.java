package oca.protocol.records;

import java.util.List;
import oca.model.ApplianceId;

/**
 * Records that are passed on together. A batch is offered until it is taken, so who takes it drops
 * a sequence that it has seen of this boot.
 *
 * @param <T> the kind of record
 * @param server the sender
 * @param bootId drawn at each start of the sender
 * @param sequence 1, 2, 3 and so on within a boot
 * @param dropped records that the sender had to drop since its last batch
 * @param records oldest first
 */
public record RecordBatch<T>(
    ApplianceId server, String bootId, long sequence, long dropped, List<T> records) {
  public RecordBatch {
    records = List.copyOf(records);
  }
}
