package oca.protocol.records;

import java.util.List;
import oca.protocol.ServeRecord;

class MemorySinkTest extends RecordSinkContract {
  private final MemorySink sink = new MemorySink("memory");

  @Override
  RecordSink<ServeRecord> sink() {
    return sink;
  }

  @Override
  void refuse(boolean on) {
    sink.refuses = on;
  }

  @Override
  List<Long> arrived() {
    return sink.numbers();
  }
}
