package oca.protocol.records;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import oca.model.ApplianceId;
import oca.protocol.http.ControlClient;

/**
 * Takes records from event loops and passes them to sinks: files, a post, Kafka, or whatever keeps
 * the contract of {@link RecordSink}.
 *
 * @param <T> the kind of record
 *     <p>{@link #accept} may be called on any thread and never blocks: it puts the record into the
 *     ring of each sink. A sink that is slow or down fills its own ring, and then loses records,
 *     which are counted; no other sink notices.
 */
public final class RecordLog<T> implements Consumer<T>, AutoCloseable {
  private final List<RecordFeed<T>> feeds;
  private final Optional<FileSink<T>> files;
  private final Optional<SpoolSink<T>> spool;
  private final LongAdder forgotten = new LongAdder();

  private RecordLog(
      List<RecordFeed<T>> feeds, Optional<FileSink<T>> files, Optional<SpoolSink<T>> spool) {
    this.feeds = List.copyOf(feeds);
    this.files = files;
    this.spool = spool;
  }

  /**
   * Starts to take records for the sinks that are configured.
   *
   * @param server the sender named in batches
   * @param bootId drawn at this start of the process
   * @param client stays open until this is closed, and is closed by the caller
   */
  public static <T> RecordLog<T> start(
      RecordForm<T> form,
      ApplianceId server,
      String bootId,
      RecordsConfig config,
      ControlClient client) {
    Optional<FileSink<T>> files =
        config
            .file()
            .map(
                it ->
                    new FileSink<>(form, it, new DiskFolder(it.folder()), InstantSource.system()));
    List<RecordFeed<T>> feeds = new ArrayList<>();
    files.ifPresent(
        sink ->
            feeds.add(
                new RecordFeed<>(
                    server, bootId, sink, config, config.file().orElseThrow().interval())));
    config
        .target()
        .ifPresent(
            target ->
                feeds.add(
                    new RecordFeed<>(
                        server,
                        bootId,
                        new PostSink<>(form, target, client),
                        config,
                        config.interval())));
    Optional<SpoolSink<T>> spool = config.kafka().map(kafka -> spool(form, server, config, kafka));
    spool.ifPresent(
        sink -> feeds.add(new RecordFeed<>(server, bootId, sink, config, config.interval())));
    return new RecordLog<>(feeds, files, spool);
  }

  /**
   * Starts to take records for sinks of the caller's. They are closed with this.
   *
   * @param config of which rings, batches, intervals and tries are taken
   */
  public static <T> RecordLog<T> start(
      ApplianceId server, String bootId, RecordsConfig config, List<RecordSink<T>> sinks) {
    return new RecordLog<>(
        sinks.stream()
            .map(sink -> new RecordFeed<>(server, bootId, sink, config, config.interval()))
            .toList(),
        Optional.empty(),
        Optional.empty());
  }

  private static <T> SpoolSink<T> spool(
      RecordForm<T> form, ApplianceId server, RecordsConfig config, KafkaConfig kafka) {
    return new SpoolSink<>(
        form,
        kafka,
        config,
        new DiskFolder(kafka.spool().resolve(form.kind())),
        () -> new KafkaOutlet(kafka, form.kind(), server));
  }

  /** Takes a record, or drops and counts it where a ring is full. Any thread, never blocks. */
  @Override
  public void accept(T record) {
    if (feeds.isEmpty()) {
      forgotten.increment();
    }
    for (RecordFeed<T> feed : feeds) {
      feed.offer(record);
    }
  }

  /** Records offered since the start, dropped ones included. */
  public long accepted() {
    return feeds.isEmpty() ? forgotten.sum() : feeds.getFirst().offered();
  }

  /** Records dropped since the start, each once for each sink that will not see it. */
  public long dropped() {
    long dropped = 0;
    for (RecordFeed<T> feed : feeds) {
      dropped += feed.dropped();
    }
    return dropped;
  }

  /** Tries of sinks that failed since the start. */
  public long failures() {
    return sinks().stream().mapToLong(SinkStatus::failures).sum();
  }

  /** How each sink does. */
  public List<SinkStatus> sinks() {
    List<SinkStatus> sinks = new ArrayList<>(feeds.size());
    for (RecordFeed<T> feed : feeds) {
      sinks.add(feed.status());
    }
    return sinks;
  }

  /** What became of files; nothing when none are written. */
  public FilesStatus files() {
    return files.map(FileSink::status).orElse(FilesStatus.NONE);
  }

  /** How records fare on their way to Kafka; nothing when they do not go there. */
  public SpoolStatus spool() {
    return spool.map(SpoolSink::status).orElse(SpoolStatus.NONE);
  }

  /**
   * Passes on what is in the rings, for at most the configured time for each; what is not taken by
   * then is dropped.
   */
  @Override
  public void close() {
    for (RecordFeed<T> feed : feeds) {
      feed.beginClose();
    }
    for (RecordFeed<T> feed : feeds) {
      feed.close();
    }
  }
}
