package oca.fill.intake;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import oca.protocol.FillRecords;
import oca.protocol.Plausible;
import oca.protocol.ServeRecords;
import oca.protocol.SteeringRecords;
import oca.protocol.Wire;
import oca.protocol.kafka.KafkaCluster;
import oca.protocol.kafka.Message;
import oca.protocol.kafka.Packing;
import oca.protocol.kafka.TopicMaker;
import oca.protocol.kafka.TopicMaker.Topic;
import oca.protocol.kafka.TopicReader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads records from topics, on a thread of its own, from {@link #start} to {@link #close}.
 *
 * <p>Offsets are committed when what was read is durable, so after a crash messages come again; who
 * takes them knows the numbers of those it counted, in the same transaction as the counts. That
 * recognises as well what a sender sent twice, and needs no offset of ours. A message that is none
 * is counted and left out. While something fails, nothing is passed over: it is tried again after a
 * pause.
 */
public final class RecordIntake implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RecordIntake.class);
  private static final String SERVE = "serve";
  private static final String STEERING = "steering";
  private static final String FILL = "fill";

  /** What appliances say of themselves; only the newest word of each is kept. */
  static final String FLEET = "fleet";

  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final int SENDERS = 20_000;
  private static final int MAX_BOOT_ID = 100;

  private final IntakeConfig.Kafka config;
  private final KafkaCluster cluster;
  private final Taker taker;
  private final Numbers numbers = new Numbers(SENDERS);
  private final LongAdder batches = new LongAdder();
  private final LongAdder records = new LongAdder();
  private final LongAdder malformed = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final LongAdder gaps = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final Thread thread;
  private volatile boolean closed;
  private volatile boolean failing;
  private volatile long lag = -1;
  private volatile @Nullable TopicReader open;
  // Only the thread touches these.
  private boolean made;
  private boolean toldMalformed;

  private RecordIntake(IntakeConfig.Kafka config, Taker taker) {
    this.config = config;
    this.cluster = config.cluster();
    this.taker = taker;
    this.thread = Thread.ofPlatform().daemon().name("records-intake").unstarted(this::run);
  }

  /** Starts to read if that is wanted. Brokers need not be there. */
  public static Optional<RecordIntake> start(IntakeConfig config, Taker taker) {
    Optional<RecordIntake> intake = config.kafka().map(it -> new RecordIntake(it, taker));
    intake.ifPresent(it -> it.thread.start());
    return intake;
  }

  /** How it goes. Any thread. */
  public IntakeStatus status() {
    return new IntakeStatus(
        batches.sum(),
        records.sum(),
        malformed.sum(),
        dropped.sum(),
        gaps.sum(),
        failures.sum(),
        failing,
        lag);
  }

  /** Ends after what is being taken. */
  @Override
  public void close() {
    closed = true;
    TopicReader reader = open;
    if (reader != null) {
      reader.wake();
    }
    try {
      if (!thread.join(Duration.ofSeconds(5))) {
        thread.interrupt();
        var _ = thread.join(Duration.ofSeconds(2));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    Duration pause = PAUSE;
    try {
      while (!closed) {
        if (step()) {
          pause = PAUSE;
        } else if (!closed) {
          Thread.sleep(pause);
          Duration longer = pause.multipliedBy(2);
          pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
        }
      }
    } catch (InterruptedException e) {
      log.debug("reading of records was ended");
    } finally {
      shut();
    }
  }

  /** Reads and takes what there is; false when that failed and it is to be tried again. */
  private boolean step() {
    try {
      TopicReader reader = reader();
      List<Message> messages = reader.poll(POLL);
      lag = reader.lag();
      try {
        take(messages);
      } catch (IOException e) {
        reader.again();
        fail("records are not counted", e);
        return false;
      }
      reader.commit();
      if (failing) {
        failing = false;
        log.info("records are read again");
      }
      return true;
    } catch (IOException e) {
      fail("records are not read", e);
      shut();
      return false;
    }
  }

  private TopicReader reader() throws IOException {
    TopicReader reader = open;
    if (reader == null) {
      make();
      reader =
          TopicReader.joining(
              cluster,
              config.group(),
              "oca-fill",
              List.of(cluster.topic(SERVE), cluster.topic(STEERING), cluster.topic(FILL)));
      open = reader;
    }
    return reader;
  }

  private void make() throws IOException {
    if (made) {
      return;
    }
    short copies = (short) config.replication();
    List<Topic> topics = new ArrayList<>();
    for (String kind : List.of(SERVE, STEERING, FILL)) {
      topics.add(new Topic(kind, config.partitions(), copies, false));
    }
    topics.add(new Topic(FLEET, config.partitions(), copies, true));
    TopicMaker.make(cluster, topics);
    made = true;
  }

  private void shut() {
    TopicReader reader = open;
    open = null;
    lag = -1;
    if (reader != null) {
      reader.close();
    }
  }

  private void take(List<Message> messages) throws IOException {
    List<ServeRecords> served = new ArrayList<>();
    for (Message message : messages) {
      try {
        if (message.topic().equals(cluster.topic(SERVE))) {
          ServeRecords batch = read(message, ServeRecords.class);
          note(SERVE, batch.server().value(), batch.bootId(), batch.sequence(), batch.dropped());
          served.add(batch);
          records.add(batch.records().size());
        } else if (message.topic().equals(cluster.topic(STEERING))) {
          SteeringRecords batch = read(message, SteeringRecords.class);
          note(STEERING, batch.server().value(), batch.bootId(), batch.sequence(), batch.dropped());
          taker.steering(batch);
          records.add(batch.records().size());
        } else {
          FillRecords batch = read(message, FillRecords.class);
          note(FILL, batch.server().value(), batch.bootId(), batch.sequence(), batch.dropped());
          taker.fill(batch);
          records.add(batch.records().size());
        }
      } catch (MalformedException | RuntimeException e) {
        // Whatever it is, it would be so again: one message must not keep all others away.
        noteMalformed(message, e);
      }
    }
    serve(served);
  }

  /** All in one go; if one of them is not fit, each by itself. */
  private void serve(List<ServeRecords> served) throws IOException {
    if (served.isEmpty()) {
      return;
    }
    try {
      taker.serve(served);
    } catch (RuntimeException all) {
      for (ServeRecords one : served) {
        try {
          taker.serve(List.of(one));
        } catch (RuntimeException e) {
          malformed.increment();
          log.warn("serve records of {} are malformed: {}", one.server(), e.toString());
        }
      }
    }
  }

  private <T> T read(Message message, Class<T> type) throws MalformedException {
    byte[] value = message.value();
    if (value == null) {
      throw new MalformedException("it is empty", null);
    }
    try {
      return Wire.read(Packing.unpack(value, (int) config.message().bytes()), type);
    } catch (IOException e) {
      throw new MalformedException(String.valueOf(e.getMessage()), e);
    }
  }

  private void note(String kind, String sender, String boot, long sequence, long told) {
    if (boot.length() > MAX_BOOT_ID || !Plausible.isNumbered(sequence, told)) {
      throw new IllegalArgumentException(
          "a batch of "
              + sender
              + " numbered "
              + sequence
              + ", with a boot id of "
              + boot.length());
    }
    batches.increment();
    dropped.add(Math.max(0, told));
    gaps.add(numbers.passed(kind, sender, boot, sequence));
  }

  private void noteMalformed(Message message, Exception e) {
    malformed.increment();
    if (!toldMalformed) {
      toldMalformed = true;
      log.warn(
          "{} partition {} offset {} is no message, further ones are only counted: {}",
          message.topic(),
          message.partition(),
          message.offset(),
          e.getMessage());
    }
  }

  private void fail(String what, Exception e) {
    failures.increment();
    if (!failing) {
      failing = true;
      log.warn("{}, trying again: {}", what, e.toString());
    }
  }

  private static final class MalformedException extends Exception {
    private static final long serialVersionUID = 1;

    MalformedException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
