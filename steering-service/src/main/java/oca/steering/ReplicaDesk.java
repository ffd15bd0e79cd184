package oca.steering;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import oca.steering.catalog.CatalogImage;
import oca.steering.catalog.CatalogPoller;
import oca.steering.fleet.FleetImage;
import oca.steering.http.ApplianceGate;
import oca.steering.replica.Snapshot;
import oca.steering.replica.SnapshotFile;
import oca.steering.replica.SnapshotRefusal;
import oca.steering.replica.SnapshotRefusedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a snapshot of all that this node answers from, on disk and for other nodes, and begins with
 * one: that of another node, which is a second old, or its own from before the start.
 *
 * <p>It is a help and no truth: one that is damaged, newer, too old or too long is left alone with
 * a line in the log, and the node starts as without it. Liveness is in none: a member has an age,
 * and gets one lease from the start to be heard.
 */
final class ReplicaDesk implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ReplicaDesk.class);
  private static final String MEDIA_TYPE = "application/octet-stream";

  /** Others are given one that is no older: that many of them start together costs one. */
  private static final long FRESH_NANOS = 250_000_000;

  /**
   * What a start begins with.
   *
   * @param age of what is known; by whoever made it, or by the wall clock of this machine
   * @param from whom, for a reader
   */
  record Begun(FleetImage fleet, CatalogImage catalog, Duration age, String from) {}

  /** What a snapshot is made of. */
  private record Sources(FleetWatch watch, CatalogPoller catalog) {}

  private record Made(Snapshot.Written snapshot, long atNanos) {}

  private final SteeringConfig config;
  private final Optional<ReplicaConfig> replica;
  private final InstantSource wallClock;
  private final LongSupplier nanoClock;
  private final long seed;
  private final Optional<SnapshotFile> file;
  private final Optional<Begun> begun;
  private final Semaphore readers;
  private final Map<SnapshotRefusal, LongAdder> refusals = new EnumMap<>(SnapshotRefusal.class);
  private final LongAdder fromNode = new LongAdder();
  private final LongAdder fromFile = new LongAdder();
  private final LongAdder served = new LongAdder();
  private final LongAdder saveFailures = new LongAdder();
  private final ScheduledExecutorService saver =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("replica-saver").factory());

  private volatile @Nullable Sources sources;
  private volatile @Nullable Made saved;
  private @Nullable Made newest;

  /**
   * A desk that has looked for what to begin with, for no longer than configured.
   *
   * @param seed of the index of files
   * @throws IOException when a file of the credentials is not fit; the message names it
   */
  ReplicaDesk(SteeringConfig config, InstantSource wallClock, LongSupplier nanoClock, long seed)
      throws IOException {
    this.config = config;
    this.replica = config.replica();
    this.wallClock = wallClock;
    this.nanoClock = nanoClock;
    this.seed = seed;
    for (SnapshotRefusal refusal : SnapshotRefusal.values()) {
      refusals.put(refusal, new LongAdder());
    }
    this.file =
        replica.flatMap(
            it -> it.file().map(path -> new SnapshotFile(path, (int) it.limit().bytes())));
    this.readers = new Semaphore(replica.map(ReplicaConfig::readers).orElse(1));
    this.begun = begin();
    begun.ifPresent(
        it ->
            log.info(
                "begins with what {} knew {} ms ago: {} appliances, {} files held, {} titles",
                it.from(),
                it.age().toMillis(),
                it.fleet().fleet().entries().size(),
                it.fleet().files(),
                it.catalog().titles().count()));
  }

  /** What this start begins with; empty when nothing could be had. */
  Optional<Begun> begun() {
    return begun;
  }

  /** Begins to write, and to give others, what those know. */
  void start(FleetWatch watch, CatalogPoller catalog) {
    sources = new Sources(watch, catalog);
    if (file.isPresent() && replica.isPresent()) {
      long every = replica.get().interval().toNanos();
      var _ = saver.scheduleWithFixedDelay(this::save, every, every, TimeUnit.NANOSECONDS);
    }
  }

  /** Adds {@code GET /v1/snapshot}, for those who show what appliances show. */
  void addTo(ControlListener listener, ApplianceGate gate) {
    listener.route("GET", "/v1/snapshot", this::answer).guard("/v1/snapshot", gate);
  }

  /** Since the file was written; empty before the first time. */
  Optional<Duration> age() {
    Made last = saved;
    return last == null
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(nanoClock.getAsLong() - last.atNanos()));
  }

  /** Of the file as it was written last; 0 before. */
  long bytes() {
    Made last = saved;
    return last == null ? 0 : last.snapshot().bytes().length;
  }

  long refusals(SnapshotRefusal refusal) {
    LongAdder count = refusals.get(refusal);
    return count == null ? 0 : count.sum();
  }

  long begunFromNodes() {
    return fromNode.sum();
  }

  long begunFromFiles() {
    return fromFile.sum();
  }

  long served() {
    return served.sum();
  }

  long saveFailures() {
    return saveFailures.sum();
  }

  /** Stops, and writes a last time. */
  @Override
  public void close() {
    saver.shutdown();
    try {
      if (!saver.awaitTermination(5, TimeUnit.SECONDS)) {
        log.warn("the snapshot is not the last one: the disk takes more than 5 s");
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (file.isPresent()) {
      save();
    }
  }

  private Response answer(Request request) {
    Sources from = sources;
    if (replica.isEmpty()) {
      return Response.problem(404, "this node gives no snapshot; give it a replica section");
    }
    if (from == null || !from.watch().isReady()) {
      return later("this node is not ready itself");
    }
    if (!readers.tryAcquire()) {
      return later("as many as replica.readers are being given one");
    }
    try {
      Made made = made(from, FRESH_NANOS);
      String etag = "\"" + made.snapshot().digest() + "\"";
      Response response =
          request.header("if-none-match").filter(etag::equals).isPresent()
              ? Response.empty(304)
              : Response.bytes(MEDIA_TYPE, made.snapshot().bytes());
      served.increment();
      long age = Math.max(0, nanoClock.getAsLong() - made.atNanos());
      return response
          .with("ETag", etag)
          .with("Age", Long.toString(Duration.ofNanos(age).toSeconds()))
          .with("Cache-Control", "no-store");
    } catch (IOException e) {
      log.warn("no snapshot for another node: {}", e.getMessage());
      return Response.problem(500, String.valueOf(e.getMessage()));
    } finally {
      readers.release();
    }
  }

  private static Response later(String why) {
    return Response.problem(503, why).with("Retry-After", "1");
  }

  /** A snapshot not older than that. */
  private synchronized Made made(Sources from, long oldestNanos) throws IOException {
    long now = nanoClock.getAsLong();
    Made last = newest;
    if (last != null && now - last.atNanos() < oldestNanos) {
      return last;
    }
    int limit = replica.map(it -> (int) it.limit().bytes()).orElse(0);
    byte[] fleet = from.watch().intake().image(wallClock.instant()).write(limit);
    byte[] catalog = from.catalog().image().write(limit);
    Made made = new Made(new Snapshot(fleet, catalog).write(limit), now);
    newest = made;
    return made;
  }

  /** Writes the file, unless this node knows too little: what is there is better then. */
  private void save() {
    Sources from = sources;
    if (file.isEmpty()
        || from == null
        || !from.watch().isReady()
        || from.watch().fleet().members().isEmpty()) {
      return;
    }
    try {
      Made made = made(from, 0);
      file.get().save(made.snapshot().bytes());
      saved = made;
    } catch (IOException | RuntimeException e) {
      saveFailures.increment();
      log.warn("no snapshot written, a restart finds the one before: {}", e.getMessage());
    }
  }

  private Optional<Begun> begin() throws IOException {
    if (replica.isEmpty()) {
      return Optional.empty();
    }
    Optional<Begun> other = replica.get().from().isEmpty() ? Optional.empty() : ask(replica.get());
    if (other.isPresent()) {
      fromNode.increment();
      return other;
    }
    Optional<Begun> own = file.flatMap(this::read);
    own.ifPresent(_ -> fromFile.increment());
    return own;
  }

  /** Asks all nodes at once; the first that has something counts. */
  private Optional<Begun> ask(ReplicaConfig settings) throws IOException {
    BlockingQueue<Optional<Begun>> answers = new LinkedBlockingQueue<>();
    List<Thread> asking = new ArrayList<>();
    try (ControlClient client = new ControlClient(settings.patience(), settings.credentials())) {
      for (URI node : settings.from()) {
        asking.add(
            Thread.ofVirtual()
                .name("replica-" + node.getAuthority())
                .start(() -> answers.add(ask(client, node, (int) settings.limit().bytes()))));
      }
      long end = System.nanoTime() + settings.patience().toNanos();
      for (int left = asking.size(); left > 0; left--) {
        Optional<Begun> answer =
            answers.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        if (answer == null) {
          log.warn("no snapshot of another node within {}", settings.patience());
          return Optional.empty();
        }
        if (answer.isPresent()) {
          return answer;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      asking.forEach(Thread::interrupt);
    }
    return Optional.empty();
  }

  private Optional<Begun> ask(ControlClient client, URI node, int limit) {
    URI uri = ReplicaConfig.snapshotOf(node);
    try {
      ControlClient.Aged answer;
      try {
        answer = client.getBytes(uri);
      } catch (IOException e) {
        throw new SnapshotRefusedException(
            SnapshotRefusal.UNREACHED, String.valueOf(e.getMessage()));
      }
      if (answer.bytes().length > limit) {
        throw new SnapshotRefusedException(
            SnapshotRefusal.TOO_LARGE, answer.bytes().length + " bytes where " + limit + " may be");
      }
      return Optional.of(begun(answer.bytes(), answer.age(), uri.toString()));
    } catch (SnapshotRefusedException e) {
      refused(uri.toString(), e);
      return Optional.empty();
    }
  }

  private Optional<Begun> read(SnapshotFile own) {
    try {
      Optional<byte[]> bytes = own.load();
      if (bytes.isEmpty()) {
        log.info("no snapshot in {} yet", own);
        return Optional.empty();
      }
      return Optional.of(begun(bytes.get(), null, own.toString()));
    } catch (SnapshotRefusedException e) {
      refused(own.toString(), e);
      return Optional.empty();
    }
  }

  private void refused(String where, SnapshotRefusedException e) {
    LongAdder count = refusals.get(e.refusal());
    if (count != null) {
      count.increment();
    }
    log.warn("the snapshot of {} is not used, {}", where, e.getMessage());
  }

  /**
   * Understands a snapshot.
   *
   * @param told its age; null when it is to be told by the wall clock
   */
  private Begun begun(byte[] bytes, @Nullable Duration told, String from)
      throws SnapshotRefusedException {
    Snapshot snapshot = Snapshot.read(bytes);
    FleetImage fleet;
    CatalogImage catalog;
    try {
      fleet = FleetImage.read(snapshot.fleet(), FleetWatch.limits(config), seed);
      catalog = CatalogImage.read(snapshot.catalog(), config.limits().catalogFiles());
    } catch (IOException e) {
      throw new SnapshotRefusedException(SnapshotRefusal.DAMAGED, String.valueOf(e.getMessage()));
    }
    if (fleet.fleet().entries().isEmpty()) {
      throw new SnapshotRefusedException(SnapshotRefusal.EMPTY, from);
    }
    Duration since = Duration.between(fleet.fleet().saved(), wallClock.instant());
    Duration age = told != null ? told : since.isNegative() ? Duration.ZERO : since;
    if (age.compareTo(config.fleet().forget()) > 0) {
      throw new SnapshotRefusedException(SnapshotRefusal.TOO_OLD, age.toString());
    }
    return new Begun(fleet, catalog, age, from);
  }
}
