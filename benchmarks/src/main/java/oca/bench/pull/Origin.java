package oca.bench.pull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import oca.bench.serve.Child;
import oca.bench.serve.Settings;

/** The origin's process, as the harness sees it. */
final class Origin implements AutoCloseable {
  private static final String HEAP = "256m";

  private final Child child;
  private final Path folder;
  private final int port;

  private Origin(Child child, Path folder, int port) {
    this.child = child;
    this.folder = folder;
    this.port = port;
  }

  /**
   * Starts one, on the client's processors.
   *
   * @param bytesPerSecond that it sends at most; 0 for no limit
   */
  static Origin start(Settings settings, long bytesPerSecond, OriginRules rules)
      throws IOException {
    List<String> arguments =
        List.of(
            "--rate=" + bytesPerSecond,
            "--holds=" + rules.holds(),
            "--segment-bytes=" + rules.segmentBytes(),
            "--missing=" + rules.missing());
    Child child =
        Child.start(
            Child.java(settings, HEAP, OriginProcess.class, arguments),
            settings.clientCpus(),
            settings.folder().resolve("origin.log"));
    try {
      String line = child.readLine();
      while (!line.startsWith("port ")) {
        line = child.readLine(); // a logging library's own words
      }
      return new Origin(child, settings.folder(), Integer.parseInt(line.substring(5)));
    } catch (IOException | RuntimeException e) {
      child.close();
      throw e;
    }
  }

  int port() {
    return port;
  }

  /** Ends its process as a power cut would. */
  void kill() {
    child.kill();
  }

  OriginCounts counts() throws IOException {
    return child.ask("counts", OriginCounts.class);
  }

  /** Live segments up to this one are there; the time at which they were, by its nanoTime. */
  long publish(long segment) throws IOException {
    return Long.parseLong(child.ask("publish " + segment).substring("at ".length()));
  }

  /** What it has sent of an object; empty when nobody has asked for it. */
  Optional<Ledger.Page> ledger(long object) throws IOException {
    Path file = folder.resolve("ledger").toAbsolutePath();
    if (!child.ask("ledger " + object + " " + file).equals("written")) {
      return Optional.empty();
    }
    try {
      return Optional.of(Ledger.read(file));
    } finally {
      Files.delete(file);
    }
  }

  @Override
  public void close() {
    child.close();
  }
}
