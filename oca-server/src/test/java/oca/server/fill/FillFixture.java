package oca.server.fill;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import oca.config.ByteSize;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.protocol.BlockList;
import oca.protocol.CatalogEntry;
import oca.protocol.FillManifest;
import oca.protocol.FillManifest.Entry;
import oca.protocol.FillManifest.FillWindow;
import oca.protocol.FillReport.Result;
import oca.server.fill.s3.S3Config;
import oca.server.fill.s3.S3Origins;

/** All that a worker needs, with clocks that the test moves. */
final class FillFixture implements AutoCloseable {
  static final ApplianceId APPLIANCE = new ApplianceId("north-1");
  static final Instant OPENS = Instant.parse("2026-03-01T02:00:00Z");
  static final Instant CLOSES = OPENS.plus(Duration.ofHours(4));

  /** Files of at most this length are one block. */
  static final int BLOCK = 4096;

  static final int MAX_LIST = 1024;
  static final Patience PATIENCE =
      new Patience(
          Duration.ofMillis(5),
          Duration.ofMillis(400),
          Duration.ofMillis(50),
          Duration.ofMinutes(10));
  static final FillWindow WINDOW = new FillWindow(OPENS, CLOSES);

  final AtomicReference<Instant> now = new AtomicReference<>(OPENS);
  final InstantSource clock = now::get;
  final AtomicLong nanos = new AtomicLong();
  final MemoryStore store = new MemoryStore();
  final List<Result> results = new CopyOnWriteArrayList<>();
  final FillTally tally = new FillTally();
  final FillQueue queue =
      new FillQueue(
          id -> store.describe(FillRound.key(id)) != null, clock, Duration.ofMillis(20), 2, 2);
  final FillRate rate = new FillRate(nanos::get);
  final FillRate outside = new FillRate(nanos::get);
  final Distrust distrust = new Distrust(600_000_000_000L);
  final BackOff backOff = new BackOff();
  final FillSource source;
  final SourceServer peer;
  final SourceServer second;
  final SourceServer origin;
  final FillTools tools;

  /** Runs after each pause for the rate. */
  volatile Runnable onPause = () -> {};

  FillFixture() throws java.io.IOException {
    this(List.of(), Duration.ofSeconds(20));
  }

  /** With buckets, and so long a wait for a source that is silent. */
  FillFixture(List<S3Config> buckets, Duration stall) throws java.io.IOException {
    source = new FillSource(Duration.ofSeconds(20), stall, new S3Origins(buckets, clock), clock);
    peer = new SourceServer();
    second = new SourceServer();
    origin = new SourceServer();
    rate.limit(1L << 40);
    outside.limit(1L << 40);
    tools =
        new FillTools(
            config(2, Duration.ofSeconds(10), List.of(origin.endpoint())),
            queue,
            store,
            BLOCK,
            new ListReader(store, MAX_LIST, tally),
            source,
            rate,
            outside,
            distrust,
            backOff,
            new Origins(List.of(origin.endpoint())),
            tally,
            results::add,
            clock,
            nanos::get,
            this::pause);
  }

  static FillConfig config(int attempts, Duration retry, List<Endpoint> origins) {
    return new FillConfig(
        Duration.ofMillis(20),
        2,
        origins,
        List.of(),
        Duration.ofSeconds(2),
        Duration.ofMillis(400),
        new ByteSize(4096),
        new ByteSize(MAX_LIST),
        2,
        attempts,
        retry,
        PATIENCE,
        new YieldConfig(0.8, 0.6, Duration.ofMillis(30), 32, 0.05, Duration.ofMillis(20)),
        GrantConfig.BY_MANIFEST,
        Duration.ofMillis(20),
        100,
        Duration.ofSeconds(5));
  }

  /** Publishes a file of random bytes at all three servers; the entry names them in order. */
  Entry publish(String path, int length) {
    byte[] bytes = new byte[length];
    new Random(path.hashCode()).nextBytes(bytes);
    return publish(path, bytes);
  }

  private Entry publish(String path, byte[] bytes) {
    for (SourceServer server : List.of(peer, second, origin)) {
      server.files.put(path, bytes);
    }
    CatalogEntry file =
        new CatalogEntry(
            path, "title", bytes.length, MemoryStore.sha256(bytes), "video/mp4", Instant.EPOCH);
    return Entry.from(file, sources(path));
  }

  private List<URI> sources(String path) {
    return List.of(peer.uri(path), second.uri(path), origin.uri(path));
  }

  /** Publishes a file and the list of its blocks: the file's entry, then the list's. */
  List<Entry> publishListed(String path, int length, int blockBytes) {
    CatalogEntry file = publish(path, length).file();
    byte[] bytes = peer.files.get(path);
    ByteArrayOutputStream digests = new ByteArrayOutputStream();
    for (int at = 0; at < length; at += blockBytes) {
      byte[] block = Arrays.copyOfRange(bytes, at, Math.min(length, at + blockBytes));
      digests.writeBytes(HexFormat.of().parseHex(MemoryStore.sha256(block)));
    }
    String list = path + ".blocks";
    CatalogEntry listed =
        new CatalogEntry(
            path,
            file.title(),
            length,
            file.sha256(),
            file.mediaType(),
            file.modified(),
            new BlockList(blockBytes, list));
    return List.of(Entry.from(listed, sources(path)), publish(list, digests.toByteArray()));
  }

  /** The entries of a file that was published with its list, without publishing it again. */
  List<Entry> listed(String path, int length, int blockBytes) {
    Map<String, byte[]> peers = Map.copyOf(peer.files);
    Map<String, byte[]> seconds = Map.copyOf(second.files);
    List<Entry> entries = publishListed(path, length, blockBytes);
    peer.files.putAll(peers);
    second.files.putAll(seconds);
    return entries;
  }

  /** The same file from other sources. */
  static Entry from(Entry entry, URI... sources) {
    return Entry.from(entry.file(), List.of(sources));
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
