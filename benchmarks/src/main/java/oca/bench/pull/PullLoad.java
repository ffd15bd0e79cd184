package oca.bench.pull;

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
 * prints {@code ready}; on {@code go} it runs, and prints the result as one line of JSON. It ends
 * with its input.
 */
public final class PullLoad {
  private PullLoad() {}

  /** Takes no arguments. */
  public static void main(String[] args) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      PullResult result;
      try {
        PullOrder order = Wire.read(line.getBytes(StandardCharsets.UTF_8), PullOrder.class);
        result = run(order, in, System.out);
      } catch (IOException e) {
        result = PullResult.failed(String.valueOf(e.getMessage()));
      }
      System.out.println(new String(Wire.write(result), StandardCharsets.UTF_8));
      System.out.flush();
    }
  }

  private static PullResult run(PullOrder order, BufferedReader in, PrintStream out)
      throws IOException {
    try (PullRun run = PullRun.connect(order)) {
      out.println("ready");
      out.flush();
      if (!"go".equals(in.readLine())) {
        throw new IOException("expected \"go\"");
      }
      return run.run();
    }
  }
}
