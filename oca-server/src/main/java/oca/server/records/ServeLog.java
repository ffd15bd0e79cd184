package oca.server.records;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import oca.model.ApplianceId;
import oca.protocol.ServeRecord;
import oca.protocol.http.ControlClient;

/**
 * Takes serve records from event loops and passes them to sinks: files, a post, or whatever keeps
 * the contract of {@link RecordSink}.
 *
 * <p>{@link #accept} may be called on any thread and never blocks: it puts the record into the ring
 * of each sink. A sink that is slow or down fills its own ring, and then loses records, which are
 * counted; no other sink notices.
 */
public final class ServeLog implements Consumer<ServeRecord>, AutoCloseable {
  private final RecordFeed[] feeds;
  private final Optional<FileSink> files;
  private final LongAdder forgotten = new LongAdder();

  private ServeLog(List<RecordFeed> feeds, Optional<FileSink> files) {
    this.feeds = feeds.toArray(RecordFeed[]::new);
    this.files = files;
  }

  /**
   * Starts to take records for the sinks that are configured.
   *
   * @param server the sender named in batches
   * @param bootId drawn at this start of the process
   * @param client stays open until this is closed, and is closed by the caller
   */
  public static ServeLog start(
      ApplianceId server, String bootId, RecordsConfig config, ControlClient client) {
    Optional<FileSink> files =
        config
            .file()
            .map(it -> new FileSink(it, new DiskFolder(it.folder()), InstantSource.system()));
    List<RecordFeed> feeds = new ArrayList<>();
    files.ifPresent(
        sink ->
            feeds.add(
                new RecordFeed(
                    server, bootId, sink, config, config.file().orElseThrow().interval())));
    config
        .target()
        .ifPresent(
            target ->
                feeds.add(
                    new RecordFeed(
                        server, bootId, new PostSink(target, client), config, config.interval())));
    return new ServeLog(feeds, files);
  }

  /**
   * Starts to take records for sinks of the caller's. They are closed with this.
   *
   * @param config of which rings, batches, intervals and tries are taken
   */
  public static ServeLog start(
      ApplianceId server, String bootId, RecordsConfig config, List<RecordSink> sinks) {
    return new ServeLog(
        sinks.stream()
            .map(sink -> new RecordFeed(server, bootId, sink, config, config.interval()))
            .toList(),
        Optional.empty());
  }

  /** Takes a record, or drops and counts it where a ring is full. Any thread, never blocks. */
  @Override
  public void accept(ServeRecord record) {
    if (feeds.length == 0) {
      forgotten.increment();
    }
    for (RecordFeed feed : feeds) {
      feed.offer(record);
    }
  }

  /** Records offered since the start, dropped ones included. */
  public long accepted() {
    return feeds.length == 0 ? forgotten.sum() : feeds[0].offered();
  }

  /** Records dropped since the start, each once for each sink that will not see it. */
  public long dropped() {
    long dropped = 0;
    for (RecordFeed feed : feeds) {
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
    List<SinkStatus> sinks = new ArrayList<>(feeds.length);
    for (RecordFeed feed : feeds) {
      sinks.add(feed.status());
    }
    return sinks;
  }

  /** What became of files; nothing when none are written. */
  public FilesStatus files() {
    return files.map(FileSink::status).orElse(FilesStatus.NONE);
  }

  /**
   * Passes on what is in the rings, for at most the configured time for each; what is not taken by
   * then is dropped.
   */
  @Override
  public void close() {
    for (RecordFeed feed : feeds) {
      feed.beginClose();
    }
    for (RecordFeed feed : feeds) {
      feed.close();
    }
  }
}
