package oca.bench.kafka;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import oca.bench.serve.Child;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka of one node on loopback, broker and controller in one process, which can be killed and
 * started again on the same port and data.
 */
public final class Broker implements AutoCloseable {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final String CLUSTER = "b2NhLWJlbmNobWFyazAwMQ";

  private final Path folder;
  private final String cpus;
  private final int port;
  private @Nullable Child child;
  private boolean formatted;

  /**
   * One that is not started yet.
   *
   * @param folder for its configuration, data and log
   * @param cpus as taskset(1) takes them; empty for any
   */
  public Broker(Path folder, String cpus) throws IOException {
    this.folder = Files.createDirectories(folder).toAbsolutePath();
    this.cpus = cpus;
    List<Integer> ports = freePorts();
    this.port = ports.getFirst();
    Files.writeString(this.folder.resolve("server.properties"), properties(port, ports.getLast()));
  }

  /** Host and port, whether it runs or not. */
  public String bootstrap() {
    return "127.0.0.1:" + port;
  }

  /** Starts it, and returns when it listens; nothing happens when it runs. */
  public void start() throws IOException {
    if (child != null) {
      return;
    }
    String properties = folder.resolve("server.properties").toString();
    if (!formatted) {
      format(properties);
      formatted = true;
    }
    child = Child.start(java("512m", "kafka.Kafka", List.of(properties)), cpus, log());
    awaitPort();
  }

  /** Its process; none while it does not run. */
  public List<Long> pids() {
    Child running = child;
    return running == null ? List.of() : running.pids();
  }

  /** Ends it as a power cut would. */
  public void kill() {
    Child running = child;
    child = null;
    if (running != null) {
      running.kill();
      running.close();
    }
  }

  @Override
  public void close() {
    kill();
  }

  private void format(String properties) throws IOException {
    List<String> arguments = List.of("format", "-t", CLUSTER, "-c", properties, "--standalone");
    Process format =
        new ProcessBuilder(java("128m", "kafka.tools.StorageTool", arguments))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
            .start();
    try {
      if (!format.waitFor(60, TimeUnit.SECONDS) || format.exitValue() != 0) {
        format.destroyForcibly();
        throw new IOException("its data could not be formatted; see " + log());
      }
    } catch (InterruptedException e) {
      format.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private void awaitPort() throws IOException {
    long until = System.nanoTime() + PATIENCE_NANOS;
    while (System.nanoTime() < until) {
      Child running = child;
      if (running == null || !running.alive()) {
        throw new IOException("the broker ended early; see " + log());
      }
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
        return;
      } catch (IOException e) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      }
    }
    throw new IOException("the broker does not listen; see " + log());
  }

  private Path log() {
    return folder.resolve("broker.log");
  }

  private static List<String> java(String heap, String main, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx" + heap, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
    command.addAll(arguments);
    return command;
  }

  private String properties(int broker, int controller) {
    return """
    process.roles=broker,controller
    node.id=1
    controller.quorum.bootstrap.servers=127.0.0.1:%2$d
    listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
    controller.listener.names=CONTROLLER
    log.dirs=%3$s
    num.partitions=4
    default.replication.factor=1
    min.insync.replicas=1
    offsets.topic.replication.factor=1
    offsets.topic.num.partitions=4
    transaction.state.log.replication.factor=1
    transaction.state.log.min.isr=1
    share.coordinator.state.topic.replication.factor=1
    share.coordinator.state.topic.min.isr=1
    group.initial.rebalance.delay.ms=0
    # A killed one is away for as long as it takes, not for its session.
    broker.session.timeout.ms=3000
    """
        .formatted(broker, controller, folder.resolve("data"));
  }

  private static List<Integer> freePorts() throws IOException {
    try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return List.of(one.getLocalPort(), other.getLocalPort());
    }
  }
}
