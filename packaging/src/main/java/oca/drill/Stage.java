package oca.drill;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import oca.demo.Fleet;
import oca.demo.Library;
import oca.demo.World;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.http.ControlClient;

/** The fleet that drills are done to, and the hands that reach into it. */
public final class Stage {
  private static final Duration TOOL_PATIENCE = Duration.ofSeconds(20);

  private final World world;
  private final Fleet fleet;
  private final Library library;
  private final ControlClient client;
  private final World.Box victim;
  private final Wires wires;
  private final Ledger ledger;
  private final List<Process> tools = new ArrayList<>();

  /**
   * What faults are done to between processes.
   *
   * @param steering through which the victim's heartbeats go
   * @param origin through which appliances fetch from the origin
   */
  record Wires(Relay steering, Relay origin) {}

  /** What steering tells of its fleet, as far as drills look. */
  record SteeringView(FleetView fleet, int routes) {
    record FleetView(int lost, int of) {}
  }

  /** What an appliance tells, as far as drills look. */
  record ApplianceView(String state, StoreView store, FillView fill, int fillQueue) {
    record StoreView(boolean recovering, List<VolumeView> volumes) {}

    record VolumeView(boolean inService) {}

    boolean isWhole() {
      return state.equals("serving")
          && !store.recovering()
          && store.volumes().stream().allMatch(VolumeView::inService);
    }

    record FillView(boolean windowOpen) {}
  }

  Stage(
      World world,
      Fleet fleet,
      Library library,
      ControlClient client,
      ApplianceId victim,
      Wires wires,
      Ledger ledger) {
    this.world = world;
    this.fleet = fleet;
    this.library = library;
    this.client = client;
    this.victim = World.box(victim);
    this.wires = wires;
    this.ledger = ledger;
  }

  Fleet fleet() {
    return fleet;
  }

  World world() {
    return world;
  }

  Library library() {
    return library;
  }

  /** The appliance that suffers. */
  String victim() {
    return victim.id().value();
  }

  Endpoint victimContent() {
    return world.content(victim);
  }

  SiteId victimSite() {
    return victim.site();
  }

  /** How many networks steering knows a way to; -1 when it does not answer. */
  int routes() {
    try {
      return client.get(world.steering().http("v1/status"), SteeringView.class).routes();
    } catch (IOException e) {
      return -1;
    }
  }

  /** The folders of the victim's disks. */
  List<Path> victimDisks() {
    Path home = fleet.work().resolve(victim());
    return List.of(home.resolve("disk-1"), home.resolve("disk-2"));
  }

  Path victimIndex() {
    return fleet.work().resolve(victim()).resolve("index");
  }

  Wires wires() {
    return wires;
  }

  /** Writes down who runs now, for whoever may have to undo it. */
  void note() throws IOException {
    ledger.work(fleet.work());
    for (var process : fleet.handles().entrySet()) {
      ledger.started(process.getKey(), process.getValue());
    }
  }

  /** Starts a process of the fleet again by another configuration, and waits until it answers. */
  void startAnew(String process, Optional<String> dropIn, Map<String, String> environment)
      throws IOException {
    fleet.startAnew(process, dropIn, environment);
    note();
  }

  /** Whether an appliance fetches something now. */
  boolean isFilling(World.Box box) {
    try {
      ApplianceView view = client.get(world.admin(box).http("v1/status"), ApplianceView.class);
      return view.fill().windowOpen() && view.fillQueue() > 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Sends a message to an appliance's admin listener. */
  void order(String path) throws IOException {
    client.post(world.admin(victim).http(path), Map.of());
  }

  /** Sends a signal, by the name that kill(1) knows. */
  void signal(String process, String signal) throws IOException, InterruptedException {
    runTool("kill", "-" + signal, Long.toString(fleet.pid(process)));
  }

  /** Runs a program to its end. */
  void runTool(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    if (!process.waitFor(TOOL_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      process.destroyForcibly();
      throw new IOException(String.join(" ", command) + " did not end");
    }
    if (process.exitValue() != 0) {
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      throw new IOException(String.join(" ", command) + ": " + said);
    }
  }

  /** Starts a program that lasts until {@link #endTools}. */
  void startTool(Path log, String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.to(log.toFile()))
            .start();
    tools.add(process);
    ledger.started(command[0] + " " + process.pid(), process.toHandle());
    if (process.waitFor(700, TimeUnit.MILLISECONDS)) {
      throw new IOException(
          String.join(" ", command) + " ended: " + java.nio.file.Files.readString(log).strip());
    }
  }

  /** SIGKILL to all of those, and waits for their end. */
  void killTools() throws InterruptedException {
    for (Process tool : tools) {
      tool.destroyForcibly().waitFor();
    }
    tools.clear();
  }

  /** Ends all of those, as they end by themselves when asked. */
  void endTools() throws InterruptedException {
    for (Process tool : tools) {
      tool.destroy();
      if (!tool.waitFor(TOOL_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        tool.destroyForcibly();
      }
    }
    tools.clear();
  }

  /** Starts whatever has ended. */
  void restoreAll() throws IOException {
    for (String service : List.of(Fleet.ORIGIN, Fleet.CONTROLLER, Fleet.STEERING)) {
      fleet.startAgain(service);
    }
    for (World.Box box : World.BOXES) {
      fleet.startAgain(box.id().value());
    }
  }

  /** Whether all processes answer, all disks are in service, and steering hears everybody. */
  boolean isWhole() {
    try {
      client.get(world.originAdmin().http("v1/status"), Map.class);
      client.get(world.controller().http("v1/status"), Map.class);
      for (World.Box box : World.BOXES) {
        ApplianceView view = client.get(world.admin(box).http("v1/status"), ApplianceView.class);
        if (!view.isWhole()) {
          return false;
        }
      }
      SteeringView view = client.get(world.steering().http("v1/status"), SteeringView.class);
      return view.fleet().lost() == 0 && view.fleet().of() == World.BOXES.size();
    } catch (IOException e) {
      return false;
    }
  }
}
