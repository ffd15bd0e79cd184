package oca.bench.fleet;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import oca.bench.serve.Machine;
import oca.bench.serve.Setup;
import oca.protocol.Wire;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * A fleet that grows step by step, simulated against a steering service, a fill controller and a
 * PostgreSQL, and a Kafka if wanted, that really run, each in processes of its own.
 *
 * <p>Every appliance beats once a second to both services, says what it holds when it is asked, as
 * a whole or as a delta, looks at its manifest, fills what that names, and reports fills and serve
 * records; viewers ask steering at a steady rate. The simulator shares the machine: what it takes
 * is in the table, and how late it was itself is told apart from how late answers were.
 */
@Command(name = "fleet", mixinStandardHelpOptions = true)
public final class FleetSimulation implements Callable<Integer> {
  static final String STEERING = "steering";
  static final String CONTROLLER = "controller";
  static final String POSTGRES = "postgres";
  static final String KAFKA = "kafka";
  static final String SIMULATOR = "simulator";

  @Option(names = "--steps", split = ",", description = "sizes of the fleet, growing")
  private List<Integer> sizes = List.of(500, 1000, 2000, 5000);

  @Option(names = "--sites")
  private int sites = 1000;

  @Option(names = "--seconds", description = "measured at each step")
  private double seconds = 15;

  @Option(names = "--patience", description = "seconds that a step has to settle")
  private double patience = 45;

  @Option(names = "--decisions", description = "that viewers ask for in a second")
  private int decisions = 500;

  @Option(names = "--titles", description = "of three files in the catalogue")
  private int titles = 400;

  @Option(names = "--slots", description = "files that an appliance has room for")
  private int slots = 64;

  @Option(names = "--library", description = "files held from before by each appliance")
  private int library = 1000;

  @Option(names = "--manifest-seconds", description = "between two looks at a manifest")
  private double manifestSeconds = 10;

  @Option(names = "--fill-seconds", description = "for a file")
  private double fillSeconds = 30;

  @Option(names = "--records-seconds", description = "between two batches of serve records")
  private double recordsSeconds = 1;

  @Option(names = "--records", description = "in a batch")
  private int records = 2;

  @Option(names = "--postgres", negatable = true, defaultValue = "true", fallbackValue = "true")
  private boolean postgres = true;

  @Option(
      names = "--state-in-file",
      description = "the controller keeps plans and demand in a file and only jobs in PostgreSQL")
  private boolean stateInFile;

  @Option(names = "--kafka", description = "serve records and answers go by a broker of its own")
  private boolean kafka;

  @Option(names = "--controller-keys", description = "further ones of its configuration")
  private String controllerKeys = "connections: { connections: 20000, perAddress: 2000 }";

  @Option(names = "--heaps", split = ",", description = "of steering and controller")
  private List<String> heaps = List.of("1g", "3g");

  @Option(names = "--seed")
  private long seed = 1;

  @Option(names = "--folder", description = "for configurations, databases and logs")
  private Path folder = Path.of("target/fleet");

  @Option(names = "--jvm-options", description = "the product's")
  private Path jvmOptions = Path.of("packaging/jvm.options");

  @Option(names = "--json", description = "where the report goes besides")
  private @Nullable Path json;

  @Option(names = "--chart", description = "where the chart goes, as SVG")
  private @Nullable Path chart;

  private final PrintWriter out;
  private final String command;

  private FleetSimulation(PrintWriter out, String command) {
    this.out = out;
    this.command = command;
  }

  /** Runs it. */
  public static void main(String[] args) {
    System.exit(run(new PrintWriter(System.out, true, StandardCharsets.UTF_8), args));
  }

  /** Exits with 1 when not one step went without a fault. */
  static int run(PrintWriter out, String... args) {
    return Setup.run(new FleetSimulation(out, String.join(" ", args)), out, args);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Files.createDirectories(folder);
    List<FleetReport.Step> steps = new ArrayList<>();
    Layout layout = new Layout(sites, titles, 3);
    SimulatedAppliance.Habits habits =
        new SimulatedAppliance.Habits(
            manifestSeconds, fillSeconds, recordsSeconds, records, library, slots);
    try (Services services =
            Services.start(
                layout,
                sizes.getLast(),
                new Services.Settings(
                    folder.toAbsolutePath(),
                    jvmOptions,
                    heaps,
                    postgres,
                    stateInFile,
                    kafka,
                    controllerKeys));
        Ramp ramp = new Ramp(layout, habits, services, seed, out)) {
      ramp.viewers(decisions);
      for (int size : sizes) {
        FleetReport.Step step = ramp.step(size, patience, seconds);
        out.println(FleetReport.line(step));
        out.flush();
        steps.add(step);
      }
    }
    FleetReport report = FleetReport.of(Machine.here(), command, decisions, steps);
    report.print(out);
    if (json != null) {
      Files.write(json, Wire.writePretty(report));
    }
    if (chart != null) {
      Files.writeString(chart, FleetChart.of(report));
    }
    return steps.stream().allMatch(step -> step.fault().isPresent()) ? 1 : 0;
  }
}
