package oca.bench.serve;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import oca.config.ByteSize;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The options that the runs beside {@link Comparison} have in common. */
public final class Setup {
  @Option(names = "--file", description = "the served file's length")
  private String file = "256MiB";

  @Option(names = "--server-cpus", description = "for taskset; empty for any")
  private String serverCpus = "0";

  @Option(names = "--client-cpus", description = "for taskset; empty for any")
  private String clientCpus = "1";

  @Option(names = "--data", description = "where the servers' files are")
  private Path data = Path.of("benchmarks/target/serve");

  @Option(names = "--jvm-options", description = "of our servers and the client")
  private Path jvmOptions = Path.of("packaging/jvm.options");

  @Option(names = "--out", description = "where the report goes")
  private Path out = Path.of("benchmarks/target/serve-report");

  Settings settings() {
    long bytes = ByteSize.parse(file).bytes() >> 12 << 12;
    return new Settings(
        data,
        jvmOptions,
        serverCpus,
        clientCpus,
        1,
        Math.max(bytes, 4096),
        "TLS_AES_128_GCM_SHA256");
  }

  Path out() {
    return out;
  }

  /** Runs a command: its exit code, 1 with one line that says why when it fails. */
  public static int run(Callable<Integer> command, PrintWriter out, String... args) {
    return new CommandLine(command)
        .setOut(out)
        .setErr(out)
        .setExecutionExceptionHandler(
            (e, line, _) -> {
              line.getErr().println(line.getCommandName() + ": " + e.getMessage());
              return 1;
            })
        .execute(args);
  }

  /** Where it ran, in a line. */
  public static String machine(Machine machine, Settings settings) {
    return "%s, %d cores, %d GiB, Linux %s; JDK %s; Netty %s; %s; server on CPU %s, client on %s"
        .formatted(
            machine.cpu(),
            machine.cores(),
            machine.memoryGiB(),
            machine.kernel(),
            machine.jdk(),
            machine.netty(),
            machine.nginx(),
            settings.serverCpus(),
            settings.clientCpus());
  }

  /** Bytes as MiB, to a tenth. */
  static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f", bytes / 1048576.0);
  }
}
