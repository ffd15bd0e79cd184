package oca.steering;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import oca.model.ApplianceId;
import oca.steering.fleet.FleetFile;
import oca.steering.fleet.FleetRecord;
import oca.steering.fleet.FleetSnapshot;
import oca.steering.fleet.HeartbeatIntake;
import oca.steering.fleet.Member;
import oca.steering.fleet.ObservedClock;
import oca.steering.fleet.Order;
import oca.steering.fleet.StartGate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the fleet's time and its file: the watchdog that tells a pause of ours from the silence of
 * others, on a thread that does nothing else, and the saver on another, because a slow disk would
 * look like a pause.
 */
final class FleetWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FleetWatch.class);

  /** Long enough that a hundred orders in a row are one save. */
  private static final Duration SOON = Duration.ofMillis(100);

  private final FleetConfig config;
  private final InstantSource wallClock;
  private final ObservedClock clock;
  private final HeartbeatIntake intake;
  private final StartGate gate;
  private final Optional<FleetFile> file;
  private final AtomicBoolean soon = new AtomicBoolean();
  private final LongAdder saveFailures = new LongAdder();
  private final ScheduledExecutorService watchdog = thread("fleet-watchdog");
  private final ScheduledExecutorService saver = thread("fleet-saver");

  /**
   * A watch over a fleet that begins with what was saved.
   *
   * @param wallClock for the file
   * @param nanoClock monotonic
   * @param seed of the index, not to be guessed
   */
  FleetWatch(SteeringConfig config, InstantSource wallClock, LongSupplier nanoClock, long seed) {
    this.config = config.fleet();
    this.wallClock = wallClock;
    this.clock = new ObservedClock(nanoClock, this.config.tolerance(), this.config.settle());
    SteeringConfig.Limits limits = config.limits();
    this.intake =
        new HeartbeatIntake(
            clock,
            new HeartbeatIntake.Limits(
                limits.appliances(),
                limits.filesPerAppliance(),
                limits.filesInAll(),
                limits.files(),
                limits.inventoriesPerSecond()),
            config.originPathway(),
            this.config.liveness(config.lease()),
            this.config.lossRules(),
            seed);
    this.file =
        this.config.file().map(path -> new FleetFile(path, (int) this.config.fileLimit().bytes()));
    int expected = file.flatMap(FleetFile::load).map(this::restore).orElse(0);
    this.gate =
        new StartGate(
            expected, this.config.startShare(), this.config.startWait(), clock.getAsLong());
  }

  void start() {
    long every = config.tick().toNanos();
    var _ = watchdog.scheduleAtFixedRate(this::guardedTick, every, every, TimeUnit.NANOSECONDS);
    long save = config.saveInterval().toNanos();
    var _ = saver.scheduleWithFixedDelay(this::save, save, save, TimeUnit.NANOSECONDS);
  }

  HeartbeatIntake intake() {
    return intake;
  }

  /** The clock of leases. */
  ObservedClock clock() {
    return clock;
  }

  FleetSnapshot fleet() {
    return intake.snapshot();
  }

  /** The orders that were in force when the fleet was saved. */
  Map<ApplianceId, Order> savedOrders() {
    Map<ApplianceId, Order> orders = new HashMap<>();
    for (Member member : intake.snapshot().members()) {
      if (member.order() != Order.NONE) {
        orders.put(member.id(), member.order());
      }
    }
    return orders;
  }

  /** Saves the fleet soon: somebody decided something about it. */
  void saveSoon() {
    if (file.isPresent() && !saver.isShutdown() && !soon.getAndSet(true)) {
      var _ = saver.schedule(this::save, SOON.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Whether enough was heard since the start. */
  boolean isReady() {
    return gate.isOpen(intake.snapshot(), clock.getAsLong());
  }

  /** One look of the watchdog. */
  synchronized void tick() {
    clock.tick();
    intake.tick();
  }

  /** Stops, and saves a last time. */
  @Override
  public void close() {
    watchdog.shutdownNow();
    saver.shutdown();
    try {
      if (!saver.awaitTermination(5, TimeUnit.SECONDS)) {
        log.warn("the saved fleet is not the last one: the disk takes more than 5 s");
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    save();
  }

  private int restore(FleetRecord record) {
    int expected = intake.restore(record, wallClock.instant(), config.startWait());
    log.info(
        "{} appliances known from {}, {} in answers",
        record.entries().size(),
        record.saved(),
        expected);
    return expected;
  }

  private void guardedTick() {
    try {
      tick();
    } catch (RuntimeException e) {
      // The schedule would end with it, and all leases would stand still.
      log.error("a look at the leases failed", e);
    }
  }

  private void save() {
    if (file.isEmpty()) {
      return;
    }
    soon.set(false);
    try {
      file.get().save(intake.record(wallClock.instant()));
    } catch (IOException | RuntimeException e) {
      saveFailures.increment();
      log.warn("the fleet was not saved, a restart would find the one before: {}", e.getMessage());
    }
  }

  /** Saves that failed since the start. */
  long saveFailures() {
    return saveFailures.sum();
  }

  private static ScheduledExecutorService thread(String name) {
    return Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().daemon().name(name).factory());
  }
}
