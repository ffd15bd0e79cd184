package oca.protocol.kafka;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads messages: as one of a group that shares topics' partitions, or all of one topic. Messages
 * of a group come at least once: again after a crash, after {@link #again}, and when partitions
 * move before {@link #commit}. For one thread, but for {@link #wake}.
 *
 * <p>After an {@link IOException} it can be used again or closed and opened anew; both go on where
 * {@link #commit} was.
 */
public final class TopicReader implements AutoCloseable {
  private static final int MOST_MESSAGES = 200;
  private static final int FETCH_BYTES = 16 << 20;

  private final KafkaCluster cluster;
  private final KafkaConsumer<String, byte[]> consumer;
  private final Map<TopicPartition, Long> first = new HashMap<>();
  private final Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();

  private TopicReader(KafkaCluster cluster, KafkaConsumer<String, byte[]> consumer) {
    this.cluster = cluster;
    this.consumer = consumer;
  }

  /**
   * Joins a group, from the oldest message that the group has not committed.
   *
   * @throws IOException when no broker's name is known, or a property is wrong
   */
  public static TopicReader joining(
      KafkaCluster cluster, String group, String name, List<String> topics) throws IOException {
    TopicReader reader =
        open(
            cluster,
            Map.of(
                "client.id",
                name,
                "group.id",
                group,
                "session.timeout.ms",
                15_000,
                "partition.assignment.strategy",
                CooperativeStickyAssignor.class.getName()));
    reader.consumer.subscribe(topics, reader.new Moves());
    return reader;
  }

  /**
   * Reads the whole of a topic, from its beginning, alone.
   *
   * @throws IOException when the topic or a broker is not there
   */
  public static TopicReader ofAll(KafkaCluster cluster, String name, String topic)
      throws IOException {
    TopicReader reader = open(cluster, Map.of("client.id", name));
    try {
      List<TopicPartition> all = new ArrayList<>();
      for (PartitionInfo partition : reader.consumer.partitionsFor(topic)) {
        all.add(new TopicPartition(topic, partition.partition()));
      }
      if (all.isEmpty()) {
        throw new IOException("brokers " + cluster + " have no topic " + topic);
      }
      reader.consumer.assign(all);
      reader.consumer.seekToBeginning(all);
      return reader;
    } catch (KafkaException e) {
      reader.close();
      throw reader.failed(e);
    } catch (IOException e) {
      reader.close();
      throw e;
    }
  }

  private static TopicReader open(KafkaCluster cluster, Map<String, Object> more)
      throws IOException {
    Map<String, Object> ours = new HashMap<>(more);
    ours.put("enable.auto.commit", false);
    ours.put("auto.offset.reset", "earliest");
    ours.put("allow.auto.create.topics", false);
    ours.put("isolation.level", "read_committed");
    ours.put("max.poll.records", MOST_MESSAGES);
    ours.put("fetch.max.bytes", FETCH_BYTES);
    ours.put("default.api.timeout.ms", 5_000);
    ours.put("request.timeout.ms", 5_000);
    // Topics that come into being later, or again, are soon found.
    ours.put("metadata.max.age.ms", 10_000);
    try {
      return new TopicReader(
          cluster,
          new KafkaConsumer<>(
              cluster.properties(ours), new StringDeserializer(), new ByteArrayDeserializer()));
    } catch (KafkaException e) {
      throw new IOException("brokers " + cluster + ": " + TopicWriter.reason(e), e);
    }
  }

  /**
   * Waits for messages; empty when none came, or {@link #wake} was called.
   *
   * @throws IOException when brokers refuse to answer; that none is there is no failure
   */
  public List<Message> poll(Duration patience) throws IOException {
    first.clear();
    next.clear();
    List<Message> messages = new ArrayList<>();
    try {
      for (ConsumerRecord<String, byte[]> it : consumer.poll(patience)) {
        TopicPartition partition = new TopicPartition(it.topic(), it.partition());
        first.putIfAbsent(partition, it.offset());
        next.put(partition, new OffsetAndMetadata(it.offset() + 1));
        messages.add(new Message(it.topic(), it.partition(), it.offset(), it.key(), it.value()));
      }
      return messages;
    } catch (WakeupException e) {
      return messages;
    } catch (KafkaException | IllegalStateException e) {
      throw failed(e);
    }
  }

  /**
   * The group has done with what the last poll gave.
   *
   * @throws IOException when that could not be noted; the messages may come again
   */
  public void commit() throws IOException {
    try {
      if (!next.isEmpty()) {
        consumer.commitSync(next);
      }
    } catch (WakeupException e) {
      throw new IOException("woken while offsets were committed", e);
    } catch (KafkaException e) {
      throw failed(e);
    } finally {
      first.clear();
      next.clear();
    }
  }

  /** What the last poll gave comes again with the next. */
  public void again() {
    first.forEach(
        (partition, offset) -> {
          if (consumer.assignment().contains(partition)) {
            consumer.seek(partition, offset);
          }
        });
    first.clear();
    next.clear();
  }

  /** Messages that are in the partitions read here and were not yet given; -1 while not known. */
  public long lag() {
    long lag = 0;
    for (TopicPartition partition : consumer.assignment()) {
      OptionalLong behind = consumer.currentLag(partition);
      if (behind.isEmpty()) {
        return -1;
      }
      lag += behind.getAsLong();
    }
    return lag;
  }

  /** Ends a poll that waits. Any thread. */
  public void wake() {
    consumer.wakeup();
  }

  /** Leaves the group. */
  @Override
  public void close() {
    try {
      consumer.close(CloseOptions.timeout(Duration.ofSeconds(2)));
    } catch (KafkaException e) {
      // The group notices by itself.
      first.clear();
    }
  }

  private IOException failed(RuntimeException e) {
    return new IOException("brokers " + cluster + ": " + TopicWriter.reason(e), e);
  }

  /** What was given of partitions that are gone is another's to commit. */
  private final class Moves implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      onPartitionsLost(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      first.keySet().removeAll(partitions);
      next.keySet().removeAll(partitions);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      // It goes on where the group committed.
    }
  }
}
