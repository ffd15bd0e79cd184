package oca.flink;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import oca.fill.FillConfig;
import oca.fill.intake.IntakeConfig;
import oca.protocol.kafka.KafkaCluster;
import oca.protocol.kafka.TopicMaker;
import oca.protocol.kafka.TopicMaker.Topic;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * What {@code flink run oca-flink.jar} starts: reads serve and steering records from the
 * controller's brokers and writes popularity, demand, misses and counts into topics beside them.
 */
public final class FlinkJobs {
  private FlinkJobs() {}

  /**
   * Submits the jobs.
   *
   * @param words see {@link Options}
   */
  public static void main(String[] words) throws Exception {
    Options options;
    try {
      options = Options.of(words);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(e.getMessage() + "\n" + Options.USAGE, e);
    }
    StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
    prepare(environment, options);
    var _ = environment.execute("oca " + options.jobs());
  }

  /** Draws the graph for these brokers, and makes the topics of results that are not there. */
  static void prepare(StreamExecutionEnvironment environment, Options options) throws Exception {
    Settings settings =
        new Settings(
            options.config().toString(),
            Files.readString(options.config(), StandardCharsets.UTF_8),
            options.top(),
            options.files());
    FillConfig config = settings.config();
    IntakeConfig.Kafka kafka =
        config
            .records()
            .kafka()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        options.config() + " names no brokers; set records.kafka.bootstrap"));
    KafkaCluster cluster = new KafkaCluster(kafka.bootstrap(), kafka.topics(), kafka.client());
    short copies = (short) kafka.replication();
    TopicMaker.make(
        cluster,
        List.of(
            new Topic("serve", kafka.partitions(), copies, false),
            new Topic("steering", kafka.partitions(), copies, false),
            new Topic(Word.POPULARITY, 1, copies, true),
            new Topic(Word.DEMAND, kafka.partitions(), copies, true),
            new Topic(Word.MISSES, kafka.partitions(), copies, true),
            new Topic(Word.COUNTS, 1, copies, true)));
    environment.enableCheckpointing(
        options.checkpoint().toMillis(), CheckpointingMode.EXACTLY_ONCE);
    // Else a result waits a tenth of a second for others at each stage.
    environment.setBufferTimeout(20);
    DataStream<Arrival> log =
        environment
            .fromSource(
                Topics.log(cluster, options.group()),
                Jobs.times().withIdleness(options.idle()),
                "records",
                FormType.of(Forms.ARRIVAL))
            .uid("records");
    new Jobs(settings, new LiveLookout(settings))
        .results(log, options.jobs())
        .sinkTo(Topics.results(cluster))
        .uid("results")
        .name("results");
  }
}
