package oca.protocol.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import oca.model.ApplianceId;
import oca.protocol.ServeRecord;
import oca.protocol.ServeRecords;
import oca.protocol.http.Request;
import org.junit.jupiter.api.Test;

/** What every {@link RecordSink} keeps. */
abstract class RecordSinkContract {
  static final ApplianceId SERVER = new ApplianceId("north-1");

  /** The sink of this test. */
  abstract RecordSink<ServeRecord> sink();

  /** Makes its place refuse everything, or take it again. */
  abstract void refuse(boolean on);

  /** The numbers of the records that arrived, in order, as a reader of the place counts them. */
  abstract List<Long> arrived() throws IOException;

  static final RecordForm<ServeRecord> SERVE =
      RecordForm.json(
          "serve",
          batch ->
              new ServeRecords(
                  batch.server(),
                  batch.bootId(),
                  batch.sequence(),
                  batch.dropped(),
                  batch.records()));

  /** What was posted. */
  static RecordBatch<ServeRecord> batch(Request request) throws IOException {
    ServeRecords posted = request.message(ServeRecords.class);
    return new RecordBatch<>(
        posted.server(), posted.bootId(), posted.sequence(), posted.dropped(), posted.records());
  }

  static RecordBatch<ServeRecord> batch(long sequence, long first, int count) {
    List<ServeRecord> records = new ArrayList<>();
    for (long number = first; number < first + count; number++) {
      records.add(RecordRingTest.record(number));
    }
    return new RecordBatch<>(SERVER, "boot", sequence, 0, records);
  }

  @Test
  void name_always_isOneLowerCaseWord() {
    assertTrue(sink().name().matches("[a-z]+"), sink().name());
  }

  @Test
  void write_batches_arriveOnceInOrder() throws IOException {
    sink().write(batch(1, 0, 3));
    sink().tick();
    sink().write(batch(2, 3, 2));
    sink().close();
    assertEquals(List.of(0L, 1L, 2L, 3L, 4L), arrived());
  }

  @Test
  void write_refusedAndOfferedAgain_arrivesOnce() throws IOException {
    sink().write(batch(1, 0, 2));
    refuse(true);
    assertThrows(IOException.class, () -> sink().write(batch(2, 2, 2)));
    assertThrows(IOException.class, () -> sink().write(batch(2, 2, 2)));
    refuse(false);
    sink().write(batch(2, 2, 2));
    sink().close();
    assertEquals(List.of(0L, 1L, 2L, 3L), arrived());
  }

  @Test
  void write_afterABatchWasGivenUp_goesOnWithTheNext() throws IOException {
    refuse(true);
    assertThrows(IOException.class, () -> sink().write(batch(1, 0, 2)));
    refuse(false);
    sink().write(batch(2, 2, 2));
    sink().close();
    assertEquals(List.of(2L, 3L), arrived());
  }

  @Test
  void close_withoutAWrite_isQuiet() throws IOException {
    sink().tick();
    sink().close();
    assertEquals(List.of(), arrived());
  }
}
