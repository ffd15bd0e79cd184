package oca.flink;

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
import org.awaitility.Awaitility;

/** A Kafka of one node on loopback, as a process of its own. */
final class TestBroker implements AutoCloseable {
  private static final String CLUSTER = "b2NhLWZsaW5rLXRlc3QwMQ";

  private final int port;
  private final Path log;
  private final Process process;

  TestBroker(Path folder) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    log = folder.resolve("broker.log");
    Path properties = folder.resolve("server.properties");
    try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = one.getLocalPort();
      Files.writeString(
          properties,
          """
          process.roles=broker,controller
          node.id=1
          controller.quorum.bootstrap.servers=127.0.0.1:%2$d
          listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
          controller.listener.names=CONTROLLER
          log.dirs=%3$s
          default.replication.factor=1
          offsets.topic.replication.factor=1
          offsets.topic.num.partitions=1
          transaction.state.log.replication.factor=1
          transaction.state.log.min.isr=1
          group.initial.rebalance.delay.ms=0
          """
              .formatted(port, other.getLocalPort(), folder.resolve("data")));
    }
    Process format =
        start(
            "kafka.tools.StorageTool",
            List.of("format", "-t", CLUSTER, "-c", properties.toString(), "--standalone"));
    if (!format.waitFor(60, TimeUnit.SECONDS) || format.exitValue() != 0) {
      format.destroyForcibly();
      throw new IOException("its data could not be formatted: " + Files.readString(log));
    }
    process = start("kafka.Kafka", List.of(properties.toString()));
    Awaitility.await().atMost(java.time.Duration.ofSeconds(60)).until(this::listens);
  }

  String bootstrap() {
    return "127.0.0.1:" + port;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private boolean listens() throws IOException {
    if (!process.isAlive()) {
      throw new IOException("the broker ended early: " + Files.readString(log));
    }
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private Process start(String main, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx384m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }
}
