package oca.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.protocol.http.ControlClient;

/**
 * The demo's processes: starts them from configuration files that it writes, kills and restores
 * appliances, ends them all. Safe on any thread.
 */
public final class Fleet implements AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofSeconds(90);

  /** The names of the processes that are no appliances. */
  public static final String ORIGIN = "origin";

  public static final String STEERING = "steering";
  public static final String CONTROLLER = "fill-controller";

  private final World world;
  private final Path home;
  private final Path work;
  private final DemoConfigs configs;
  private final ControlClient client;
  private final Map<String, String> dropIns;
  private final Map<String, ChildProcess> processes = new ConcurrentHashMap<>();
  private final Map<String, Launch> launches = new ConcurrentHashMap<>();

  /** How a process is started, so that it can be started again. */
  private record Launch(
      String subcommand,
      Path config,
      String heap,
      Endpoint control,
      Map<String, String> environment) {}

  /**
   * @param dropIns YAML to lay over what a process is configured by, by the process's name; {@code
   *     {work}} in it is the folder with all files
   */
  Fleet(
      World world,
      Path home,
      Path work,
      Path published,
      ControlClient client,
      Map<String, String> dropIns) {
    this.world = world;
    this.home = home;
    this.work = work;
    this.configs = new DemoConfigs(world, work, published);
    this.client = client;
    this.dropIns = Map.copyOf(dropIns);
  }

  /**
   * Finds out whether every address can be had.
   *
   * @throws IOException naming the first that cannot, and the remedy
   */
  static void requireFree(World world) throws IOException {
    for (Endpoint endpoint : world.listeners()) {
      try (ServerSocket probe = new ServerSocket()) {
        probe.setReuseAddress(true);
        probe.bind(new InetSocketAddress(endpoint.host(), endpoint.port()));
      } catch (IOException e) {
        throw new IOException(
            "cannot listen on "
                + endpoint
                + " ("
                + e.getMessage()
                + "); stop what uses it or choose other ports with --port",
            e);
      }
    }
  }

  /** Starts all processes at once and waits until each answers. */
  void start(PlanClock calendar) throws IOException {
    start(ORIGIN, "origin", configs.origin(), "192m", world.originAdmin());
    start(CONTROLLER, "fill", configs.controller(calendar), "192m", world.controller());
    start(STEERING, "steering", configs.steering(), "128m", world.steering());
    for (World.Box box : World.BOXES) {
      startAppliance(box);
    }
    awaitAnswer(ORIGIN, world.originAdmin());
    awaitAnswer(CONTROLLER, world.controller());
    awaitAnswer(STEERING, world.steering());
    for (World.Box box : World.BOXES) {
      awaitAnswer(box.id().value(), world.admin(box));
    }
  }

  /** Whether its process runs. */
  public boolean isUp(ApplianceId id) {
    ChildProcess process = processes.get(id.value());
    return process != null && process.isAlive();
  }

  /** SIGKILL. */
  void kill(ApplianceId id) {
    kill(World.box(id).id().value());
  }

  /** SIGKILL to the process of this name; nothing when there is none. */
  public void kill(String name) {
    ChildProcess process = processes.get(name);
    if (process != null) {
      process.kill();
    }
  }

  /** The process id, also of one that has ended; -1 when there never was one. */
  public long pid(String name) {
    ChildProcess process = processes.get(name);
    return process == null ? -1 : process.pid();
  }

  /** Starts a process that has ended, from the configuration that it had, and waits for it. */
  public void startAgain(String name) throws IOException {
    ChildProcess process = processes.get(name);
    if (process == null || process.isAlive()) {
      return;
    }
    Launch launch = launches.get(name);
    if (launch != null) {
      run(name, launch);
      awaitAnswer(name, launch.control());
    }
  }

  /**
   * Kills a process and starts it by another configuration, until this is called again.
   *
   * @param dropIn YAML to lay over what it is configured by; empty for what it had at first
   * @param environment variables for it, besides ours
   */
  public void startAnew(String name, Optional<String> dropIn, Map<String, String> environment)
      throws IOException {
    Launch launch = launches.get(name);
    if (launch == null) {
      throw new IllegalArgumentException("no process " + name + " was ever started");
    }
    kill(name);
    Path more = Files.createDirectories(work.resolve(name + ".d")).resolve("zz-anew.yaml");
    if (dropIn.isPresent()) {
      Files.writeString(more, dropIn.get());
    } else {
      Files.deleteIfExists(more);
    }
    run(
        name,
        new Launch(
            launch.subcommand(),
            launch.config(),
            launch.heap(),
            launch.control(),
            Map.copyOf(environment)));
    awaitAnswer(name, launch.control());
  }

  /** The processes that run, by name. */
  public Map<String, ProcessHandle> handles() {
    Map<String, ProcessHandle> running = new TreeMap<>();
    processes.forEach(
        (name, process) -> ProcessHandle.of(process.pid()).ifPresent(it -> running.put(name, it)));
    return running;
  }

  /** Where the process of this name keeps what it has: its configuration, log and disks. */
  public Path work() {
    return work;
  }

  /** Asks an appliance for no new viewers. */
  void drain(ApplianceId id) throws IOException {
    client.post(world.admin(World.box(id)).http("v1/drain"), Map.of());
  }

  /** Starts a dead appliance again; ends the draining of a live one. */
  void restore(ApplianceId id) throws IOException {
    World.Box box = World.box(id);
    if (isUp(id)) {
      client.post(world.admin(box).http("v1/undrain"), Map.of());
    } else {
      startAppliance(box);
    }
  }

  /** The names of processes that should run and do not, appliances aside. */
  List<String> missingServices() {
    List<String> missing = new ArrayList<>();
    for (String name : List.of(ORIGIN, STEERING, CONTROLLER)) {
      ChildProcess process = processes.get(name);
      if (process != null && !process.isAlive()) {
        missing.add(name + ": " + process.lastWords());
      }
    }
    return missing;
  }

  /** Ends all processes: viewers' side first asked together, then waited for. */
  @Override
  public void close() {
    processes.values().forEach(ChildProcess::askToEnd);
    processes.values().forEach(ChildProcess::close);
  }

  /** How many of the processes ever started still run. */
  long running() {
    return processes.values().stream().filter(ChildProcess::isAlive).count();
  }

  private void startAppliance(World.Box box) throws IOException {
    start(box.id().value(), "appliance", configs.appliance(box), "256m", world.admin(box));
  }

  private void start(String name, String subcommand, String yaml, String heap, Endpoint control)
      throws IOException {
    Path config = Files.writeString(work.resolve(name + ".yaml"), yaml);
    String more = dropIns.get(name);
    if (more != null) {
      Path folder = Files.createDirectories(work.resolve(name + ".d"));
      Files.writeString(folder.resolve("more.yaml"), more.replace("{work}", work.toString()));
    }
    run(name, new Launch(subcommand, config, heap, control, Map.of()));
  }

  private void run(String name, Launch launch) throws IOException {
    launches.put(name, launch);
    Path log = work.resolve(name + ".log");
    processes.put(
        name,
        ChildProcess.start(
            name,
            launch.subcommand(),
            launch.config(),
            home,
            launch.heap(),
            log,
            launch.environment()));
  }

  private void awaitAnswer(String name, Endpoint control) throws IOException {
    ChildProcess process = processes.get(name);
    long deadline = System.nanoTime() + READY_WITHIN.toNanos();
    while (process != null && System.nanoTime() < deadline) {
      if (!process.isAlive()) {
        throw new IOException(
            "the " + name + " process ended at its start: " + process.lastWords());
      }
      try {
        client.get(control.http("v1/status"), Map.class);
        return;
      } catch (IOException e) {
        // Not there yet: that is what we wait for, within the deadline.
        java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
      }
    }
    throw new IOException(
        "the " + name + " process did not answer on " + control + " within " + READY_WITHIN);
  }
}
