package oca.fill.state;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process of its own that counts in a store, one durable write after the other. */
final class ChildLedger implements AutoCloseable {
  private final Process process;
  private final BufferedReader out;
  private long acknowledged;

  private ChildLedger(Process process) {
    this.process = process;
    this.out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Starts the process; it writes {@code writes} times, then waits for its end. */
  static ChildLedger start(Path database, int writes) throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<String> command = new ArrayList<>(List.of(java.toString(), "-Xmx128m"));
    command.addAll(Stores.options());
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            ChildLedger.class.getName(),
            database.toString(),
            Integer.toString(writes)));
    return new ChildLedger(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  void awaitAcknowledged(long number) throws IOException {
    while (acknowledged < number) {
      String line = out.readLine();
      if (line == null) {
        throw new IOException("the child ended after " + acknowledged + " writes");
      }
      acknowledged = Long.parseLong(line);
    }
  }

  /** Kills the process outright (SIGKILL); the highest number it had acknowledged. */
  long kill() throws IOException, InterruptedException {
    // By the handle: the process's own method closes the stream that is still to be read.
    process.toHandle().destroyForcibly();
    process.waitFor();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.matches("\\d+")) {
        acknowledged = Math.max(acknowledged, Long.parseLong(line));
      }
    }
    return acknowledged;
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    out.close();
  }

  /** The child's side. */
  public static void main(String[] args) throws Exception {
    StateStore store = Stores.open(Path.of(args[0]));
    int writes = Integer.parseInt(args[1]);
    for (int i = 1; i <= writes; i++) {
      store.write(
          c -> {
            StateStore.count(c, "acknowledged", 1);
            return true;
          });
      System.out.println(i);
      System.out.flush();
    }
    new java.util.concurrent.CountDownLatch(1).await();
  }
}
