package oca.demo;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How the demo is to run.
 *
 * @param home the folder with {@code jvm.options} and {@code demo/}
 * @param work where to put files while it runs, or null for a new temporary folder
 * @param port the first of five
 * @param daySeconds how long a day lasts, 10 or more
 * @param sessionsPerSecond viewers that arrive, the day's mean
 * @param seed of catalogue and demand
 */
public record DemoOptions(
    Path home, @Nullable Path work, int port, int daySeconds, double sessionsPerSecond, long seed) {
  public DemoOptions {
    if (port < 1024 || port > 65_531) {
      throw new IllegalArgumentException("--port must be from 1024 to 65531, not " + port);
    }
    if (daySeconds < 10) {
      throw new IllegalArgumentException("--day must be 10 seconds or more, not " + daySeconds);
    }
    if (sessionsPerSecond <= 0) {
      throw new IllegalArgumentException("--sessions must be above zero");
    }
  }
}
