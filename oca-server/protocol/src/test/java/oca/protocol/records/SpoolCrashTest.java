package oca.protocol.records;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import oca.protocol.ServeRecord;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/** What was taken over is there after kill -9, whenever that comes. */
class SpoolCrashTest {
  @TempDir Path folder;

  @RepeatedTest(3)
  void spool_afterAKill_hasAllThatWasTakenOverOnceInOrder() throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                SpoolChild.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    long told = 0;
    try (BufferedReader out = child.inputReader(StandardCharsets.UTF_8)) {
      String line = out.readLine();
      while (line != null) {
        told = line.startsWith("written ") ? Long.parseLong(line.substring(8)) : told;
        if (told >= 2000 && child.isAlive()) {
          child.toHandle().destroyForcibly(); // the process would close our end of its output
        }
        line = out.readLine();
      }
    }
    child.waitFor();
    assertTrue(told >= 2000, "the child ended early, at " + told);
    FakeOutlet outlet = new FakeOutlet();
    KafkaConfig config = SpoolSinkTest.config(folder, 64 << 20);
    SpoolSink<ServeRecord> after =
        new SpoolSink<>(
            RecordSinkContract.SERVE,
            config,
            SpoolSinkTest.records(config),
            new DiskFolder(folder),
            () -> outlet);
    try (after) {
      after.tick();
      long least = told;
      await().until(() -> outlet.accounted() >= least);
    }
    assertEquals(0, after.lost());
    List<Long> numbers = outlet.numbers();
    assertEquals(LongStream.range(0, numbers.size()).boxed().toList(), numbers);
  }
}
