package oca.fill.intake;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import oca.model.ApplianceId;
import oca.protocol.Heartbeat;
import oca.protocol.Wire;
import oca.protocol.kafka.KafkaCluster;
import oca.protocol.kafka.Message;
import oca.protocol.kafka.Packing;
import oca.protocol.kafka.TopicReader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows the newest word of each appliance from a compacted topic, on a thread of its own: all of
 * it, from its beginning, whatever this process has heard itself. So a controller that starts knows
 * who belongs to the fleet before it has heard anybody.
 */
public final class FleetReader implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FleetReader.class);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration PAUSE = Duration.ofSeconds(2);
  private static final int MOST_BYTES = 1 << 20;

  private final KafkaCluster cluster;
  private final int most;
  private final Map<ApplianceId, Heartbeat> words = new ConcurrentSkipListMap<>();
  private final LongAdder events = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final Thread thread;
  private volatile boolean closed;
  private volatile @Nullable TopicReader open;
  private boolean failing;

  private FleetReader(KafkaCluster cluster, int most) {
    this.cluster = cluster;
    this.most = most;
    this.thread = Thread.ofPlatform().daemon().name("fleet-events").unstarted(this::run);
  }

  /**
   * Starts to read if that is wanted. Brokers need not be there.
   *
   * @param most appliances that are remembered; words of more are counted and left
   */
  public static Optional<FleetReader> start(IntakeConfig config, int most) {
    Optional<FleetReader> reader = config.kafka().map(it -> new FleetReader(it.cluster(), most));
    reader.ifPresent(it -> it.thread.start());
    return reader;
  }

  /** The newest word of each, by their names. Any thread. */
  public List<Heartbeat> words() {
    return List.copyOf(words.values());
  }

  /** Events read since the start; all again after brokers were away. */
  public long events() {
    return events.sum();
  }

  /** Events that are none, or of more appliances than are remembered. */
  public long refused() {
    return refused.sum();
  }

  @Override
  public void close() {
    closed = true;
    TopicReader reader = open;
    if (reader != null) {
      reader.wake();
    }
    thread.interrupt();
    try {
      var _ = thread.join(Duration.ofSeconds(3));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!closed) {
      try {
        read();
      } catch (IOException | RuntimeException e) {
        fail(e);
        shut();
        if (!closed) {
          pause();
        }
      }
    }
    shut();
  }

  private void read() throws IOException {
    TopicReader reader = open;
    if (reader == null) {
      reader = TopicReader.ofAll(cluster, "oca-fill-fleet", cluster.topic(RecordIntake.FLEET));
      open = reader;
    }
    for (Message message : reader.poll(POLL)) {
      take(message);
    }
    if (failing) {
      failing = false;
      log.info("events of the fleet are read again");
    }
  }

  private void take(Message message) {
    events.increment();
    byte[] value = message.value();
    if (value == null) {
      // An operator deleted it, by its key.
      words.keySet().removeIf(it -> it.value().equals(message.key()));
      return;
    }
    try {
      Heartbeat word = Wire.read(Packing.unpack(value, MOST_BYTES), Heartbeat.class);
      if (words.containsKey(word.appliance()) || words.size() < most) {
        words.put(word.appliance(), word);
      } else {
        refused.increment();
      }
    } catch (IOException e) {
      refused.increment();
      log.debug("{} offset {} is no event", message.topic(), message.offset(), e);
    }
  }

  private void shut() {
    TopicReader reader = open;
    open = null;
    if (reader != null) {
      reader.close();
    }
  }

  private void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      // Closed: the loop looks.
      log.debug("reading of events was ended");
    }
  }

  private void fail(Exception e) {
    if (!failing && !closed) {
      failing = true;
      log.warn("events of the fleet are not read, trying again: {}", e.getMessage());
    }
  }
}
