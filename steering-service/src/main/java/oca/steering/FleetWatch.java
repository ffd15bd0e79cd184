package oca.steering;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import oca.config.Current;
import oca.model.ApplianceId;
import oca.steering.fleet.FleetFile;
import oca.steering.fleet.FleetRecord;
import oca.steering.fleet.FleetSnapshot;
import oca.steering.fleet.HeartbeatIntake;
import oca.steering.fleet.Liveness;
import oca.steering.fleet.LossRules;
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
  private final Current<Rules> rules;
  private final InstantSource wallClock;
  private final ObservedClock clock;
  private final HeartbeatIntake intake;
  private final StartGate gate;
  private final Optional<FleetFile> file;
  private final AtomicBoolean soon = new AtomicBoolean();
  private Rules applied;
  private final LongAdder saveFailures = new LongAdder();
  private final ScheduledExecutorService watchdog = thread("fleet-watchdog");
  private final ScheduledExecutorService saver = thread("fleet-saver");

  /** How long appliances count, and when many that fall silent are not believed. */
  private record Rules(Liveness liveness, LossRules losses) {
    static Rules of(SteeringConfig config) {
      return new Rules(config.fleet().liveness(config.lease()), config.fleet().lossRules());
    }
  }

  /**
   * A watch over a fleet that begins with what was saved.
   *
   * @param settings looked at with each tick
   * @param wallClock for the file
   * @param nanoClock monotonic
   * @param seed of the index, not to be guessed
   * @param begun what to begin with in place of what was saved
   */
  FleetWatch(
      Current<SteeringConfig> settings,
      InstantSource wallClock,
      LongSupplier nanoClock,
      long seed,
      Optional<ReplicaDesk.Begun> begun) {
    SteeringConfig config = settings.get();
    this.rules = settings.map(Rules::of);
    this.applied = rules.get();
    this.config = config.fleet();
    this.wallClock = wallClock;
    this.clock = new ObservedClock(nanoClock, this.config.tolerance(), this.config.settle());
    this.intake =
        new HeartbeatIntake(
            clock,
            limits(config),
            config.originPathway(),
            applied.liveness(),
            applied.losses(),
            seed);
    this.file =
        this.config.file().map(path -> new FleetFile(path, (int) this.config.fileLimit().bytes()));
    this.gate = begun.isPresent() ? restore(begun.get(), config.lease()) : restoreSaved();
  }

  /** How much of a fleet is taken in. */
  static HeartbeatIntake.Limits limits(SteeringConfig config) {
    SteeringConfig.Limits limits = config.limits();
    return new HeartbeatIntake.Limits(
        limits.appliances(),
        limits.filesPerAppliance(),
        limits.filesInAll(),
        limits.files(),
        limits.inventoriesPerSecond());
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
    return intake.orders();
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
    Rules now = rules.get();
    if (!now.equals(applied)) {
      intake.goBy(now.liveness(), now.losses());
      applied = now;
    }
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

  /**
   * Begins with a snapshot. Whom it vouches for has a lease to be heard. When it is younger than
   * that, nobody has to be waited for; else it is worth no more waiting than that.
   */
  private StartGate restore(ReplicaDesk.Begun begun, Duration lease) {
    int expected =
        intake.restore(begun.fleet(), begun.fleet().fleet().saved().plus(begun.age()), lease);
    boolean fresh = begun.age().compareTo(lease) < 0;
    Duration most = config.startWait().compareTo(lease) < 0 ? config.startWait() : lease;
    return new StartGate(
        expected, config.startShare(), fresh ? Duration.ZERO : most, clock.getAsLong());
  }

  private StartGate restoreSaved() {
    int expected = file.flatMap(FleetFile::load).map(this::restore).orElse(0);
    return new StartGate(expected, config.startShare(), config.startWait(), clock.getAsLong());
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
