package oca.protocol.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import oca.config.ConfigFile;
import oca.protocol.ServeRecord;
import oca.protocol.http.ControlClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who does not ask for Kafka has none of it in memory, and who asks for both is told. */
class KafkaUnusedTest {
  @TempDir Path folder;

  /** Runs in a process of its own. */
  public static void main(String[] args) throws Exception {
    RecordsConfig config =
        ConfigFile.parse("t", "{file: {folder: " + args[0] + "}}", RecordsConfig.class);
    try (ControlClient client = new ControlClient(Duration.ofSeconds(1));
        RecordLog<ServeRecord> log =
            RecordLog.start(
                RecordSinkContract.SERVE, RecordSinkContract.SERVER, "boot", config, client)) {
      log.accept(RecordRingTest.record(1));
    }
  }

  @Test
  void records_withoutKafka_loadNoneOfItsClasses() throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                KafkaUnusedTest.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .start();
    List<String> loaded;
    try (BufferedReader out = child.inputReader(StandardCharsets.UTF_8)) {
      loaded = out.lines().toList();
    }
    assertEquals(0, child.waitFor());
    assertTrue(loaded.stream().anyMatch(it -> it.contains("oca.protocol.records.FileSink")));
    assertEquals(
        List.of(), loaded.stream().filter(it -> it.contains("org.apache.kafka.")).toList());
  }

  @Test
  void config_targetAndKafka_isRefused() {
    Exception refused =
        assertThrows(
            Exception.class,
            () ->
                ConfigFile.parse(
                    "t",
                    "{target: \"http://a/\", kafka: {bootstrap: [\"b:1\"], spool: /s}}",
                    RecordsConfig.class));
    assertTrue(refused.getMessage().contains("not both"), refused.getMessage());
  }

  @Test
  void config_withKafka_goesThere() throws Exception {
    RecordsConfig config =
        ConfigFile.parse(
            "t",
            "{kafka: {bootstrap: [\"b:9092\", \"[::1]:9092\"], spool: /s}}",
            RecordsConfig.class);
    assertEquals("b:9092,[::1]:9092", config.kafka().orElseThrow().cluster().toString());
    assertEquals("oca.serve", config.kafka().orElseThrow().cluster().topic("serve"));
    assertTrue(config.wanted());
    assertEquals(Optional.empty(), config.onlyKafka().target());
  }
}
