package oca.fill.intake;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import oca.config.ByteSize;
import oca.config.Default;
import oca.protocol.kafka.KafkaCluster;

/**
 * Where records come from besides posts.
 *
 * @param kafka brokers; absent, records come as posts only
 */
public record IntakeConfig(Optional<Kafka> kafka) {
  /**
   * Records from Kafka.
   *
   * @param bootstrap host and port of some brokers, which name the others
   * @param topics what the names of topics begin with: {@code oca} for {@code oca.serve}
   * @param client a file of further properties of Kafka's clients, as {@code security.protocol=SSL}
   * @param group controllers of one group share the records among them. Each plans by what it
   *     counted itself: give those that plan alone a group of their own
   * @param partitions of a topic that is made because it is not there: so many controllers can
   *     share it
   * @param replication copies of each message in such a topic; -1 for the brokers' default
   * @param message bytes of one message at most, unpacked; a longer one counts as malformed
   */
  public record Kafka(
      List<String> bootstrap,
      @Default("oca") String topics,
      Optional<Path> client,
      @Default("oca-fill") String group,
      @Default("12") int partitions,
      @Default("-1") int replication,
      @Default("32MiB") ByteSize message) {
    private static final int MOST_PARTITIONS = 10_000;
    private static final int MOST_REPLICATION = 100;

    public Kafka {
      var _ = new KafkaCluster(bootstrap, topics, client);
      if (group.isBlank()) {
        throw new IllegalArgumentException("group must not be empty");
      }
      if (partitions < 1 || partitions > MOST_PARTITIONS) {
        throw new IllegalArgumentException("partitions must be 1 to 10000, not " + partitions);
      }
      if (replication == 0 || replication < -1 || replication > MOST_REPLICATION) {
        throw new IllegalArgumentException(
            "replication must be -1 or 1 to 100, not " + replication);
      }
      if (message.bytes() < 1024 || message.bytes() > 1 << 30) {
        throw new IllegalArgumentException("message must be 1KiB to 1GiB, not " + message);
      }
    }

    KafkaCluster cluster() {
      return new KafkaCluster(bootstrap, topics, client);
    }
  }
}
