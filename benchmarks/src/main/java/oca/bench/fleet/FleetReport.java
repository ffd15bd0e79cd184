package oca.bench.fleet;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import oca.bench.fleet.Figures.Kind;
import oca.bench.fleet.Figures.Seen;
import oca.bench.serve.Machine;

/**
 * What came of a simulation.
 *
 * @param command with which it can be made again
 * @param decisionsPerSecond that were asked for
 * @param steps by size of the fleet
 * @param bend where it bends first, in words
 * @param arithmetic what follows for larger fleets, in words
 */
record FleetReport(
    Machine machine,
    String command,
    int decisionsPerSecond,
    List<Step> steps,
    String bend,
    List<String> arithmetic) {
  /** A viewer waits for the answer before the first byte. */
  private static final double MOST_P99_MILLIS = 50;

  private static final double CORE = 0.95;

  /** Share of the machine beyond which processes wait for each other. */
  private static final double FREE = 0.9;

  private static final int LARGE = 100_000;

  /**
   * One process.
   *
   * @param cores CPU seconds a second
   * @param residentMiB at the end
   * @param heapMiB in use at the end, garbage included; 0 for one that is no JVM
   * @param allocatedMiB a second
   */
  record Use(double cores, long residentMiB, long heapMiB, double allocatedMiB) {}

  /**
   * One size of the fleet.
   *
   * @param sites that it stands at
   * @param joinSeconds until all of it was known, with what it holds, and had a manifest
   * @param unsettled appliances that were not, when patience was over
   * @param seconds measured
   * @param uses by process
   * @param seen by kind of exchange
   * @param refused by kind and status or fault
   * @param lateMillis by how much the simulator was late to begin, p99
   * @param planSeconds of a plan made by force over all of it; below 0 when none was made
   * @param plan what was answered to it
   * @param manifestFiles on the mean
   * @param manifestBytes on the mean
   * @param silent most appliances not alive at any look at steering's fleet
   * @param oldestLeaseMillis at any look
   * @param lag messages of Kafka that waited for the controller at the end; -1 without Kafka
   * @param transactions of PostgreSQL a second
   * @param rowsWritten by it, a second
   */
  record Step(
      int appliances,
      int sites,
      double joinSeconds,
      int unsettled,
      double seconds,
      Map<String, Use> uses,
      Map<Kind, Seen> seen,
      Map<String, Long> refused,
      double lateMillis,
      double planSeconds,
      String plan,
      double manifestFiles,
      double manifestBytes,
      int silent,
      long oldestLeaseMillis,
      double lag,
      double transactions,
      double rowsWritten) {

    double cores(String process) {
      Use use = uses.get(process);
      return use == null ? 0 : use.cores();
    }

    /** Of all processes. */
    double allCores() {
      return uses.values().stream().mapToDouble(Use::cores).sum();
    }

    Seen seen(Kind kind) {
      return seen.getOrDefault(kind, new Seen(0, 0, 0, 0, 0, 0, 0, 0));
    }

    /** Heartbeats that were refused or not answered within the product's patience. */
    long missed() {
      Seen steering = seen(Kind.STEERING_HEARTBEAT);
      Seen controller = seen(Kind.CONTROLLER_HEARTBEAT);
      return steering.failed()
          + controller.failed()
          + (steering.answers() - steering.good())
          + (controller.answers() - controller.good());
    }

    /** What is wrong with it, in words; empty when nothing is. */
    Optional<String> fault() {
      List<String> faults = new ArrayList<>();
      if (missed() > 0) {
        faults.add(missed() + " heartbeats missed");
      }
      if (silent > 0) {
        faults.add(silent + " appliances not alive at a look");
      }
      if (seen(Kind.DECISION).p99Millis() > MOST_P99_MILLIS) {
        faults.add(text("decisions take %.0f ms at p99", seen(Kind.DECISION).p99Millis()));
      }
      uses.forEach(
          (process, use) -> {
            if (use.cores() >= CORE) {
              faults.add(text("%s uses %.2f cores", process, use.cores()));
            }
          });
      if (unsettled > 0) {
        faults.add(unsettled + " appliances without manifest or known inventory");
      }
      return faults.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", faults));
    }
  }

  static FleetReport of(Machine machine, String command, int decisions, List<Step> steps) {
    return new FleetReport(
        machine, command, decisions, steps, bend(steps), arithmetic(machine, steps));
  }

  private static String bend(List<Step> steps) {
    return steps.stream()
        .filter(step -> step.fault().isPresent())
        .findFirst()
        .map(step -> text("%,d appliances: %s", step.appliances(), step.fault().orElse("")))
        .orElse("nowhere up to here");
  }

  /**
   * By proportion from the largest step at which the machine had time left: in the others cores
   * tell who got them and not what is needed. What does not grow with the fleet is in it, and
   * compiling too, so it is what a larger one needs at most if nothing else bends first. A
   * difference of steps would be less, but the smaller ones compile more, and it came out below
   * nothing.
   */
  private static List<String> arithmetic(Machine machine, List<Step> steps) {
    List<String> lines = new ArrayList<>();
    if (steps.isEmpty()) {
      return lines;
    }
    Optional<Step> free =
        steps.stream()
            .filter(step -> step.allCores() < FREE * machine.cores())
            .reduce((_, later) -> later);
    free.ifPresentOrElse(
        step -> step.uses().forEach((process, use) -> lines.add(proportion(step, process, use))),
        () ->
            lines.add(
                text(
                    "cores: nothing follows for %,d appliances, as %.0f %% and more of %d cores"
                        + " were used at each step",
                    LARGE, FREE * 100, machine.cores())));
    Step largest = steps.getLast();
    lines.add(
        text(
            "manifests: %,.0f bytes each, %.1f GB for %,d appliances",
            largest.manifestBytes(), largest.manifestBytes() * LARGE / 1e9, LARGE));
    return lines;
  }

  private static String proportion(Step step, String process, Use use) {
    double each = use.cores() / step.appliances();
    return text(
        "%s: %.0f us of CPU a second for each of %,d appliances, %.1f cores at %,d",
        process, each * 1e6, step.appliances(), each * LARGE, LARGE);
  }

  /** The table and all that is said. */
  void print(PrintWriter out) {
    out.println(
        "appliances  sites  steering  controller  postgres  kafka  simulator   cores | decisions/s"
            + " p50 p99 ms | heartbeats p50 p99 ms, missed, oldest lease | joined s | plan s |"
            + " manifest files KB | steering, controller MiB | PostgreSQL tx/s | records/s p99 ms,"
            + " lag");
    for (Step step : steps) {
      out.println(line(step));
      step.refused().forEach((what, count) -> out.println("    not taken: " + what + ": " + count));
    }
    out.println("bends: " + bend);
    arithmetic.forEach(line -> out.println("  " + line));
    out.flush();
  }

  static String line(Step step) {
    Seen decisions = step.seen(Kind.DECISION);
    Seen beats = step.seen(Kind.STEERING_HEARTBEAT);
    Seen others = step.seen(Kind.CONTROLLER_HEARTBEAT);
    return text(
        "%10d %6d %9.2f %11.2f %9.2f %6.2f %10.2f | %.0f %.1f %.1f | %.0f/s %.1f %.1f and %.1f"
            + " %.1f, %d, %d ms | %.1f | %.1f | %.0f %.0f | %d, %d | %.0f | %.0f/s %.0f, %.0f",
        step.appliances(),
        step.sites(),
        step.cores(FleetSimulation.STEERING),
        step.cores(FleetSimulation.CONTROLLER),
        step.cores(FleetSimulation.POSTGRES),
        step.cores(FleetSimulation.KAFKA),
        step.cores(FleetSimulation.SIMULATOR),
        decisions.answers() / step.seconds(),
        decisions.p50Millis(),
        decisions.p99Millis(),
        beats.answers() / step.seconds(),
        beats.p50Millis(),
        beats.p99Millis(),
        others.p50Millis(),
        others.p99Millis(),
        step.missed(),
        step.oldestLeaseMillis(),
        step.joinSeconds(),
        step.planSeconds(),
        step.manifestFiles(),
        step.manifestBytes() / 1e3,
        resident(step, FleetSimulation.STEERING),
        resident(step, FleetSimulation.CONTROLLER),
        step.transactions(),
        step.seen(Kind.SERVE_RECORDS).good() / step.seconds(),
        step.seen(Kind.SERVE_RECORDS).p99Millis(),
        step.lag());
  }

  private static long resident(Step step, String process) {
    Use use = step.uses().get(process);
    return use == null ? 0 : use.residentMiB();
  }

  @SuppressWarnings("AnnotateFormatMethod")
  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
