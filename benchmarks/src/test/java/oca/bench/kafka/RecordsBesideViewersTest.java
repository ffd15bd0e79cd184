package oca.bench.kafka;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The comparison's harness, in a short run whose figures say nothing. */
@Tag("kafka")
class RecordsBesideViewersTest {
  @TempDir private Path folder;

  @Test
  void run_short_comparesAllThree() {
    StringWriter text = new StringWriter();
    int code =
        RecordsBesideViewers.run(
            new PrintWriter(text, true),
            "--rounds=1",
            "--seconds=0.5",
            "--warm-up=2",
            "--file=1MiB",
            "--connections=4",
            "--server-cpus=",
            "--client-cpus=",
            "--bar=1000",
            "--data=" + folder,
            "--jvm-options=" + System.getProperty("oca.jvm.options"));
    assertTrue(code == 0, text.toString());
    assertTrue(text.toString().contains("gone to none"), text.toString());
  }
}
