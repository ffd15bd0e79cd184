package oca.bench.serve;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import oca.protocol.Wire;

/**
 * The abuser's process: reads orders from its standard input, one line of JSON each; prints {@code
 * abusing} when an attack is on, and what came of it as one line of JSON. It ends with its input.
 */
public final class Abuser {
  private Abuser() {}

  /** Takes no arguments. */
  public static void main(String[] args) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      AbuseResult result;
      try {
        AbuseOrder order = Wire.read(line.getBytes(StandardCharsets.UTF_8), AbuseOrder.class);
        result = run(order, System.out);
      } catch (IOException e) {
        result = AbuseResult.failed(String.valueOf(e.getMessage()));
      }
      System.out.println(new String(Wire.write(result), StandardCharsets.UTF_8));
      System.out.flush();
    }
  }

  private static AbuseResult run(AbuseOrder order, PrintStream out) throws IOException {
    long now = InstantSource.system().instant().getEpochSecond();
    Attack attack = new Attacks(now).named(order.attack());
    try (AbuserRun run = new AbuserRun(attack, order)) {
      run.begin();
      out.println("abusing");
      out.flush();
      return run.run();
    }
  }
}
