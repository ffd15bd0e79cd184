package oca.protocol.records;

import java.io.IOException;
import java.nio.file.Path;
import oca.protocol.ServeRecord;

/** Writes records into a spool that nobody empties, and says each number that is in it. */
final class SpoolChild {
  private SpoolChild() {}

  /** Until it is killed. */
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    FakeOutlet away = new FakeOutlet();
    away.away = true;
    KafkaConfig config = SpoolSinkTest.config(folder, 64 << 20);
    try (SpoolSink<ServeRecord> sink =
        new SpoolSink<>(
            RecordSinkContract.SERVE,
            config,
            SpoolSinkTest.records(config),
            new DiskFolder(folder),
            () -> away)) {
      for (int i = 0; i < Integer.MAX_VALUE; i++) {
        sink.write(RecordSinkContract.batch(i + 1, i * 20L, 20));
        System.out.println("written " + (i + 1) * 20L);
      }
    }
  }
}
