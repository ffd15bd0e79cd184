package oca.server.fill;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import oca.config.ByteSize;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.protocol.CatalogEntry;
import oca.protocol.FillManifest;
import oca.protocol.FillManifest.Entry;
import oca.protocol.FillManifest.FillWindow;
import oca.protocol.FillReport.Result;

/** All that a worker needs, with clocks that the test moves. */
final class FillFixture implements AutoCloseable {
  static final ApplianceId APPLIANCE = new ApplianceId("north-1");
  static final Instant OPENS = Instant.parse("2026-03-01T02:00:00Z");
  static final Instant CLOSES = OPENS.plus(Duration.ofHours(4));
  static final FillWindow WINDOW = new FillWindow(OPENS, CLOSES);

  final AtomicReference<Instant> now = new AtomicReference<>(OPENS);
  final InstantSource clock = now::get;
  final AtomicLong nanos = new AtomicLong();
  final MemoryStore store = new MemoryStore();
  final List<Result> results = new CopyOnWriteArrayList<>();
  final FillTally tally = new FillTally();
  final FillQueue queue =
      new FillQueue(id -> store.describe(FillRound.key(id)) != null, clock, Duration.ofMillis(20));
  final FillRate rate = new FillRate(nanos::get);
  final FillSource source = new FillSource(Duration.ofSeconds(2), Duration.ofMillis(400));
  final SourceServer peer;
  final SourceServer second;
  final SourceServer origin;
  final FillTools tools;

  /** Runs after each pause for the rate. */
  volatile Runnable onPause = () -> {};

  FillFixture() throws java.io.IOException {
    peer = new SourceServer();
    second = new SourceServer();
    origin = new SourceServer();
    rate.limit(1L << 40);
    tools =
        new FillTools(
            config(2, Duration.ofSeconds(10), List.of(origin.endpoint())),
            queue,
            store,
            source,
            rate,
            new Origins(List.of(origin.endpoint())),
            tally,
            results::add,
            clock,
            this::pause);
  }

  static FillConfig config(int attempts, Duration retry, List<Endpoint> origins) {
    return new FillConfig(
        Duration.ofMillis(20),
        2,
        origins,
        Duration.ofSeconds(2),
        Duration.ofMillis(400),
        new ByteSize(4096),
        attempts,
        retry,
        Duration.ofMillis(20),
        100,
        Duration.ofSeconds(5));
  }

  /** Publishes a file of random bytes at all three servers; the entry names them in order. */
  Entry publish(String path, int length) {
    byte[] bytes = new byte[length];
    new Random(path.hashCode()).nextBytes(bytes);
    for (SourceServer server : List.of(peer, second, origin)) {
      server.files.put(path, bytes);
    }
    CatalogEntry file =
        new CatalogEntry(
            path, "title", length, MemoryStore.sha256(bytes), "video/mp4", Instant.EPOCH);
    return new Entry(file, List.of(peer.uri(path), second.uri(path), origin.uri(path)));
  }

  /** The same file from other sources. */
  static Entry from(Entry entry, URI... sources) {
    return new Entry(entry.file(), List.of(sources));
  }

  static FillManifest manifest(long version, Entry... entries) {
    return new FillManifest(APPLIANCE, version, WINDOW, 1L << 40, List.of(entries));
  }

  /** Takes the one job of a manifest of one entry. */
  FillJob job(Entry entry) throws InterruptedException {
    queue.replace(manifest(1, entry));
    return queue.take();
  }

  boolean holds(Entry entry) {
    byte[] held = store.files.get(FillRound.key(entry.file().id()));
    return held != null && MemoryStore.sha256(held).equals(entry.file().sha256());
  }

  @Override
  public void close() {
    queue.close();
    source.close();
    peer.close();
    second.close();
    origin.close();
  }

  private void pause(long wait) {
    nanos.addAndGet(wait);
    onPause.run();
  }
}
