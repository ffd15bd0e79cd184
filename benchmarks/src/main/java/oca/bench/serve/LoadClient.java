package oca.bench.serve;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import oca.protocol.Wire;

/**
 * The client's process: one thread with many connections.
 *
 * <p>Reads orders from its standard input, one line of JSON each. When the connections stand it
 * prints {@code ready}; on {@code go} it runs, and prints the result as one line of JSON. A wrong
 * answer ends the run and is the result's fault; the process goes on. It ends with its input.
 */
public final class LoadClient {
  private LoadClient() {}

  /** Takes no arguments. */
  public static void main(String[] args) throws IOException {
    serve(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)), System.out);
  }

  private static void serve(BufferedReader in, PrintStream out) throws IOException {
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      LoadResult result;
      try {
        result = run(Wire.read(line.getBytes(StandardCharsets.UTF_8), LoadOrder.class), in, out);
      } catch (IOException e) {
        result = LoadResult.failed(String.valueOf(e.getMessage()));
      }
      out.println(new String(Wire.write(result), StandardCharsets.UTF_8));
      out.flush();
    }
  }

  private static LoadResult run(LoadOrder order, BufferedReader in, PrintStream out)
      throws IOException {
    try (LoadRun run = LoadRun.connect(order)) {
      out.println("ready");
      out.flush();
      if (!"go".equals(in.readLine())) {
        throw new IOException("expected \"go\"");
      }
      return run.runOrGiveUp();
    }
  }
}
