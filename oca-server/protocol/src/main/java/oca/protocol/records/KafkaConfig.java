package oca.protocol.records;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import oca.config.ByteSize;
import oca.config.Default;
import oca.protocol.kafka.KafkaCluster;

/**
 * How records go to Kafka: through files on this machine's disk, which bridge the time when no
 * broker takes them.
 *
 * @param bootstrap host and port of some brokers, which name the others
 * @param topics what the names of topics begin with: {@code oca} for {@code oca.serve}
 * @param client a file of further properties of Kafka's clients, as {@code security.protocol=SSL}
 * @param spool a folder for this process alone, made when it is not there
 * @param maxSpool bytes kept there at most; the oldest records are deleted first, and counted
 * @param segment bytes of one file there, about; files are deleted as wholes
 * @param message bytes of one message at most, packed; brokers take 1 MiB unless told otherwise
 * @param deliver after so long without an acknowledgement messages are sent again
 * @param buffer memory for messages under way
 * @param sync when the files are pushed to the disk; a killed process loses nothing of them in any
 *     case, a power cut without it the last half minute
 */
public record KafkaConfig(
    List<String> bootstrap,
    @Default("oca") String topics,
    Optional<Path> client,
    Path spool,
    @Default("4GiB") ByteSize maxSpool,
    @Default("4MiB") ByteSize segment,
    @Default("512KiB") ByteSize message,
    @Default("10s") Duration deliver,
    @Default("32MiB") ByteSize buffer,
    @Default("never") RecordFileConfig.Sync sync) {
  private static final long LEAST_SEGMENT = 16 << 10;
  private static final long MOST_SEGMENT = 1 << 30;

  public KafkaConfig {
    var _ = new KafkaCluster(bootstrap, topics, client);
    if (segment.bytes() < LEAST_SEGMENT || segment.bytes() > MOST_SEGMENT) {
      throw new IllegalArgumentException("segment must be 16KiB to 1GiB, not " + segment);
    }
    if (maxSpool.bytes() / 4 < segment.bytes()) {
      throw new IllegalArgumentException(
          "maxSpool must be 4 times segment or more, not " + maxSpool);
    }
    if (message.bytes() < 1024 || message.bytes() > segment.bytes() / 2) {
      throw new IllegalArgumentException("message must be 1KiB to half a segment, not " + message);
    }
    if (buffer.bytes() < 4 * message.bytes() || buffer.bytes() > MOST_SEGMENT) {
      throw new IllegalArgumentException("buffer must be 4 times message to 1GiB, not " + buffer);
    }
    if (deliver.compareTo(Duration.ofMillis(100)) < 0
        || deliver.compareTo(Duration.ofMinutes(10)) > 0) {
      throw new IllegalArgumentException("deliver must be 100ms to 10min, not " + deliver);
    }
  }

  /** Where brokers are. */
  public KafkaCluster cluster() {
    return new KafkaCluster(bootstrap, topics, client);
  }
}
