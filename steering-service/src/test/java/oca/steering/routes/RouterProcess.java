package oca.steering.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A router that others wrote, run with files in a folder of its own. */
final class RouterProcess implements AutoCloseable {
  private final Path folder;
  private final List<String> command;
  private Process process;

  private RouterProcess(Path folder, List<String> command) throws IOException {
    this.folder = folder;
    this.command = command;
    this.process = run(List.of());
  }

  /** BIRD 2 with that configuration. */
  static RouterProcess bird(Path folder, String config) throws IOException {
    Files.writeString(folder.resolve("bird.conf"), config);
    return new RouterProcess(
        folder,
        List.of(
            "/usr/sbin/bird",
            "-f",
            "-c",
            folder.resolve("bird.conf").toString(),
            "-s",
            folder.resolve("bird.ctl").toString(),
            "-P",
            folder.resolve("bird.pid").toString()));
  }

  /** FRR's bgpd with BMP and without zebra, so that it takes every next hop for reachable. */
  static RouterProcess frr(Path folder, String address, int port, String config)
      throws IOException {
    Files.writeString(folder.resolve("bgpd.conf"), config);
    return new RouterProcess(
        folder,
        List.of(
            "/usr/lib/frr/bgpd",
            "--no_zebra",
            "--no_kernel",
            "--skip_runas",
            "-M",
            "bmp",
            "--config_file=" + folder.resolve("bgpd.conf"),
            "--pid_file=" + folder.resolve("bgpd.pid"),
            "--vty_socket=" + folder,
            "--vty_port=0",
            "--bgp_port=" + port,
            "--listenon=" + address,
            "--log=file:" + folder.resolve("bgpd.log")));
  }

  /** A port that nothing listens on at the moment. */
  static int freePort(String address) {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral(address))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Has BIRD take up another configuration. */
  void configure(String config) throws IOException, InterruptedException {
    Files.writeString(folder.resolve("bird.conf"), config);
    Process birdc =
        new ProcessBuilder(
                "/usr/sbin/birdc", "-s", folder.resolve("bird.ctl").toString(), "configure")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("birdc.out").toFile())
            .start();
    assertEquals(0, birdc.waitFor(), () -> read("birdc.out"));
  }

  /** Pulls the plug. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** Starts it again after {@link #kill}, with more options. */
  void startAgain(String... options) throws IOException {
    process = run(List.of(options));
  }

  /** What it wrote to one of its files. */
  String read(String name) {
    try {
      return Files.readString(folder.resolve(name));
    } catch (IOException e) {
      return name + ": " + e.getMessage();
    }
  }

  private Process run(List<String> options) throws IOException {
    List<String> whole = new java.util.ArrayList<>(command);
    whole.addAll(options);
    return new ProcessBuilder(whole)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("out").toFile()))
        .start();
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
