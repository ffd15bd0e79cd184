package oca.server.records;

import java.util.List;

class MemorySinkTest extends RecordSinkContract {
  private final MemorySink sink = new MemorySink("memory");

  @Override
  RecordSink sink() {
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
