package oca.bench.serve;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import oca.protocol.Wire;

/** A process that the harness started, pinned, and stops by its handle. */
public final class Child implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 10;

  private final Process process;
  private final Path log;
  private final BufferedReader out;
  private final BufferedWriter in;

  /** For when the harness is interrupted: nginx would stay. */
  private final Thread lastOrder;

  private Child(Process process, Path log) {
    this.process = process;
    this.log = log;
    this.out = process.inputReader(StandardCharsets.UTF_8);
    this.in = process.outputWriter(StandardCharsets.UTF_8);
    this.lastOrder = new Thread(process::destroy);
    Runtime.getRuntime().addShutdownHook(lastOrder);
  }

  /**
   * Starts one.
   *
   * @param cpus as taskset(1) takes them; empty for any
   * @param log where its standard error goes
   */
  public static Child start(List<String> command, String cpus, Path log) throws IOException {
    List<String> pinned = new ArrayList<>();
    if (!cpus.isEmpty()) {
      pinned.addAll(List.of("taskset", "-c", cpus));
    }
    pinned.addAll(command);
    return new Child(
        new ProcessBuilder(pinned)
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start(),
        log);
  }

  /** A JVM with the product's options, this one's class path and so much heap from the start. */
  public static List<String> java(
      Settings settings, String heap, Class<?> main, List<String> arguments) {
    return java(settings, List.of("-Xms" + heap, "-Xmx" + heap), main, arguments);
  }

  /** The same, with options of its own that say how much heap. */
  static List<String> java(
      Settings settings, List<String> heap, Class<?> main, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + settings.jvmOptions().toAbsolutePath());
    command.addAll(heap);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(arguments);
    return command;
  }

  /** The process and all below it. */
  public List<Long> pids() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants())
        .map(ProcessHandle::pid)
        .toList();
  }

  /** Whether it runs. */
  public boolean alive() {
    return process.isAlive();
  }

  /** Says one line and reads the next one that comes back; threads wait for each other. */
  public synchronized String ask(String line) throws IOException {
    in.write(line);
    in.newLine();
    in.flush();
    return readLine();
  }

  /** Says one line and reads on to a line of JSON: a logging library may have words of its own. */
  public synchronized <T> T ask(String line, Class<T> type) throws IOException {
    String said = ask(line);
    while (!said.startsWith("{")) {
      said = readLine();
    }
    return Wire.read(said.getBytes(StandardCharsets.UTF_8), type);
  }

  /**
   * The next line of its standard output.
   *
   * @throws IOException when it has ended
   */
  public String readLine() throws IOException {
    String line = out.readLine();
    if (line == null) {
      throw new IOException("a process ended early; see " + log);
    }
    return line;
  }

  /** Ends it as a power cut would; it is to be closed all the same. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Ends its input, which ours take as the order to stop, then asks it to end. */
  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw new UncheckedIOException("a process was gone already; see " + log, e);
    } finally {
      stop();
    }
  }

  private void stop() {
    process.destroy();
    Runtime.getRuntime().removeShutdownHook(lastOrder);
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
