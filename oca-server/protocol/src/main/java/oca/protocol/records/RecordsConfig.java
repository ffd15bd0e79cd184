package oca.protocol.records;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import oca.config.Default;

/**
 * How records are collected, sent and kept. Without a target, Kafka and a file they are counted and
 * forgotten.
 *
 * @param target where batches are posted; absent, none are
 * @param kafka how they go to Kafka in place of posts; absent, they do not
 * @param file how they are kept in files; absent, they are not
 * @param ring records kept for each of these while it is slow or down, rounded up to a power of
 *     two; more are dropped
 * @param batch the most records in one post, or in one write to a file
 * @param interval the longest that a record waits for its post
 * @param backoff the first pause after a failed try; it doubles up to {@code backoffMax}
 * @param backoffMax the longest pause between two tries of a batch
 * @param attempts tries after which a batch is given up and counted as dropped
 * @param flush the longest that closing waits for the last batches
 */
public record RecordsConfig(
    Optional<URI> target,
    Optional<KafkaConfig> kafka,
    Optional<RecordFileConfig> file,
    @Default("65536") int ring,
    @Default("2000") int batch,
    @Default("1s") Duration interval,
    @Default("200ms") Duration backoff,
    @Default("10s") Duration backoffMax,
    @Default("100") int attempts,
    @Default("3s") Duration flush) {

  public RecordsConfig {
    if (target.isPresent() && kafka.isPresent()) {
      throw new IllegalArgumentException(
          "name a target or kafka, not both: their receiver would count each record twice");
    }
    if (ring < 2 || ring > 1 << 22) {
      throw new IllegalArgumentException("ring must be 2 to 4194304, not " + ring);
    }
    if (batch < 1 || batch > 100_000) {
      throw new IllegalArgumentException("batch must be 1 to 100000, not " + batch);
    }
    if (attempts < 1) {
      throw new IllegalArgumentException("attempts must be 1 or more, not " + attempts);
    }
    if (!interval.isPositive() || !backoff.isPositive() || backoffMax.compareTo(backoff) < 0) {
      throw new IllegalArgumentException(
          "interval and backoff must be above zero, backoffMax not below backoff");
    }
  }

  /** Without Kafka. */
  public RecordsConfig(
      Optional<URI> target,
      Optional<RecordFileConfig> file,
      int ring,
      int batch,
      Duration interval,
      Duration backoff,
      Duration backoffMax,
      int attempts,
      Duration flush) {
    this(
        target,
        Optional.empty(),
        file,
        ring,
        batch,
        interval,
        backoff,
        backoffMax,
        attempts,
        flush);
  }

  /** The same, but only to Kafka: records of another kind, of the same process. */
  public RecordsConfig onlyKafka() {
    return new RecordsConfig(
        Optional.empty(),
        kafka,
        Optional.empty(),
        ring,
        batch,
        interval,
        backoff,
        backoffMax,
        attempts,
        flush);
  }

  /** Whether records go anywhere. */
  public boolean wanted() {
    return target.isPresent() || kafka.isPresent() || file.isPresent();
  }
}
