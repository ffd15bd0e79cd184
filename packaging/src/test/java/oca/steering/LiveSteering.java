package oca.steering;

import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import oca.config.Running;

/** A steering service whose time passes when it is told to. */
public final class LiveSteering implements AutoCloseable {
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicReference<Instant> wall;
  private final Steering steering;

  /** One that begins at that time. */
  public LiveSteering(Running<SteeringConfig> config, Instant begin) throws IOException {
    this.wall = new AtomicReference<>(begin);
    this.steering = Steering.start(config, wall::get, nanos::get, 7);
  }

  /** It. */
  public Steering steering() {
    return steering;
  }

  /** Time in which it runs: its watchdog looks every hundred milliseconds. */
  public void pass(long millis) {
    for (long left = millis; left > 0; left -= 100) {
      nanos.addAndGet(100_000_000);
      steering.tick();
    }
  }

  /** The clock of URLs and states goes on. */
  public void passOnTheWall(long seconds) {
    wall.updateAndGet(it -> it.plusSeconds(seconds));
  }

  @Override
  public void close() {
    steering.close();
  }
}
