package oca.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One oca process that the demo started: the same command an operator runs, with its output in a
 * file.
 *
 * <p>The child's standard input is a pipe that only the demo holds; the child ends when it closes,
 * so that nothing stays behind even when the demo is killed.
 */
final class ChildProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final String name;
  private final Process process;
  private final Path log;

  private ChildProcess(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  /**
   * Starts {@code oca <subcommand> --config <config>}.
   *
   * @param heap the child's {@code -Xmx}
   * @param environment besides ours
   */
  static ChildProcess start(
      String name,
      String subcommand,
      Path config,
      Path home,
      String heap,
      Path log,
      Map<String, String> environment)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + home.resolve("jvm.options"));
    // Eight JVMs share this machine: small heaps, and one compiler tier, which starts faster.
    command.addAll(List.of("-Xmx" + heap, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), "oca.cli.Oca", subcommand));
    command.addAll(List.of("--config", config.toString(), "--stop-on-stdin-eof"));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    return new ChildProcess(name, builder.start(), log);
  }

  String name() {
    return name;
  }

  /** Its process id. */
  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** SIGKILL, and waits for the end. */
  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** The last lines of its output, for an error message. */
  String lastWords() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
    } catch (IOException e) {
      return "(its log " + log + " cannot be read: " + e.getMessage() + ")";
    }
  }

  /** Asks the process to end without waiting. */
  void askToEnd() {
    process.destroy();
  }

  /** SIGTERM, then after some seconds SIGKILL; returns when it has ended. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
    }
  }
}
