package oca.bench.serve;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What abuses cost, as it stands in the JSON file.
 *
 * @param machine where it ran
 * @param command its options
 * @param settings and what followed from them
 * @param rows in the order in which they were measured
 */
record AbuseReport(Machine machine, List<String> command, Settings settings, List<Row> rows) {
  private static final long HEAP_ALLOWANCE = 16 << 20;
  private static final long RESIDENT_ALLOWANCE = 48 << 20;
  private static final double LEAST_AFTER = 0.7;
  private static final double LEAST_UNDER = 0.1;

  /**
   * What a server holds when nobody is connected, or what it held at most.
   *
   * @param resident bytes of its processes
   * @param direct bytes that its pool of direct memory has taken
   * @param liveHeap bytes of live objects; -1 where it was not asked
   * @param files open, sockets included
   * @param connections that it counts itself
   * @param kernelTcp bytes that the whole machine's TCP holds
   */
  record Holding(
      long resident, long direct, long liveHeap, long files, long connections, long kernelTcp) {
    Holding most(Holding other) {
      return new Holding(
          Math.max(resident, other.resident),
          Math.max(direct, other.direct),
          Math.max(liveHeap, other.liveHeap),
          Math.max(files, other.files),
          Math.max(connections, other.connections),
          Math.max(kernelTcp, other.kernelTcp));
    }
  }

  /**
   * One abuse of one server.
   *
   * @param server its name
   * @param attack its name
   * @param mustBeRefused whether an answer that gives something is a fault
   * @param alone the honest load before
   * @param under the honest load meanwhile
   * @param later the honest load when all was over
   * @param abuser what it saw
   * @param before what the server held
   * @param highest what it held at most, looked at ten times a second
   * @param after what it held when the abuser was gone
   * @param secondsToRecover until its sockets were as many as before; -1 if they never were
   * @param counted by how much its counters grew, those of the honest load included
   * @param checkFault what was wrong with answers whose every byte was compared; empty for nothing
   */
  record Row(
      String server,
      String attack,
      boolean mustBeRefused,
      LoadResult alone,
      LoadResult under,
      LoadResult later,
      AbuseResult abuser,
      Holding before,
      Holding highest,
      Holding after,
      double secondsToRecover,
      Map<String, Long> counted,
      String checkFault) {

    /**
     * The server's CPU time for one attempt, in microseconds: what the honest load, at its price
     * when it was alone, does not account for.
     */
    double microsPerAttempt() {
      double honest = alone.serverCpuSeconds() / alone.requests() * under.requests();
      double attempts = abuser.attempts() / abuser.seconds() * under.seconds();
      return attempts == 0 ? 0 : Math.max(0, under.serverCpuSeconds() - honest) / attempts * 1e6;
    }

    /** What is left of the honest load meanwhile. */
    double share() {
      return rate(under) / rate(alone);
    }

    /** What is wrong; empty when the abuse cost something and nothing more. */
    List<String> faults() {
      List<String> faults = new ArrayList<>();
      add(faults, !abuser.fault().isEmpty(), "the abuser gave up: " + abuser.fault());
      add(faults, !under.fault().isEmpty(), "honest load failed: " + under.fault());
      add(faults, !later.fault().isEmpty(), "honest load failed later: " + later.fault());
      add(faults, !checkFault.isEmpty(), "wrong afterwards: " + checkFault);
      add(
          faults,
          mustBeRefused && abuser.given() > 0,
          abuser.given() + " were given what must be refused");
      add(
          faults,
          secondsToRecover < 0 || after.files > before.files + Holdings.SLACK,
          "sockets stay open: %d files before, %d after".formatted(before.files, after.files));
      add(
          faults,
          after.liveHeap > before.liveHeap + HEAP_ALLOWANCE,
          "the heap keeps " + Setup.mebibytes(after.liveHeap - before.liveHeap) + " MiB more");
      add(
          faults,
          after.direct > before.direct + HEAP_ALLOWANCE,
          "direct memory keeps " + Setup.mebibytes(after.direct - before.direct) + " MiB more");
      add(
          faults,
          after.resident > before.resident + RESIDENT_ALLOWANCE,
          "the process keeps " + Setup.mebibytes(after.resident - before.resident) + " MiB more");
      add(faults, share() < LEAST_UNDER, "honest load starves: %.2f is left".formatted(share()));
      add(
          faults,
          rate(later) < LEAST_AFTER * rate(alone),
          "honest load does not recover: %.2f".formatted(rate(later) / rate(alone)));
      return faults;
    }

    private static void add(List<String> faults, boolean is, String fault) {
      if (is) {
        faults.add(fault);
      }
    }

    static double rate(LoadResult load) {
      return load.seconds() == 0 ? 0 : load.requests() / load.seconds();
    }
  }

  boolean good() {
    return rows.stream().allMatch(row -> row.faults().isEmpty());
  }
}
