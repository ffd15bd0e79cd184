package oca.bench.fleet;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import oca.model.ApplianceId;
import oca.protocol.kafka.KafkaCluster;
import oca.protocol.kafka.Packing;
import oca.protocol.kafka.TopicWriter;

/**
 * Serve records to Kafka, as appliances send them, all by one client: of 5,000 the simulator's own
 * cost would be what is measured. Safe on any thread.
 */
final class Topic implements AutoCloseable {
  private static final Duration DELIVER = Duration.ofSeconds(30);
  private static final int BUFFER = 64 << 20;

  private final TopicWriter writer;
  private final String topic;

  Topic(String bootstrap) throws IOException {
    KafkaCluster cluster = new KafkaCluster(List.of(bootstrap), "oca", Optional.empty());
    topic = cluster.topic("serve");
    writer = TopicWriter.open(cluster, new TopicWriter.Settings("oca-simulation", DELIVER, BUFFER));
  }

  /** Completes when the broker has it. */
  CompletableFuture<Void> send(ApplianceId sender, byte[] json) {
    byte[] packed = Packing.pack(json);
    synchronized (writer) {
      return writer.send(topic, sender.value(), packed);
    }
  }

  @Override
  public void close() {
    writer.close();
  }
}
