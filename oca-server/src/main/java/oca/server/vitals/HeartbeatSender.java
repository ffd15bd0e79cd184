package oca.server.vitals;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import oca.protocol.Heartbeat;
import oca.protocol.http.ControlClient;

/**
 * Posts heartbeats to each target at an interval with some jitter, and to a target that asks for it
 * what is held: what changed, if it names a version that the journal reaches back to, or all.
 *
 * <p>Each target has a virtual thread and a sequence of its own. A target that is down is tried
 * again at the next interval; its failures are counted, and logged when the state changes.
 */
public final class HeartbeatSender implements AutoCloseable {
  /** Makes the heartbeat of the moment. Called on the targets' threads. */
  @FunctionalInterface
  public interface Beats {
    /**
     * A heartbeat.
     *
     * @param sequence to put in
     * @param leaving true for the last one: it says draining whatever the state
     */
    Heartbeat next(long sequence, boolean leaving);
  }

  private final List<HeartbeatTarget> targets;
  private final Duration farewell;
  private final LongAdder failures = new LongAdder();

  private HeartbeatSender(
      List<URI> targets,
      Supplier<HeartbeatConfig> settings,
      Beats beats,
      HeldJournal journal,
      ControlClient client,
      DoubleSupplier random,
      Consumer<URI> onOrders,
      LongConsumer onManifest) {
    this.farewell = settings.get().farewell();
    this.targets =
        targets.stream()
            .map(
                to ->
                    new HeartbeatTarget(
                        to,
                        settings,
                        beats,
                        journal,
                        client,
                        random,
                        failures,
                        onOrders,
                        onManifest))
            .toList();
  }

  /**
   * Starts to send, the first heartbeat at once.
   *
   * @param targets base URIs of the services, without {@code /v1/...}
   * @param settings asked for each heartbeat
   * @param journal the one whose marks the heartbeats carry
   * @param client stays open until this is closed, and is closed by the caller
   * @param random from 0 to 1, safe on any thread, for the jitter
   * @param onOrders given a target that has orders waiting, with each answer that says so; must not
   *     block
   * @param onManifest given the version of the newest manifest, with each answer that names one;
   *     must not block
   */
  public static HeartbeatSender start(
      List<URI> targets,
      Supplier<HeartbeatConfig> settings,
      Beats beats,
      HeldJournal journal,
      ControlClient client,
      DoubleSupplier random,
      Consumer<URI> onOrders,
      LongConsumer onManifest) {
    HeartbeatSender sender =
        new HeartbeatSender(
            targets, settings, beats, journal, client, random, onOrders, onManifest);
    sender.targets.forEach(HeartbeatTarget::start);
    return sender;
  }

  /** Sends a heartbeat to each target without waiting for the interval, as after a drain. */
  public void beatNow() {
    targets.forEach(HeartbeatTarget::wake);
  }

  /** Posts of heartbeats and inventories that failed since the start. */
  public long failures() {
    return failures.sum();
  }

  /** Sends each target a last, draining heartbeat, waiting for all together as configured. */
  @Override
  public void close() {
    targets.forEach(HeartbeatTarget::leave);
    long deadline = System.nanoTime() + farewell.toNanos();
    for (HeartbeatTarget target : targets) {
      target.await(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    }
  }
}
