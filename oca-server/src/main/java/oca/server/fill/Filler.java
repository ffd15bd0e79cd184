package oca.server.fill;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import oca.config.Current;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.protocol.FillManifest;
import oca.protocol.FillReport;
import oca.protocol.http.ControlClient;
import oca.protocol.records.RecordLog;
import oca.server.fill.s3.S3Origins;
import oca.store.ContentKey;
import oca.store.ContentStore;

/**
 * Fills the store as the controller's manifest says, from {@link #start} to {@link #close}. Safe on
 * any thread.
 */
public final class Filler implements AutoCloseable {
  private static final Duration CLOCK_RECHECK = Duration.ofSeconds(1);
  private static final Duration WORKERS_END = Duration.ofSeconds(10);

  private final FillRate rate;
  private final FillQueue queue;
  private final FillSource source;
  private final FillTally tally = new FillTally();
  private final Distrust distrust;
  private final BackOff backOff = new BackOff();
  private final YieldLoop yieldLoop;
  private final ManifestPoller poller;
  private final GrantDesk grants;
  private final GrantAsker asker;
  private final Optional<FillReporter> reporter;
  private final Optional<RecordLog<FillReport.Result>> records;
  private final List<Thread> workers = new ArrayList<>();
  private volatile long manifestVersion;

  private Filler(
      ApplianceId appliance,
      String bootId,
      URI controller,
      Current<FillConfig> settings,
      ContentStore store,
      int blockBytes,
      ControlClient client,
      InstantSource clock,
      LongSupplier nanoClock,
      Supplier<ViewerLoad> load,
      Optional<RecordLog<FillReport.Result>> records) {
    FillConfig config = settings.get();
    this.records = records;
    Predicate<ContentId> held = id -> store.describe(FillRound.key(id)) != null;
    this.rate = new FillRate(nanoClock);
    Pace pace = new Pace(nanoClock, tally::bytesFetched);
    this.grants = new GrantDesk(config.grants(), nanoClock);
    this.queue =
        new FillQueue(
            held,
            clock,
            CLOCK_RECHECK,
            config.maxRepairs(),
            config.workers(),
            (allowed, busy) -> pace.look(Math.min(allowed, rate.bytesPerSecond()), busy),
            grants);
    this.source =
        new FillSource(config.connect(), config.stall(), new S3Origins(config.s3(), clock), clock);
    this.reporter =
        records.isPresent()
            ? Optional.empty()
            : Optional.of(
                new FillReporter(appliance, below(controller, "v1/fill-reports"), config, client));
    FillRate outside = new FillRate(nanoClock);
    this.distrust = new Distrust(config.patience().distrust().toNanos());
    this.yieldLoop = new YieldLoop(() -> settings.get().yield(), load, List.of(rate, outside));
    this.poller =
        new ManifestPoller(
            appliance,
            below(controller, "v1/manifests/" + appliance),
            () -> settings.get().manifestInterval(),
            client,
            new OnManifest(store, outside, clock));
    settings.whenReplaced(poller::lookSoon);
    this.asker =
        new GrantAsker(
            appliance,
            bootId,
            controller,
            config.grants(),
            client,
            queue,
            grants,
            held,
            poller::lookSoon,
            nanoClock);
    FillTools tools =
        new FillTools(
            config,
            queue,
            store,
            blockBytes,
            new ListReader(store, config.maxBlockList().bytes(), tally),
            source,
            rate,
            outside,
            distrust,
            backOff,
            new Origins(config.origins()),
            tally,
            this::ended,
            clock,
            nanoClock,
            TimeUnit.NANOSECONDS::sleep);
    for (int i = 0; i < config.workers(); i++) {
      workers.add(Thread.ofVirtual().name("fill-" + i).unstarted(new FillWorker(tools)));
    }
  }

  /**
   * Starts to look at the manifest and to fetch.
   *
   * @param bootId as in heartbeats
   * @param controller the controller's base URI, without {@code /v1/...}
   * @param settings those that a reload changes are asked for when they are needed
   * @param store closed by the caller, after this
   * @param blockBytes of the blocks in which the store keeps files whose blocks are not announced
   * @param client closed by the caller, after this
   * @param clock the wall clock, for the window and reports
   * @param nanoClock monotonic, for the rate and all waits
   * @param load of viewers, now; see {@link YieldConfig}
   * @param records where results go in place of posts to the controller; closed by the caller,
   *     after this
   */
  public static Filler start(
      ApplianceId appliance,
      String bootId,
      URI controller,
      Current<FillConfig> settings,
      ContentStore store,
      int blockBytes,
      ControlClient client,
      InstantSource clock,
      LongSupplier nanoClock,
      Supplier<ViewerLoad> load,
      Optional<RecordLog<FillReport.Result>> records) {
    Filler filler =
        new Filler(
            appliance,
            bootId,
            controller,
            settings,
            store,
            blockBytes,
            client,
            clock,
            nanoClock,
            load,
            records);
    filler.reporter.ifPresent(FillReporter::start);
    filler.workers.forEach(Thread::start);
    filler.yieldLoop.start();
    filler.poller.start();
    filler.asker.start();
    return filler;
  }

  /** The same, with results posted to the controller. */
  public static Filler start(
      ApplianceId appliance,
      String bootId,
      URI controller,
      Current<FillConfig> settings,
      ContentStore store,
      int blockBytes,
      ControlClient client,
      InstantSource clock,
      LongSupplier nanoClock,
      Supplier<ViewerLoad> load) {
    return start(
        appliance,
        bootId,
        controller,
        settings,
        store,
        blockBytes,
        client,
        clock,
        nanoClock,
        load,
        Optional.empty());
  }

  /** How filling stands. Does not block on a disk or the network. */
  public FillStatus status() {
    return new FillStatus(
        manifestVersion,
        queue.isWindowOpen(),
        queue.waiting(),
        queue.running(),
        tally.filled.sum(),
        tally.givenUp.sum(),
        tally.sourceFailures.sum(),
        tally.listsUnread.sum(),
        tally.bytesFromPeers.sum(),
        tally.bytesFromOrigins.sum(),
        queue.repairs(),
        tally.repaired.sum(),
        queue.repairsRefused(),
        poller.failures(),
        reporter.map(FillReporter::dropped).orElse(0L) + records.map(RecordLog::dropped).orElse(0L),
        new FillStatus.Flow(
            tally.originReasons(),
            tally.preempted.sum(),
            tally.waits.sum(),
            distrust.noted(),
            backOff.noted(),
            queue.late(),
            tally.missed.sum(),
            yieldLoop.yields(),
            yieldLoop.diskYields(),
            yieldLoop.share(),
            grants.inForce(),
            grants.inHand(),
            asker.failures()));
  }

  /** The controller has that version of the manifest: another than at hand is looked at at once. */
  public void manifestIs(long version) {
    poller.heardOf(version);
  }

  /** Files being fetched, in no order, and no more than so many. */
  public List<ContentId> filling(int most) {
    return queue.fetching(most);
  }

  /**
   * Has a file that lost blocks fetched again at once, by its gaps, whatever the window says, but
   * within the rate; from the sources that the manifest names, peers first. Does not block.
   *
   * @return false, counted, when it is not: no manifest wants it, or {@link FillConfig#maxRepairs}
   *     are under way. It may then come in with the next window
   */
  public boolean repair(ContentKey file) {
    return queue.repair(new ContentId(file.high(), file.low()));
  }

  /**
   * Stops fetching, keeping what came of each file for a later start, and tells the last results.
   */
  @Override
  public void close() {
    asker.close();
    poller.close();
    yieldLoop.close();
    queue.close();
    // Not an interrupt: that would close the store's files under a worker that writes.
    source.close();
    try {
      for (Thread worker : workers) {
        worker.join(WORKERS_END);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    reporter.ifPresent(FillReporter::close);
  }

  /** What became of a file goes to the ledger, and to who granted it. */
  private void ended(FillReport.Result result) {
    if (result.filled() || queue.wants(result.file())) {
      grants.ended(result);
    } else {
      grants.unwanted(result.file());
    }
    reporter.ifPresent(it -> it.accept(result));
    records.ifPresent(it -> it.accept(result));
  }

  private final class OnManifest implements ManifestPoller.Listener {
    private final ContentStore store;
    private final FillRate outside;
    private final InstantSource clock;
    private long seenStore = Long.MIN_VALUE;

    OnManifest(ContentStore store, FillRate outside, InstantSource clock) {
      this.store = store;
      this.outside = outside;
      this.clock = clock;
    }

    @Override
    public void changed(FillManifest manifest) {
      rate.limit(manifest.bytesPerSecond());
      Long fromOutside = manifest.outsideBytesPerSecond();
      outside.limit(fromOutside == null ? manifest.bytesPerSecond() : fromOutside);
      store.pin(
          manifest.entries().stream()
              .map(entry -> FillRound.key(entry.file().id()))
              .collect(Collectors.toUnmodifiableSet()));
      seenStore = store.status().version();
      for (FillJob dropped : queue.replace(manifest)) {
        ended(FillWorker.notFilled(dropped, clock.instant(), "no longer in the manifest"));
      }
      manifestVersion = manifest.version();
    }

    @Override
    public void unchanged() {
      long version = store.status().version();
      if (version != seenStore) {
        seenStore = version;
        queue.refresh();
      }
    }
  }

  private static URI below(URI base, String path) {
    String text = base.toString();
    return URI.create(text.endsWith("/") ? text + path : text + "/" + path);
  }
}
