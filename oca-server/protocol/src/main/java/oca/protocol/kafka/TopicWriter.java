package oca.protocol.kafka;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes messages into topics. What is acknowledged is on all replicas in sync, once; what is not
 * may be there or not, and is sent again by the caller. Messages of one key keep their order as
 * long as none fails. For one thread.
 */
public final class TopicWriter implements AutoCloseable {
  /**
   * How it writes.
   *
   * @param name of this client, for the broker's log
   * @param deliver after so long a message that was not acknowledged counts as failed
   * @param buffer bytes of messages that wait in memory at most
   */
  public record Settings(String name, Duration deliver, int buffer) {}

  /** For a broker's metadata, and room in the buffer; on the caller's thread. */
  private static final int MAX_BLOCK_MILLIS = 1_000;

  private final KafkaCluster cluster;
  private final KafkaProducer<String, byte[]> producer;

  private TopicWriter(KafkaCluster cluster, KafkaProducer<String, byte[]> producer) {
    this.cluster = cluster;
    this.producer = producer;
  }

  /**
   * Opens a writer; whether a broker is there shows with the first message.
   *
   * @throws IOException when none of the brokers' names is known, or a property is wrong
   */
  public static TopicWriter open(KafkaCluster cluster, Settings settings) throws IOException {
    int deliver = (int) Math.min(Integer.MAX_VALUE, settings.deliver().toMillis());
    Map<String, Object> properties =
        cluster.properties(
            Map.of(
                "client.id",
                settings.name(),
                "acks",
                "all",
                "enable.idempotence",
                true,
                // Messages are packed already, once for disk and wire.
                "compression.type",
                "none",
                "linger.ms",
                0,
                "delivery.timeout.ms",
                deliver,
                "request.timeout.ms",
                Math.max(1, deliver / 2),
                "max.block.ms",
                MAX_BLOCK_MILLIS,
                "buffer.memory",
                (long) settings.buffer(),
                // What is too large is for the broker to say.
                "max.request.size",
                settings.buffer()));
    try {
      return new TopicWriter(
          cluster,
          new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer()));
    } catch (KafkaException e) {
      throw new IOException("brokers " + cluster + ": " + reason(e), e);
    }
  }

  /**
   * Sends a message; waits a second at most for room or for a broker.
   *
   * @return completes when it is acknowledged; with a {@link TooLargeException} when another try
   *     would end the same way, else with an {@link IOException}
   */
  public CompletableFuture<Void> send(String topic, String key, byte[] value) {
    CompletableFuture<Void> sent = new CompletableFuture<>();
    try {
      var _ =
          producer.send(
              new ProducerRecord<>(topic, key, value), (_, failure) -> end(sent, topic, failure));
    } catch (KafkaException | IllegalStateException e) {
      end(sent, topic, e);
    }
    return sent;
  }

  /** Gives up what is not acknowledged. */
  @Override
  public void close() {
    producer.close(Duration.ZERO);
  }

  private void end(CompletableFuture<Void> sent, String topic, @Nullable Exception failure) {
    if (failure == null) {
      sent.complete(null);
    } else {
      String text = "topic " + topic + " of brokers " + cluster + ": " + reason(failure);
      sent.completeExceptionally(
          failure instanceof RecordTooLargeException
              ? new TooLargeException(text, failure)
              : new IOException(text, failure));
    }
  }

  static String reason(Exception e) {
    Throwable cause = e.getCause();
    return e.getMessage() + (cause == null ? "" : "; " + cause.getMessage());
  }
}
