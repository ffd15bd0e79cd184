package oca.protocol.kafka;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * Where brokers are, and what topics there are called.
 *
 * @param bootstrap host and port of some brokers, which name the others
 * @param topics what the names of topics begin with, before a dot
 * @param client a file of further properties of Kafka's clients, such as {@code security.protocol};
 *     those that this product depends on are not taken from it
 */
public record KafkaCluster(List<String> bootstrap, String topics, Optional<Path> client) {
  public KafkaCluster {
    bootstrap = List.copyOf(bootstrap);
    if (bootstrap.isEmpty()) {
      throw new IllegalArgumentException("bootstrap must name one broker or more, as host:port");
    }
    for (String broker : bootstrap) {
      if (!broker.matches("(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+):\\d{1,5}")) {
        throw new IllegalArgumentException("bootstrap must be of host:port, not " + broker);
      }
    }
    if (!topics.matches("[A-Za-z0-9._-]{1,100}")) {
      throw new IllegalArgumentException(
          "topics must be up to 100 letters, digits, dots and dashes, not " + topics);
    }
  }

  /** The topic of a kind of records, such as {@code oca.serve}. */
  public String topic(String kind) {
    return topics + "." + kind;
  }

  /** For a log. */
  @Override
  public String toString() {
    return String.join(",", bootstrap);
  }

  /**
   * The properties of the file, and over them those given and what all clients share.
   *
   * @throws IOException when the file cannot be read
   */
  public Map<String, Object> properties(Map<String, Object> ours) throws IOException {
    Map<String, Object> all = new HashMap<>();
    if (client.isPresent()) {
      Properties file = new Properties();
      try (Reader reader = Files.newBufferedReader(client.get(), StandardCharsets.UTF_8)) {
        file.load(reader);
      } catch (IllegalArgumentException e) {
        throw new IOException(client.get() + ": " + e.getMessage(), e);
      }
      file.forEach((name, value) -> all.put(String.valueOf(name), value));
    }
    all.put("bootstrap.servers", String.join(",", bootstrap));
    // Neither beans nor figures pushed to the broker: this product's own metrics tell how it goes.
    all.put("metric.reporters", "");
    all.put("enable.metrics.push", false);
    all.put("reconnect.backoff.ms", 200);
    all.put("reconnect.backoff.max.ms", 5_000);
    all.put("socket.connection.setup.timeout.ms", 3_000);
    all.putAll(ours);
    return all;
  }
}
