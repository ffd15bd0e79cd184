package oca.protocol.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaClusterTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"", "broker", "broker:", "http://broker:9092", "a:1,b:2", "a:123456"})
  void bootstrap_notHostAndPort_isRefused(String broker) {
    assertThrows(
        IllegalArgumentException.class,
        () -> new KafkaCluster(List.of(broker), "oca", Optional.empty()));
  }

  @Test
  void properties_ofAFile_areTakenButOursWin() throws IOException {
    Path file = folder.resolve("client.properties");
    Files.writeString(file, "security.protocol=SSL\nacks=0\n");
    Map<String, Object> all =
        new KafkaCluster(List.of("a:1", "b:2"), "oca", Optional.of(file))
            .properties(Map.of("acks", "all"));
    assertEquals("SSL", all.get("security.protocol"));
    assertEquals("all", all.get("acks"));
    assertEquals("a:1,b:2", all.get("bootstrap.servers"));
  }

  @Test
  void open_fileGone_namesIt() {
    KafkaCluster cluster =
        new KafkaCluster(List.of("127.0.0.1:9"), "oca", Optional.of(folder.resolve("gone")));
    IOException refused =
        assertThrows(
            IOException.class,
            () ->
                TopicWriter.open(
                    cluster, new TopicWriter.Settings("t", Duration.ofSeconds(1), 1 << 20)));
    assertTrue(refused.getMessage().contains("gone"), refused.getMessage());
  }

  @Test
  void send_nobodyThere_endsWithinItsTime() throws Exception {
    KafkaCluster cluster = new KafkaCluster(List.of("127.0.0.1:9"), "oca", Optional.empty());
    try (TopicWriter writer =
        TopicWriter.open(cluster, new TopicWriter.Settings("t", Duration.ofSeconds(1), 1 << 20))) {
      long before = System.nanoTime();
      assertTrue(writer.send("oca.serve", "k", new byte[1]).isCompletedExceptionally());
      assertTrue(Duration.ofNanos(System.nanoTime() - before).toSeconds() < 5);
    }
  }
}
