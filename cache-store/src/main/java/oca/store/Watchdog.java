package oca.store;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes out volumes whose disk does not answer.
 *
 * <p>A disk that hangs raises no error: its calls just do not return. So each volume is asked
 * regularly to write and sync a few bytes, on a thread that may hang with it, and one that has not
 * answered in time is taken out of service. What it answers also tells how much room there is.
 */
final class Watchdog implements AutoCloseable {
  private final Supplier<List<Shelf>> shelves;
  private final long hangNanos;
  private final ScheduledExecutorService ticks =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("store-watchdog").factory());
  private final Map<Shelf, Long> asked = new ConcurrentHashMap<>();

  /**
   * @param hangAfter so long a volume may take for an answer; it is asked four times as often
   */
  Watchdog(Supplier<List<Shelf>> shelves, Duration hangAfter) {
    this.shelves = shelves;
    this.hangNanos = hangAfter.toNanos();
  }

  void begin() {
    long period = Math.max(1, hangNanos / 4);
    var _ = ticks.scheduleWithFixedDelay(this::tick, period, period, TimeUnit.NANOSECONDS);
  }

  private void tick() {
    for (Shelf shelf : shelves.get()) {
      if (!shelf.volume().inService()) {
        continue;
      }
      @Nullable Long since = asked.get(shelf);
      if (since == null) {
        asked.put(shelf, System.nanoTime());
        Thread.ofPlatform().daemon().name("store-alive").start(() -> ask(shelf));
      } else if (System.nanoTime() - since > hangNanos) {
        shelf.takeOut(
            "because its disk did not answer for %d ms"
                .formatted(TimeUnit.NANOSECONDS.toMillis(hangNanos)));
      }
    }
  }

  private void ask(Shelf shelf) {
    try {
      shelf.volume().proveAlive();
    } catch (IOException e) {
      if (shelf.volume().inService()) {
        shelf.charge(e);
      }
    } finally {
      asked.remove(shelf);
    }
  }

  @Override
  public void close() {
    ticks.shutdownNow();
  }
}
