package oca.bench.fleet;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import oca.bench.fleet.FleetProcess.Memory;
import oca.bench.kafka.Broker;
import oca.bench.serve.Child;
import oca.bench.serve.CpuTime;
import oca.fill.plan.PlanKey;
import oca.model.Endpoint;
import oca.protocol.Wire;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import org.jspecify.annotations.Nullable;

/** What the fleet speaks to, each in processes of its own, and the publisher, which is in this. */
final class Services implements AutoCloseable {
  /**
   * How they are started.
   *
   * @param heaps of steering and of the controller
   * @param postgres whether there is one; else the services keep what they keep without it
   * @param stateInFile whether the controller keeps all but jobs in a file all the same
   * @param kafka whether records go by one
   * @param controllerKeys further ones of its configuration
   */
  record Settings(
      Path folder,
      Path jvmOptions,
      List<String> heaps,
      boolean postgres,
      boolean stateInFile,
      boolean kafka,
      String controllerKeys) {}

  /** CPU seconds so far, by process. */
  record Spent(
      long nanos, Map<String, Double> cpu, Map<String, Memory> memory, Database.Work work) {}

  private final ControlListener publisher;
  private final @Nullable Database database;
  private final @Nullable Broker broker;
  private final Child steering;
  private final Child controller;
  private final InetSocketAddress steeringAt;
  private final InetSocketAddress controllerAt;

  private Services(
      ControlListener publisher,
      @Nullable Database database,
      @Nullable Broker broker,
      Child steering,
      Child controller,
      InetSocketAddress steeringAt,
      InetSocketAddress controllerAt) {
    this.publisher = publisher;
    this.database = database;
    this.broker = broker;
    this.steering = steering;
    this.controller = controller;
    this.steeringAt = steeringAt;
    this.controllerAt = controllerAt;
  }

  static Services start(Layout layout, int appliances, Settings settings) throws IOException {
    ControlListener publisher = publish(layout);
    Database database = null;
    Broker broker = null;
    Child steering = null;
    Child controller = null;
    try {
      database = settings.postgres() ? Database.start(settings.folder()) : null;
      String keys = database == null ? "" : " " + database.keys() + " ";
      int port = publisher.endpoint().port();
      Path folder = Files.createTempDirectory(settings.folder(), "run-");
      String brokers = "";
      if (settings.kafka()) {
        broker = new Broker(folder.resolve("kafka"), "");
        broker.start();
        brokers = "bootstrap: [\"" + broker.bootstrap() + "\"]";
      }
      steering =
          child(
              settings,
              folder,
              FleetSimulation.STEERING,
              settings.heaps().getFirst(),
              layout.steering(port, appliances, keys, folder, recording(brokers, folder)));
      var _ = PlanKey.openOrMake(folder.resolve(Layout.PLANS_KEY));
      controller =
          child(
              settings,
              folder,
              FleetSimulation.CONTROLLER,
              settings.heaps().getLast(),
              layout.controller(
                  port,
                  appliances,
                  keys,
                  settings.stateInFile() ? "" : keys,
                  folder,
                  InstantSource.system().instant(),
                  settings.controllerKeys() + intake(brokers)));
      return new Services(
          publisher,
          database,
          broker,
          steering,
          controller,
          address(steering),
          address(controller));
    } catch (IOException | RuntimeException e) {
      close(steering, controller, broker, database, publisher);
      throw e;
    }
  }

  InetSocketAddress steering() {
    return steeringAt;
  }

  InetSocketAddress controller() {
    return controllerAt;
  }

  /** Where serve records go, when they go by Kafka. */
  Optional<Topic> topic() throws IOException {
    return broker == null ? Optional.empty() : Optional.of(new Topic(broker.bootstrap()));
  }

  /** What all have spent so far. */
  Spent spent() throws IOException {
    Map<String, Double> cpu = new LinkedHashMap<>();
    cpu.put(FleetSimulation.STEERING, CpuTime.of(steering.pids()));
    cpu.put(FleetSimulation.CONTROLLER, CpuTime.of(controller.pids()));
    cpu.put(FleetSimulation.POSTGRES, database == null ? 0 : CpuTime.of(database.pids()));
    cpu.put(FleetSimulation.KAFKA, broker == null ? 0 : CpuTime.of(broker.pids()));
    cpu.put(FleetSimulation.SIMULATOR, CpuTime.of(List.of(ProcessHandle.current().pid())));
    Map<String, Memory> memory =
        Map.of(
            FleetSimulation.STEERING,
            steering.ask("memory", Memory.class),
            FleetSimulation.CONTROLLER,
            controller.ask("memory", Memory.class),
            FleetSimulation.SIMULATOR,
            Memory.now());
    return new Spent(
        System.nanoTime(),
        cpu,
        memory,
        database == null ? new Database.Work(0, 0, 0) : database.work());
  }

  /** What each of them used between two moments. */
  Map<String, FleetReport.Use> uses(Spent before, Spent after) throws IOException {
    double seconds = (after.nanos() - before.nanos()) / 1e9;
    Map<String, FleetReport.Use> uses = new LinkedHashMap<>();
    for (String process : after.cpu().keySet()) {
      Memory was = before.memory().getOrDefault(process, new Memory(0, 0, 0, 0));
      Memory is = after.memory().getOrDefault(process, new Memory(0, 0, 0, 0));
      double cpu = after.cpu().getOrDefault(process, 0.0) - before.cpu().getOrDefault(process, 0.0);
      uses.put(
          process,
          new FleetReport.Use(
              Math.max(0, cpu) / seconds,
              resident(pids(process)) >> 20,
              is.heapBytes() >> 20,
              (is.allocatedBytes() - was.allocatedBytes()) / seconds / (1 << 20)));
    }
    return uses;
  }

  @Override
  public void close() throws IOException {
    close(steering, controller, broker, database, publisher);
  }

  private List<Long> pids(String process) {
    return switch (process) {
      case FleetSimulation.STEERING -> steering.pids();
      case FleetSimulation.CONTROLLER -> controller.pids();
      case FleetSimulation.POSTGRES -> database == null ? List.of() : database.pids();
      case FleetSimulation.KAFKA -> broker == null ? List.of() : broker.pids();
      default -> List.of(ProcessHandle.current().pid());
    };
  }

  /** Bytes of memory, each process's; what they share counts for each. */
  private static long resident(List<Long> pids) throws IOException {
    long bytes = 0;
    for (long pid : pids) {
      Path status = Path.of("/proc/" + pid + "/status");
      if (Files.exists(status)) {
        bytes +=
            Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                .sum();
      }
    }
    return bytes;
  }

  private static String recording(String brokers, Path folder) {
    return brokers.isEmpty()
        ? ""
        : "recording: { to: { kafka: { %s, spool: \"%s\" } } }"
            .formatted(brokers, folder.resolve("steering-spool"));
  }

  private static String intake(String brokers) {
    return brokers.isEmpty() ? "" : "\nrecords: { kafka: { %s } }".formatted(brokers);
  }

  private static ControlListener publish(Layout layout) throws IOException {
    ControlListener publisher =
        ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT);
    byte[] catalog = Wire.write(layout.catalog());
    publisher.route("GET", "/catalog", request -> catalog(request, catalog));
    publisher.start();
    return publisher;
  }

  private static Response catalog(Request request, byte[] catalog) {
    Response response =
        request.header("if-none-match").isPresent()
            ? Response.empty(304)
            : Response.bytes(Wire.MEDIA_TYPE, catalog);
    return response.with("ETag", "\"1\"");
  }

  private static Child child(
      Settings settings, Path folder, String what, String heap, String config) throws IOException {
    Path file = folder.resolve(what + ".yaml");
    Files.writeString(file, config);
    var run = new oca.bench.serve.Settings(folder, settings.jvmOptions(), "", "", 1, 0, "unused");
    return Child.start(
        Child.java(run, heap, FleetProcess.class, List.of(what, file.toString())),
        "",
        folder.resolve(what + ".log"));
  }

  private static InetSocketAddress address(Child child) throws IOException {
    String line = child.readLine();
    while (!line.startsWith("port ")) {
      line = child.readLine();
    }
    return new InetSocketAddress(
        InetAddress.getLoopbackAddress(), Integer.parseInt(line.substring(5)));
  }

  private static void close(
      @Nullable Child steering,
      @Nullable Child controller,
      @Nullable Broker broker,
      @Nullable Database database,
      ControlListener publisher)
      throws IOException {
    for (Child child : new Child[] {controller, steering}) {
      if (child != null) {
        child.close();
      }
    }
    publisher.close();
    if (broker != null) {
      broker.close();
    }
    if (database != null) {
      database.close();
    }
  }
}
