package oca.steering.records;

import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;
import oca.model.Address;
import oca.model.ApplianceId;
import oca.protocol.SteeringRecords;
import oca.protocol.http.ControlClient;
import oca.protocol.records.FilesStatus;
import oca.protocol.records.RecordBatch;
import oca.protocol.records.RecordForm;
import oca.protocol.records.RecordLog;
import oca.protocol.records.RecordsConfig;
import oca.protocol.records.SinkStatus;
import oca.steering.rank.Decision;

/**
 * Takes answers and passes their records to files, a post, or both. {@link #note} on any thread,
 * never blocks: it leaves a reference in a ring of each; a full one drops and counts.
 */
public final class DecisionLog implements AutoCloseable {
  private final boolean wanted;
  private final InstantSource clock;
  private final Supplier<Setup> setup;
  private final RecordLog<Note> log;
  private final AtomicLong numbers = new AtomicLong();

  private DecisionLog(
      boolean wanted, Supplier<Setup> setup, InstantSource clock, RecordLog<Note> log) {
    this.wanted = wanted;
    this.setup = setup;
    this.clock = clock;
    this.log = log;
  }

  /**
   * Starts.
   *
   * @param setup in force, on threads that answer
   * @param name of this process in batches
   * @param bootId drawn at this start
   * @param tableMillis by the wall clock's milliseconds, since when the routes are as they are; on
   *     the sinks' threads
   * @param client stays open until this is closed, and is closed by the caller
   */
  public static DecisionLog start(
      RecordsConfig config,
      Supplier<Setup> setup,
      ApplianceId name,
      String bootId,
      LongUnaryOperator tableMillis,
      InstantSource clock,
      ControlClient client) {
    return new DecisionLog(
        config.wanted(),
        setup,
        clock,
        RecordLog.start(new Form(tableMillis), name, bootId, config, client));
  }

  /** Takes an answer. */
  public void note(Address client, Decision decision, long ttlSeconds) {
    if (wanted) {
      log.accept(
          new Note(
              client,
              decision,
              setup.get(),
              clock.millis(),
              ttlSeconds,
              numbers.incrementAndGet()));
    }
  }

  /** Answers taken since the start, dropped ones included. */
  public long noted() {
    return numbers.get();
  }

  /** Records that a sink will not see, each once for each sink. */
  public long dropped() {
    return log.dropped();
  }

  /** How each sink does. */
  public List<SinkStatus> sinks() {
    return log.sinks();
  }

  /** What became of files. */
  public FilesStatus files() {
    return log.files();
  }

  @Override
  public void close() {
    log.close();
  }

  private record Form(LongUnaryOperator tableMillis) implements RecordForm<Note> {
    @Override
    public String kind() {
      return "steering";
    }

    @Override
    public Lines<Note> lines() {
      return new Teller(tableMillis);
    }

    @Override
    public Object message(RecordBatch<Note> batch) {
      return new SteeringRecords(
          batch.server(),
          batch.bootId(),
          batch.sequence(),
          batch.dropped(),
          batch.records().stream()
              .map(note -> Told.record(note, tableMillis.applyAsLong(note.wallMillis())))
              .toList());
    }
  }
}
