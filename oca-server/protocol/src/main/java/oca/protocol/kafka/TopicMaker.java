package oca.protocol.kafka;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;

/** Makes topics that are not there yet; those that are stay as they are. */
public final class TopicMaker {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private TopicMaker() {}

  /**
   * A topic.
   *
   * @param kind of its records, see {@link KafkaCluster#topic}
   * @param partitions among how many readers it may be shared
   * @param replication copies of each message; -1 for the brokers' default
   * @param compacted whether the newest message of each key is kept, for good, and no other
   */
  public record Topic(String kind, int partitions, short replication, boolean compacted) {}

  /**
   * Makes them.
   *
   * @throws IOException when one could not be made
   */
  public static void make(KafkaCluster cluster, List<Topic> topics) throws IOException {
    List<NewTopic> wanted = new ArrayList<>();
    for (Topic topic : topics) {
      wanted.add(
          new NewTopic(cluster.topic(topic.kind()), topic.partitions(), topic.replication())
              // A log knows when each message came, by the broker's clock and not by its sender's.
              .configs(
                  topic.compacted()
                      ? Map.of("cleanup.policy", "compact")
                      : Map.of("message.timestamp.type", "LogAppendTime")));
    }
    try (Admin admin =
        Admin.create(
            cluster.properties(
                Map.of("default.api.timeout.ms", 5_000, "request.timeout.ms", 5_000)))) {
      for (KafkaFuture<Void> made : admin.createTopics(wanted).values().values()) {
        await(made);
      }
    } catch (KafkaException | ExecutionException | TimeoutException e) {
      throw new IOException("brokers " + cluster + ": " + TopicWriter.reason(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while topics were made", e);
    }
  }

  private static void await(KafkaFuture<Void> made)
      throws ExecutionException, TimeoutException, InterruptedException {
    try {
      var _ = made.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
  }
}
