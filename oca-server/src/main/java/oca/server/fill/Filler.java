package oca.server.fill;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.protocol.FillManifest;
import oca.protocol.http.ControlClient;
import oca.store.ContentKey;
import oca.store.ContentStore;

/**
 * Fills the store as the controller's manifest says, from {@link #start} to {@link #close}. Safe on
 * any thread.
 */
public final class Filler implements AutoCloseable {
  private static final Duration CLOCK_RECHECK = Duration.ofSeconds(1);
  private static final Duration WORKERS_END = Duration.ofSeconds(10);

  private final FillQueue queue;
  private final FillSource source;
  private final FillTally tally = new FillTally();
  private final Distrust distrust;
  private final YieldLoop yieldLoop;
  private final ManifestPoller poller;
  private final FillReporter reporter;
  private final List<Thread> workers = new ArrayList<>();
  private volatile long manifestVersion;

  private Filler(
      ApplianceId appliance,
      URI controller,
      FillConfig config,
      ContentStore store,
      int blockBytes,
      ControlClient client,
      InstantSource clock,
      LongSupplier nanoClock,
      DoubleSupplier load) {
    this.queue =
        new FillQueue(
            id -> store.describe(FillRound.key(id)) != null,
            clock,
            CLOCK_RECHECK,
            config.maxRepairs(),
            config.workers());
    this.source = new FillSource(config.connect(), config.stall());
    this.reporter =
        new FillReporter(appliance, below(controller, "v1/fill-reports"), config, client);
    FillRate rate = new FillRate(nanoClock);
    FillRate outside = new FillRate(nanoClock);
    this.distrust = new Distrust(config.patience().distrust().toNanos());
    this.yieldLoop = new YieldLoop(config.yield(), load, List.of(rate, outside));
    this.poller =
        new ManifestPoller(
            appliance,
            below(controller, "v1/manifests/" + appliance),
            config.manifestInterval(),
            client,
            new OnManifest(store, rate, outside, clock));
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
            new Origins(config.origins()),
            tally,
            reporter,
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
   * @param controller the controller's base URI, without {@code /v1/...}
   * @param store closed by the caller, after this
   * @param blockBytes of the blocks in which the store keeps files whose blocks are not announced
   * @param client closed by the caller, after this
   * @param clock the wall clock, for the window and reports
   * @param nanoClock monotonic, for the rate and all waits
   * @param load the used share of what viewers need most of the appliance, see {@link YieldConfig}
   */
  public static Filler start(
      ApplianceId appliance,
      URI controller,
      FillConfig config,
      ContentStore store,
      int blockBytes,
      ControlClient client,
      InstantSource clock,
      LongSupplier nanoClock,
      DoubleSupplier load) {
    Filler filler =
        new Filler(
            appliance, controller, config, store, blockBytes, client, clock, nanoClock, load);
    filler.reporter.start();
    filler.workers.forEach(Thread::start);
    filler.yieldLoop.start();
    filler.poller.start();
    return filler;
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
        reporter.dropped(),
        new FillStatus.Flow(
            tally.originReasons(),
            tally.preempted.sum(),
            tally.waits.sum(),
            distrust.noted(),
            yieldLoop.yields(),
            yieldLoop.share()));
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
    reporter.close();
  }

  private final class OnManifest implements ManifestPoller.Listener {
    private final ContentStore store;
    private final FillRate rate;
    private final FillRate outside;
    private final InstantSource clock;
    private long seenStore = Long.MIN_VALUE;

    OnManifest(ContentStore store, FillRate rate, FillRate outside, InstantSource clock) {
      this.store = store;
      this.rate = rate;
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
        reporter.accept(
            FillWorker.notFilled(dropped, clock.instant(), "no longer in the manifest"));
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
