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
import java.util.concurrent.ConcurrentHashMap;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.protocol.http.ControlClient;

/**
 * The demo's processes: starts them from configuration files that it writes, kills and restores
 * appliances, ends them all. Safe on any thread.
 */
final class Fleet implements AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofSeconds(40);
  private static final String ORIGIN = "origin";
  private static final String STEERING = "steering";
  private static final String CONTROLLER = "fill-controller";

  private final World world;
  private final Path home;
  private final Path work;
  private final DemoConfigs configs;
  private final ControlClient client;
  private final Map<String, ChildProcess> processes = new ConcurrentHashMap<>();

  Fleet(World world, Path home, Path work, Path published, ControlClient client) {
    this.world = world;
    this.home = home;
    this.work = work;
    this.configs = new DemoConfigs(world, work, published);
    this.client = client;
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
    start(ORIGIN, "origin", configs.origin(), "192m");
    start(CONTROLLER, "fill", configs.controller(calendar), "192m");
    start(STEERING, "steering", configs.steering(), "128m");
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

  boolean isUp(ApplianceId id) {
    ChildProcess process = processes.get(id.value());
    return process != null && process.isAlive();
  }

  /** SIGKILL. */
  void kill(ApplianceId id) {
    ChildProcess process = processes.get(World.box(id).id().value());
    if (process != null) {
      process.kill();
    }
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
    start(box.id().value(), "appliance", configs.appliance(box), "256m");
  }

  private void start(String name, String subcommand, String yaml, String heap) throws IOException {
    Path config = Files.writeString(work.resolve(name + ".yaml"), yaml);
    Path log = work.resolve(name + ".log");
    processes.put(name, ChildProcess.start(name, subcommand, config, home, heap, log));
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
