package oca.demo;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import oca.model.ApplianceId;
import oca.protocol.http.ControlClient;
import oca.protocol.http.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The whole loop on one machine: what it consists of, how it starts and how it ends. */
public final class Demo implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Demo.class);
  private static final Duration FIRST_MIDNIGHT = Duration.ofSeconds(14);

  private final InstantSource clock = InstantSource.system();
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final World world;
  private final DayBook book = new DayBook();
  private final EventLog events = new EventLog(clock);
  private final ControlClient client;
  private final Library library;
  private final Fleet fleet;
  private final PlanClock calendar;
  private final Viewers viewers;
  private final Observer observer;

  private Demo(DemoOptions options, Map<String, String> dropIns) throws IOException {
    this.world = new World(options.port());
    try {
      Fleet.requireFree(world);
      Path work = workFolder(options);
      say("writing the catalogue to " + work);
      this.library =
          Library.write(
              options.home().resolve("demo").resolve("media"),
              work.resolve("published"),
              options.seed());
      this.client = closing(new ControlClient(Duration.ofSeconds(3)));
      this.fleet = closing(new Fleet(world, options.home(), work, library.root(), client, dropIns));
      say("starting origin, steering, fill controller and four appliances");
      this.calendar =
          new PlanClock(
              clock.instant().plus(FIRST_MIDNIGHT), Duration.ofSeconds(options.daySeconds()));
      fleet.start(calendar);
      this.viewers =
          closing(
              new Viewers(
                  world,
                  library,
                  calendar,
                  clock,
                  book,
                  options.sessionsPerSecond(),
                  options.seed()));
      this.observer =
          closing(new Observer(world, library, calendar, clock, fleet, book, events, client));
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Runs the demo with its page until asked to stop.
   *
   * @param stop open: end
   * @return the exit status
   */
  public static int show(DemoOptions options, CountDownLatch stop) throws Exception {
    try (Demo demo = new Demo(options, Map.of())) {
      demo.openPage(options.home());
      say("watch it at http://" + demo.world.page() + "/ and end it with Ctrl-C");
      demo.start(stop);
      for (int day = 1; !demo.awaitEndOf(day, stop); day++) {
        say(demo.book.day(day).line());
      }
      say("ending everything");
    }
    return 0;
  }

  /**
   * Runs two days and a kill, and prints one line of JSON.
   *
   * @param stop open: end early, as a failure
   * @return the exit status: 0 when every assertion held
   */
  public static int check(DemoOptions options, CountDownLatch stop) throws Exception {
    return Check.run(options, stop);
  }

  static Demo open(DemoOptions options) throws IOException {
    return open(options, Map.of());
  }

  /**
   * Starts all processes; nobody watches anything before {@link #start}.
   *
   * @param dropIns YAML to lay over what a process is configured by, by the process's name; {@code
   *     {work}} in it is the folder with all files
   * @throws IOException when an address, the room or a process cannot be had; nothing is left then
   */
  public static Demo open(DemoOptions options, Map<String, String> dropIns) throws IOException {
    return new Demo(options, dropIns);
  }

  private void openPage(Path home) throws IOException {
    closing(DemoPage.open(world, home, client, observer::state, this::explain, this::press));
  }

  /** Lets the first day begin, at its midnight or, on a slow machine, at once. */
  public void start(CountDownLatch stop) throws InterruptedException {
    observer.start();
    Duration left = Duration.between(clock.instant(), calendar.start());
    if (left.isNegative() || !stop.await(left.toMillis(), TimeUnit.MILLISECONDS)) {
      viewers.start();
    }
  }

  /** Waits for the end of a day; true when asked to stop instead. */
  public boolean awaitEndOf(int day, CountDownLatch stop) throws IOException, InterruptedException {
    Instant end = calendar.beginning(day + 1);
    while (clock.instant().isBefore(end)) {
      if (stop.await(100, TimeUnit.MILLISECONDS)) {
        return true;
      }
      var missing = fleet.missingServices();
      if (!missing.isEmpty()) {
        throw new IOException("a process ended on its own: " + missing.getFirst());
      }
    }
    return false;
  }

  /** Who is where. */
  public World world() {
    return world;
  }

  /** What is published. */
  public Library library() {
    return library;
  }

  DayBook book() {
    return book;
  }

  /** The processes. */
  public Fleet fleet() {
    return fleet;
  }

  /** For asking them. */
  public ControlClient client() {
    return client;
  }

  /** Sends the simulated viewers home. */
  public void dismissViewers() {
    viewers.close();
  }

  Viewers viewers() {
    return viewers;
  }

  static void say(String line) {
    System.err.println("oca demo: " + line);
  }

  /** Ends everything, in the reverse order of its start. Nothing is left behind. */
  @Override
  public void close() {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception e) {
        log.warn("{} did not close", part.getClass().getSimpleName(), e);
      }
    }
  }

  private void press(String action, ApplianceId appliance) throws IOException {
    switch (action) {
      case "drain" -> fleet.drain(appliance);
      case "kill" -> fleet.kill(appliance);
      case "restore" -> fleet.restore(appliance);
      default -> throw new IllegalArgumentException("no such button: " + action);
    }
    events.add(calendar, appliance + ": " + action);
  }

  private Response explain(oca.protocol.http.Request request) throws IOException {
    String title = request.parameter("title").orElse("");
    return Response.message(
        client.get(world.steering().http("v1/explain?title=" + title), Map.class));
  }

  private <T extends AutoCloseable> T closing(T part) {
    parts.push(part);
    return part;
  }

  private Path workFolder(DemoOptions options) throws IOException {
    Path given = options.work();
    if (given == null) {
      Path made = Files.createTempDirectory("oca-demo-");
      parts.push(() -> deleteTree(made));
      return made;
    }
    if (Files.exists(given)) {
      throw new IOException(
          "--work names " + given + ", which is there already; name a new folder");
    }
    Files.createDirectories(given);
    parts.push(() -> deleteTree(given));
    return given;
  }

  private static void deleteTree(Path root) throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path folder, @org.jspecify.annotations.Nullable IOException failure)
              throws IOException {
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
