package oca.protocol.flight;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import javax.management.JMException;
import javax.management.ObjectName;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import oca.protocol.flight.FlightFolder.Leftover;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last minutes of this process on disk, as Java's recorder saw them with the settings of {@code
 * ring.jfc}; kept as a file when an objective is missed, and when somebody asks.
 *
 * <p>A recording that cannot be begun or kept is logged, counted and told in the status; the
 * process goes on without. Safe on any thread.
 */
public final class FlightRing implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FlightRing.class);
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final Duration BETWEEN_ASKED = Duration.ofSeconds(5);

  /** The recorder closes a part of the ring at about this size, and writes whole parts. */
  private static final long CHUNK = 12L << 20;

  private final FlightConfig config;
  private final @Nullable FlightFolder folder;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final ReentrantLock keeping = new ReentrantLock();
  private final Map<Cause, LongAdder> kept = new EnumMap<>(Cause.class);
  private final LongAdder skipped = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final LongAdder deleted = new LongAdder();
  private volatile String problem = "";
  private volatile @Nullable Recording recording;
  private volatile boolean closed;
  private @Nullable Thread watching;
  private @Nullable Long keptNanos;

  private FlightRing(
      FlightConfig config, Optional<Path> place, InstantSource clock, LongSupplier nanoTime) {
    this.config = config;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.folder =
        place.map(it -> new FlightFolder(it, config.files(), config.total().bytes())).orElse(null);
    for (Cause cause : Cause.values()) {
      kept.put(cause, new LongAdder());
    }
  }

  /**
   * Begins, on a thread of its own, to record, and to look whether objectives are met.
   *
   * @param environment in which systemd names the folder of logs
   */
  public static FlightRing start(
      FlightConfig config, Map<String, String> environment, List<Objective> objectives) {
    FlightRing ring =
        new FlightRing(config, config.place(environment), InstantSource.system(), System::nanoTime);
    if (ring.folder != null) {
      ring.watching = Thread.ofPlatform().daemon().name("flight").start(() -> ring.run(objectives));
    }
    return ring;
  }

  /** One that records at once, and looks at nothing, for tests with a clock of their own. */
  static FlightRing begun(
      FlightConfig config, Path folder, InstantSource clock, LongSupplier nanoTime) {
    FlightRing ring = new FlightRing(config, Optional.of(folder), clock, nanoTime);
    ring.begin();
    return ring;
  }

  /** How it does. */
  public FlightStatus status() {
    Map<String, Long> counts = new TreeMap<>();
    kept.forEach((cause, count) -> counts.put(cause.label(), count.sum()));
    return new FlightStatus(
        recording != null, problem, counts, skipped.sum(), failures.sum(), deleted.sum());
  }

  /** Where recordings are kept; empty when nothing is to be recorded. */
  Optional<Path> place() {
    return Optional.ofNullable(folder).map(FlightFolder::folder);
  }

  FlightConfig config() {
    return config;
  }

  /**
   * Keeps the last minutes because somebody asks.
   *
   * @throws IOException when there is nothing to keep or it cannot be written; the message says why
   */
  public Flight ask() throws IOException {
    keeping.lock();
    try {
      Long last = keptNanos;
      if (last != null && nanoTime.getAsLong() - last < BETWEEN_ASKED.toNanos()) {
        throw new IOException("a recording was kept within the last 5 s; see oca flame list");
      }
      return keep(Cause.ASKED);
    } finally {
      keeping.unlock();
    }
  }

  /** An objective was missed: keeps the last minutes, unless it did so a moment ago. */
  Optional<Flight> missed(Cause cause) {
    keeping.lock();
    try {
      Long last = keptNanos;
      if (last != null && nanoTime.getAsLong() - last < config.pause().toNanos()) {
        skipped.increment();
        return Optional.empty();
      }
      log.warn("{}; the last minutes are kept", cause.sentence());
      new MissedObjective(cause.label()).commit();
      return Optional.of(keep(cause));
    } catch (IOException e) {
      log.warn("the flight recording could not be kept: {}", e.getMessage());
      return Optional.empty();
    } finally {
      keeping.unlock();
    }
  }

  private Flight keep(Cause cause) throws IOException {
    Recording now = recording;
    FlightFolder into = folder;
    if (now == null || into == null) {
      throw new IOException(
          problem.isEmpty()
              ? "nothing is recorded: set diagnose.folder"
              : "nothing is recorded: " + problem);
    }
    keptNanos = nanoTime.getAsLong();
    return write(into, cause, config.ringSize().bytes() + CHUNK, now::dump);
  }

  private Flight write(FlightFolder into, Cause cause, long most, FlightFolder.Writing writing)
      throws IOException {
    try {
      Instant at = clock.instant();
      Flight flight = into.keep(at, cause, most, writing, deleted::increment);
      java.util.Objects.requireNonNull(kept.get(cause)).increment();
      log.info("{} is kept, {} bytes; oca flame shows it", flight.path(), flight.bytes());
      return flight;
    } catch (IOException e) {
      failures.increment();
      throw e;
    }
  }

  private void run(List<Objective> objectives) {
    begin();
    SloWatch watch = new SloWatch(config.slo(), EVERY, objectives, nanoTime);
    try {
      while (!closed) {
        Thread.sleep(EVERY);
        watch.look().ifPresent(this::missed);
      }
    } catch (InterruptedException e) {
      // It is closed.
      Thread.currentThread().interrupt();
    }
  }

  private void begin() {
    keeping.lock();
    try {
      if (closed || folder == null) {
        return;
      }
      folder.prepare();
      keepLeftover(folder);
      moveRepository(folder.ring());
      Recording begun = new Recording();
      begun.setSettings(settings(config.sampling()));
      begun.setName("oca");
      begun.setToDisk(true);
      begun.setMaxAge(config.ring());
      begun.setMaxSize(config.ringSize().bytes());
      begun.start();
      recording = begun;
    } catch (IOException | ParseException | RuntimeException e) {
      problem = String.valueOf(e.getMessage());
      failures.increment();
      log.warn("nothing is recorded: {}", problem);
    } finally {
      keeping.unlock();
    }
  }

  private void keepLeftover(FlightFolder into) throws IOException {
    Optional<Leftover> found = into.leftover(pid -> ProcessHandle.of(pid).isPresent());
    if (found.isPresent()) {
      long bytes = found.get().bytes();
      if (bytes > 0 && bytes <= config.total().bytes()) {
        var _ = write(into, Cause.ENDED, bytes, found.get()::write);
      }
      found.get().delete();
    }
  }

  /** Java's recorder writes beside what is kept, rather than to the temporary folder. */
  private static void moveRepository(Path to) throws IOException {
    try {
      var _ =
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=DiagnosticCommand"),
                  "jfrConfigure",
                  new Object[] {new String[] {"repositorypath=\"" + to + "\""}},
                  new String[] {String[].class.getName()});
    } catch (JMException e) {
      throw new IOException("the recorder cannot be told to write to " + to, e);
    }
  }

  private static Map<String, String> settings(FlightConfig.Sampling sampling)
      throws IOException, ParseException {
    try (Reader text =
        new InputStreamReader(
            java.util.Objects.requireNonNull(FlightRing.class.getResourceAsStream("ring.jfc")),
            StandardCharsets.UTF_8)) {
      Map<String, String> settings = new TreeMap<>(Configuration.create(text).getSettings());
      boolean isCpu =
          switch (sampling) {
            case CPU -> true;
            case WALL -> false;
          };
      settings.put("jdk.CPUTimeSample#enabled", Boolean.toString(isCpu));
      settings.put("jdk.ExecutionSample#enabled", Boolean.toString(!isCpu));
      settings.put("jdk.NativeMethodSample#enabled", Boolean.toString(!isCpu));
      return settings;
    }
  }

  /** Records and looks no more; what was recorded and not kept is gone. */
  @Override
  public void close() {
    closed = true;
    Thread thread = watching;
    if (thread != null) {
      thread.interrupt();
    }
    keeping.lock();
    try {
      Recording last = recording;
      recording = null;
      if (last != null) {
        last.close();
      }
    } finally {
      keeping.unlock();
    }
  }
}
