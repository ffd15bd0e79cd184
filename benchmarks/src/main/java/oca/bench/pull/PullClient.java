package oca.bench.pull;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import oca.bench.serve.Child;
import oca.bench.serve.Settings;
import oca.protocol.Wire;

/** The client's process, as the harness sees it. One order at a time. */
final class PullClient implements AutoCloseable {
  private static final String HEAP = "512m";

  private final Child child;
  private final Path samples;

  private PullClient(Child child, Path samples) {
    this.child = child;
    this.samples = samples;
  }

  /**
   * Starts it.
   *
   * @param name of its log and its samples
   */
  static PullClient start(Settings settings, String name) throws IOException {
    return new PullClient(
        Child.start(
            Child.java(settings, HEAP, PullLoad.class, List.of()),
            settings.clientCpus(),
            settings.folder().resolve(name + ".log")),
        settings.folder().resolve(name + ".samples").toAbsolutePath());
  }

  /** What came of an order. */
  record Ran(PullResult result, List<Sample> samples) {
    /** Answers that broke off, came late or were not those that were asked for. */
    long failed() {
      return samples.stream().filter(it -> !it.isGood() && !it.isRefusal()).count();
    }

    /** Answers with a wrong byte. */
    long wrong() {
      return samples.stream().filter(it -> it.mark() == Sample.Mark.WRONG).count();
    }
  }

  /** Where samples go, for orders. */
  String samples() {
    return samples.toString();
  }

  /** Connects, and runs. */
  Ran run(PullOrder order) throws IOException {
    connect(order);
    return go();
  }

  /**
   * Connects only.
   *
   * @throws IOException when not all connections can be had
   */
  void connect(PullOrder order) throws IOException {
    String line = child.ask(new String(Wire.write(order), StandardCharsets.UTF_8));
    while (!line.equals("ready") && !line.startsWith("{")) {
      line = child.readLine(); // a logging library's own words
    }
    if (!line.equals("ready")) {
      throw new IOException(
          Wire.read(line.getBytes(StandardCharsets.UTF_8), PullResult.class).fault());
    }
  }

  /** Runs what was connected for, to its end. */
  Ran go() throws IOException {
    PullResult result = child.ask("go", PullResult.class);
    if (!result.fault().isEmpty()) {
      throw new IOException("the client gave up: " + result.fault());
    }
    List<Sample> taken = Samples.read(samples);
    Files.delete(samples);
    return new Ran(result, taken);
  }

  @Override
  public void close() {
    child.close();
  }
}
