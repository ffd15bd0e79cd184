package oca.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import oca.config.ByteSize;
import oca.operate.ReportOptions;
import oca.protocol.Wire;
import oca.store.evict.EvictionPolicies;
import oca.store.simulate.Capacity;
import oca.store.simulate.Recording;
import oca.store.simulate.Simulation;
import oca.store.simulate.SimulationReport;
import oca.store.simulate.TraceFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code oca store simulate}: eviction policies over a trace. */
@Command(
    name = "simulate",
    description = {
      "Play eviction policies over a trace and print what each would have hit, beside LRU and"
          + " Belady's bound (with bypass).",
      "The trace has lines of time,object,size: seconds, any text, bytes. A header line is"
          + " optional, .gz is unpacked, a missing size counts as 1."
    })
final class SimulateCommand implements Callable<Integer> {
  private static final int THREADS = 2;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it.
  private CommandSpec spec;

  @Mixin private ReportOptions report = new ReportOptions();

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      required = true,
      description = "the trace; read once, as a stream")
  @SuppressWarnings("NullAway.Init") // Required.
  private Path trace;

  @Option(
      names = "--capacity",
      paramLabel = "SIZE",
      split = ",",
      defaultValue = "5%,10%,20%",
      description =
          "sizes of the cache: a percentage of all objects' bytes together, or bytes such as 10GiB"
              + " (default: ${DEFAULT-VALUE})")
  @SuppressWarnings("NullAway.Init") // Has a default.
  private List<String> capacities;

  @Option(
      names = "--policy",
      paramLabel = "POLICY",
      split = ",",
      description =
          "demand (what the store uses), lru, fifo, sieve, s3fifo, wtinylfu (default: all); lru and"
              + " belady are always there")
  private @Nullable List<String> policies;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "of the policies' chance (default: ${DEFAULT-VALUE})")
  private long seed;

  @Option(
      names = "--work",
      paramLabel = "FOLDER",
      description =
          "where temporary files go, 12 bytes for each request (default: the temporary folder)")
  private @Nullable Path work;

  @Override
  public Integer call() throws Exception {
    Simulation simulation = new Simulation(parsedCapacities(), parsedPolicies(), seed, THREADS);
    Path folder = work == null ? Path.of(System.getProperty("java.io.tmpdir")) : work;
    PrintWriter err = report.err();
    try (Recording recording = Recording.of(new TraceFile(trace), folder)) {
      double reading = report.seconds();
      if (recording.resized() > 0) {
        err.printf(
            Locale.ROOT,
            "%,d requests name another size than their object's first, which is what counts%n",
            recording.resized());
      }
      SimulationReport made =
          simulation.run(recording, (done, all) -> report.progress(done, all, "played"));
      report.print(made.table(), Wire.writePretty(made));
      double all = report.seconds();
      err.printf(
          Locale.ROOT,
          "read %,d requests in %.1f s; all done in %.1f s, %,.0f requests/s through each policy%n",
          recording.requests(),
          reading,
          all,
          plays(made) * recording.requests() / Math.max(1e-3, all - reading));
    }
    return 0;
  }

  private static double plays(SimulationReport report) {
    return report.sizes().stream().mapToDouble(size -> size.rows().size()).sum();
  }

  private List<Capacity> parsedCapacities() {
    return report.sizes("--capacity", capacities, SimulateCommand::capacity, "5% or 10GiB");
  }

  private static Capacity capacity(String text) {
    return text.endsWith("%")
        ? Capacity.percent(Double.parseDouble(text.substring(0, text.length() - 1)))
        : Capacity.bytes(text, ByteSize.parse(text).bytes());
  }

  private List<EvictionPolicies> parsedPolicies() {
    if (policies == null) {
      return List.of(EvictionPolicies.values());
    }
    try {
      return policies.stream().map(EvictionPolicies::of).toList();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--policy: " + e.getMessage());
    }
  }
}
