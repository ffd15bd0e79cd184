package oca.protocol.flight;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import oca.config.ByteSize;
import oca.config.Default;

/**
 * The flight recording of a process, for looking into what was slow after it was.
 *
 * @param enabled false for no recording at all
 * @param folder where recordings are kept, for this process alone; absent, {@code flights} in the
 *     folder of logs that systemd gives the service, and without that there is no recording
 * @param ring how far back the recording goes, 10s to 1h
 * @param ringSize the most that it takes on disk, 8MiB to 1GiB; older parts go first
 * @param sampling how threads are looked at
 * @param files recordings kept, 1 to 1000; the oldest goes
 * @param total what recordings kept take together, at least {@code ringSize}; the oldest goes
 * @param pause the least time between two recordings kept for missed objectives
 * @param slo what is an objective missed
 */
public record FlightConfig(
    @Default("true") boolean enabled,
    Optional<Path> folder,
    @Default("5min") Duration ring,
    @Default("64MiB") ByteSize ringSize,
    @Default("cpu") Sampling sampling,
    @Default("20") int files,
    @Default("512MiB") ByteSize total,
    @Default("5min") Duration pause,
    @Default("{}") SloConfig slo) {

  /** How threads are looked at. */
  public enum Sampling {
    /**
     * Each after so much processor time of its own, native calls included (JEP 509, which Java 25
     * calls experimental).
     */
    CPU,
    /** By one thread that looks at some of the others now and then: little when all are busy. */
    WALL
  }

  /** What is not configured. */
  public static final FlightConfig DEFAULT =
      new FlightConfig(
          true,
          Optional.empty(),
          Duration.ofMinutes(5),
          new ByteSize(64 << 20),
          Sampling.CPU,
          20,
          new ByteSize(512 << 20),
          Duration.ofMinutes(5),
          SloConfig.DEFAULT);

  public FlightConfig {
    require(
        ring.compareTo(Duration.ofSeconds(10)) >= 0 && ring.compareTo(Duration.ofHours(1)) <= 0,
        "ring must be 10s to 1h");
    require(
        ringSize.bytes() >= 8 << 20 && ringSize.bytes() <= 1 << 30,
        "ringSize must be 8MiB to 1GiB");
    require(files >= 1 && files <= 1000, "files must be 1 to 1000");
    require(total.bytes() >= ringSize.bytes(), "total must be ringSize or more");
    require(!pause.isNegative(), "pause must not be below zero");
  }

  /**
   * Where recordings are kept.
   *
   * @param environment in which systemd names the folder of logs
   * @return empty when nothing is to be recorded
   */
  public Optional<Path> place(Map<String, String> environment) {
    if (!enabled) {
      return Optional.empty();
    }
    String logs = environment.getOrDefault("LOGS_DIRECTORY", "").replaceFirst(":.*", "");
    return folder.or(
        () -> logs.isEmpty() ? Optional.empty() : Optional.of(Path.of(logs, "flights")));
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
