package oca.bench.serve;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import oca.protocol.Wire;

/** The client's process, as the harness sees it. */
public final class Client implements AutoCloseable {
  private static final String HEAP = "256m";

  private final Child child;

  private Client(Child child) {
    this.child = child;
  }

  /** Starts it, pinned as the settings say. */
  public static Client start(Settings settings) throws IOException {
    return new Client(
        Child.start(
            Child.java(settings, HEAP, LoadClient.class, List.of()),
            settings.clientCpus(),
            settings.folder().resolve("client.log")));
  }

  /**
   * What came of an order.
   *
   * @param result what the client saw
   * @param allocatedPerRequest by the server, in bytes, where it can be told
   */
  record Ran(LoadResult result, OptionalLong allocatedPerRequest) {}

  /**
   * Runs one order.
   *
   * @throws IOException when an answer was wrong
   */
  Ran run(LoadOrder order, Server server) throws IOException {
    Ran ran = runAnyway(order, server);
    if (!ran.result().fault().isEmpty()) {
      throw new IOException(server.name() + " failed the client: " + ran.result().fault());
    }
    return ran;
  }

  /** The same, for whom a wrong answer is a result too. */
  Ran runAnyway(LoadOrder order, Server server) throws IOException {
    LoadResult result;
    OptionalLong before = OptionalLong.empty();
    String line = child.ask(new String(Wire.write(order), StandardCharsets.UTF_8));
    if (line.equals("ready")) {
      before = server.allocated();
      line = child.ask("go");
    }
    result = Wire.read(line.getBytes(StandardCharsets.UTF_8), LoadResult.class);
    OptionalLong after = server.allocated();
    return new Ran(
        result,
        before.isPresent() && after.isPresent()
            ? OptionalLong.of(
                (after.getAsLong() - before.getAsLong()) / Math.max(1, result.allRequests()))
            : OptionalLong.empty());
  }

  /**
   * Runs one order of any server.
   *
   * @throws IOException when an answer was wrong, or it could not connect
   */
  public LoadResult run(LoadOrder order) throws IOException {
    String line = child.ask(new String(Wire.write(order), StandardCharsets.UTF_8));
    if (line.equals("ready")) {
      line = child.ask("go");
    }
    LoadResult result = Wire.read(line.getBytes(StandardCharsets.UTF_8), LoadResult.class);
    if (!result.fault().isEmpty()) {
      throw new IOException(order.path() + " failed the client: " + result.fault());
    }
    return result;
  }

  @Override
  public void close() {
    child.close();
  }
}
