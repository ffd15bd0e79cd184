package oca.flink;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.Catalog;
import oca.protocol.Health;
import oca.protocol.Heartbeat;
import oca.protocol.SteeringRecords;
import oca.protocol.Wire;
import oca.protocol.kafka.KafkaCluster;
import oca.protocol.kafka.TopicMaker;
import oca.protocol.kafka.TopicWriter;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From topics to topics, as `flink run` starts it: what a real broker recorded, counted twice. */
@Tag("flink")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class KafkaJobsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;

  @Test
  void topics_throughFlink_giveWhatTheControllerMakesOfThem() throws Exception {
    long seed = System.nanoTime();
    MadeLog made = new MadeLog(seed, Instant.now().minusSeconds(900), 300);
    HttpServer origin = origin(made);
    try (TestBroker broker = new TestBroker(folder.resolve("broker"))) {
      Path config = folder.resolve("fill.yaml");
      String fill =
          MadeLog.FILL
                  .replace("http://127.0.0.1:1/", "http://127.0.0.1:" + port(origin) + "/")
                  .replace("hold: 30s", "hold: 1s")
              + "records: { kafka: { bootstrap: [\"%s\"], partitions: 3, replication: 1 } }\n"
                  .formatted(broker.bootstrap());
      Files.writeString(config, fill);
      KafkaCluster cluster = new KafkaCluster(List.of(broker.bootstrap()), "oca", Optional.empty());
      TopicMaker.make(cluster, List.of(new TopicMaker.Topic("fleet", 1, (short) 1, true)));
      StreamExecutionEnvironment environment =
          StreamExecutionEnvironment.createLocalEnvironment(2, new Configuration());
      Options options =
          Options.of("--config", config.toString(), "--checkpoint", "500ms", "--idle", "5s");
      FlinkJobs.prepare(environment, options);
      try (TopicWriter writer =
          TopicWriter.open(
              cluster, new TopicWriter.Settings("test", Duration.ofSeconds(20), 8 << 20))) {
        tellFleet(made, writer, cluster);
        JobClient job = environment.executeAsync("kafka");
        for (Arrival arrival : made.arrivals) {
          send(arrival, writer, cluster);
        }
        // What ended when the last of them came is due a second later.
        awaitLabels(writer, cluster);
        List<Arrival> recorded = recorded(cluster);
        Answers expected = InProcess.take(recorded, made.watch(), fill, folder);
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () ->
                    assertEquals(
                        "",
                        InProcess.differences(expected, results(cluster)),
                        "controller / Flink, seed " + seed));
        assertTrue(expected.bytes() > 0 && recorded.size() > made.arrivals.size());
        var _ = job.cancel().get(30, TimeUnit.SECONDS);
      }
    } finally {
      origin.stop(0);
    }
  }

  private static HttpServer origin(MadeLog made) throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] catalog = Wire.write(new Catalog("1", new ArrayList<>(made.files.values())));
    server.createContext(
        "/catalog",
        exchange -> {
          exchange.getResponseHeaders().add("Content-Type", Wire.MEDIA_TYPE);
          exchange.sendResponseHeaders(200, catalog.length);
          try (var body = exchange.getResponseBody()) {
            body.write(catalog);
          }
        });
    server.start();
    return server;
  }

  private static int port(HttpServer server) {
    return server.getAddress().getPort();
  }

  private static void tellFleet(MadeLog made, TopicWriter writer, KafkaCluster cluster)
      throws Exception {
    for (Map.Entry<ApplianceId, SiteId> it : made.sites.entrySet()) {
      Heartbeat word =
          new Heartbeat(
              it.getKey(),
              it.getValue(),
              new Endpoint("127.0.0.1", 80),
              "boot",
              1,
              Instant.now(),
              new Health(false, 0, 100, 0, 1),
              1,
              1,
              1);
      var _ =
          writer
              .send(cluster.topic("fleet"), it.getKey().value(), Wire.write(word))
              .get(20, TimeUnit.SECONDS);
    }
  }

  private static void send(Arrival arrival, TopicWriter writer, KafkaCluster cluster)
      throws Exception {
    String kind = arrival.kind() == Arrival.Kind.SERVE ? "serve" : "steering";
    var _ =
        writer
            .send(cluster.topic(kind), arrival.sender(), arrival.value())
            .get(20, TimeUnit.SECONDS);
  }

  /** Sends empty batches until the counts say that all that was served has its label. */
  private static void awaitLabels(TopicWriter writer, KafkaCluster cluster) {
    long[] sequence = {1_000_000};
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> {
              byte[] empty =
                  Wire.write(
                      new SteeringRecords(
                          new ApplianceId("steer-1"), "boot", sequence[0]++, 0, List.of()));
              send(new Arrival(Arrival.Kind.STEERING, "", 0, 0, "steer-1", empty), writer, cluster);
              Map<String, Long> counts = results(cluster).counts();
              long served = counts.getOrDefault("misses.bytes", 0L);
              return sequence[0] > 1_000_006
                  && served > 0
                  && served == counts.getOrDefault(Counted.LABELLED, -1L);
            });
  }

  private static List<Arrival> recorded(KafkaCluster cluster) {
    List<Arrival> log = new ArrayList<>();
    for (ConsumerRecord<String, byte[]> it :
        read(cluster, cluster.topic("serve"), cluster.topic("steering"))) {
      log.add(
          new Arrival(
              it.topic().equals(cluster.topic("serve"))
                  ? Arrival.Kind.SERVE
                  : Arrival.Kind.STEERING,
              it.topic() + "/" + it.partition(),
              it.offset(),
              it.timestamp(),
              it.key(),
              it.value()));
    }
    log.sort(
        java.util.Comparator.comparingLong(Arrival::received)
            .thenComparing(Arrival::source)
            .thenComparingLong(Arrival::offset));
    return log;
  }

  private static Answers results(KafkaCluster cluster) throws Exception {
    Map<String, byte[]> newest = new HashMap<>();
    for (String kind : List.of(Word.DEMAND, Word.MISSES, Word.COUNTS)) {
      for (ConsumerRecord<String, byte[]> it : read(cluster, cluster.topic(kind))) {
        newest.put(kind + " " + it.key(), it.value());
      }
    }
    return TestResults.answers(newest);
  }

  /** All that is in topics now. */
  private static List<ConsumerRecord<String, byte[]>> read(KafkaCluster cluster, String... topics) {
    List<ConsumerRecord<String, byte[]>> all = new ArrayList<>();
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", cluster.toString(), "auto.offset.reset", "earliest"),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = new ArrayList<>();
      for (String topic : topics) {
        consumer
            .partitionsFor(topic)
            .forEach(it -> partitions.add(new TopicPartition(topic, it.partition())));
      }
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(it -> consumer.position(it) < ends.get(it))) {
        consumer.poll(Duration.ofMillis(200)).forEach(all::add);
      }
    }
    return all;
  }
}
