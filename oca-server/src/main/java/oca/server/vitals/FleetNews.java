package oca.server.vitals;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.Heartbeat;
import oca.protocol.InventoryDigest;
import oca.protocol.Wire;
import org.jspecify.annotations.Nullable;

/**
 * Which heartbeats are events of the fleet: the first, each that says another state than the one
 * before, and one in a while all the same. What changes with every viewer is no event. Any thread.
 */
public final class FleetNews {
  private final Duration again;
  private final Consumer<byte[]> word;
  private final LongSupplier nanoTime;
  private @Nullable State told;
  private long toldNanos;

  private record State(
      SiteId site,
      Endpoint endpoint,
      boolean draining,
      @Nullable String fault,
      long capacityBytes,
      long inventoryVersion,
      @Nullable InventoryDigest digest) {
    static State of(Heartbeat heartbeat) {
      return new State(
          heartbeat.site(),
          heartbeat.endpoint(),
          heartbeat.health().draining(),
          heartbeat.health().fault(),
          heartbeat.capacityBytes(),
          heartbeat.inventoryVersion(),
          heartbeat.inventoryDigest());
    }
  }

  /**
   * None told yet.
   *
   * @param again after so long the state is told though it is the same
   * @param word takes an event; never blocks
   * @param nanoTime a monotonic clock
   */
  public FleetNews(Duration again, Consumer<byte[]> word, LongSupplier nanoTime) {
    this.again = again;
    this.word = word;
    this.nanoTime = nanoTime;
  }

  /** Looks at a heartbeat, and returns it. */
  public synchronized Heartbeat look(Heartbeat heartbeat) {
    State now = State.of(heartbeat);
    long nanos = nanoTime.getAsLong();
    if (!now.equals(told) || nanos - toldNanos >= again.toNanos()) {
      told = now;
      toldNanos = nanos;
      word.accept(Wire.write(heartbeat));
    }
    return heartbeat;
  }
}
