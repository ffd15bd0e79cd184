package oca.protocol.records;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import oca.protocol.ServeRecord;

/** A sink that keeps what it takes in memory. */
final class MemorySink implements RecordSink<ServeRecord> {
  final List<RecordBatch<ServeRecord>> batches = new CopyOnWriteArrayList<>();
  volatile boolean refuses;
  volatile boolean closed;
  private final String name;

  MemorySink(String name) {
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void write(RecordBatch<ServeRecord> batch) throws IOException {
    if (refuses) {
      throw new IOException("refused on purpose");
    }
    batches.add(batch);
  }

  @Override
  public void tick() {}

  @Override
  public void close() {
    closed = true;
  }

  List<Long> numbers() {
    return batches.stream()
        .flatMap(batch -> batch.records().stream())
        .map(record -> record.file().low())
        .toList();
  }
}
