package oca.flink;

import java.io.IOException;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import oca.protocol.kafka.KafkaCluster;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Messages from topics, and results into topics. */
final class Topics {
  private static final String SERVE = "serve";
  private static final String STEERING = "steering";

  private Topics() {}

  /**
   * The log: from where the checkpoint says; without one from where the group was, or else from its
   * beginning.
   */
  @SuppressWarnings("deprecation") // The connector takes no other word for it yet.
  static KafkaSource<Arrival> log(KafkaCluster cluster, String group) throws IOException {
    Properties properties = new Properties();
    properties.putAll(
        cluster.properties(
            Map.of(
                "isolation.level",
                "read_committed",
                "allow.auto.create.topics",
                "false",
                "partition.discovery.interval.ms",
                "10000",
                "commit.offsets.on.checkpoint",
                "true")));
    properties.replaceAll((_, value) -> String.valueOf(value));
    return KafkaSource.<Arrival>builder()
        .setProperties(properties)
        .setBootstrapServers(String.join(",", cluster.bootstrap()))
        .setTopics(List.of(cluster.topic(SERVE), cluster.topic(STEERING)))
        .setGroupId(group)
        .setStartingOffsets(OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST))
        .setDeserializer(new Reading(cluster.topic(SERVE)))
        .build();
  }

  /** Where results go: what a key was said before is replaced, so saying it twice does no harm. */
  static KafkaSink<Word> results(KafkaCluster cluster) throws IOException {
    Properties properties = new Properties();
    properties.putAll(cluster.properties(Map.of("acks", "all", "enable.idempotence", "true")));
    properties.replaceAll((_, value) -> String.valueOf(value));
    return KafkaSink.<Word>builder()
        .setKafkaProducerConfig(properties)
        .setBootstrapServers(String.join(",", cluster.bootstrap()))
        .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
        .setRecordSerializer(new Writing(cluster.topics()))
        .build();
  }

  private static final class Reading implements KafkaRecordDeserializationSchema<Arrival> {
    @Serial private static final long serialVersionUID = 1;

    private final String serve;

    Reading(String serve) {
      this.serve = serve;
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> message, Collector<Arrival> out) {
      out.collect(
          new Arrival(
              message.topic().equals(serve) ? Arrival.Kind.SERVE : Arrival.Kind.STEERING,
              message.topic() + "/" + message.partition(),
              message.offset(),
              message.timestamp(),
              message.key() == null ? "" : new String(message.key(), StandardCharsets.UTF_8),
              message.value() == null ? new byte[0] : message.value()));
    }

    @Override
    public TypeInformation<Arrival> getProducedType() {
      return FormType.of(Forms.ARRIVAL);
    }
  }

  private static final class Writing implements KafkaRecordSerializationSchema<Word> {
    @Serial private static final long serialVersionUID = 1;

    private final String topics;

    Writing(String topics) {
      this.topics = topics;
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
        Word word, KafkaSinkContext context, Long timestamp) {
      return new ProducerRecord<>(
          topics + "." + word.kind(), word.key().getBytes(StandardCharsets.UTF_8), word.value());
    }
  }
}
