package oca.bench.pull;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import oca.bench.serve.Machine;
import oca.bench.serve.Settings;
import oca.bench.serve.Setup;
import oca.config.ByteSize;
import oca.protocol.Wire;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that the commands here have in common, and where their reports go. */
final class PullSetup {
  private static final int PAGE = 4096;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Option(names = "--servers", split = ",", description = "in this order")
  private List<String> servers = List.of("oca", "nginx");

  @Option(names = "--server-cpus", description = "for taskset; empty for any")
  private String serverCpus = "0";

  @Option(names = "--client-cpus", description = "of the client and the origin")
  private String clientCpus = "1";

  @Option(names = "--data", description = "where the servers' files are")
  private Path data = Path.of("benchmarks/target/pull");

  @Option(names = "--jvm-options", description = "of our servers, the client and the origin")
  private Path jvmOptions = Path.of("packaging/jvm.options");

  @Option(names = "--out", description = "where the report goes")
  private Path out = Path.of("benchmarks/target/pull-report");

  @Option(names = "--seed", description = "of what is random")
  private long seed = 0x0ca;

  /** Creates the folders, and says where this is. */
  Settings begin(long fileBytes) throws IOException {
    servers.forEach(PullServer::check);
    Settings settings =
        new Settings(data, jvmOptions, serverCpus, clientCpus, 1, fileBytes, "none");
    Files.createDirectories(data);
    Files.createDirectories(out);
    print(Setup.machine(Machine.here(), settings) + "; seed " + seed);
    if (servers.stream().anyMatch(name -> name.startsWith("nginx")) && !PullServer.hasSlices()) {
      print("nginx was built without its slice module: it fetches whole objects");
    }
    return settings;
  }

  List<String> servers() {
    return servers;
  }

  long seed() {
    return seed;
  }

  void write(String file, Object report) throws IOException {
    Files.write(out.resolve(file), Wire.writePretty(report));
  }

  void print(String text) {
    if (spec != null) {
      PrintWriter to = spec.commandLine().getOut();
      to.println(text);
      to.flush();
    }
  }

  /** A length in whole pages, one at least. */
  static long pages(String size) {
    return Math.max(PAGE, ByteSize.parse(size).bytes() / PAGE * PAGE);
  }
}
