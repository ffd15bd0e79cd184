package oca.bench.serve;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A run's outcome, as it stands in the JSON file.
 *
 * @param machine where it ran
 * @param command its options
 * @param settings and what followed from them
 * @param loadBefore load averages: a machine that is not quiet shows here
 * @param loadAfter the same
 * @param notCompared servers that were asked for, each with the reason why it is not in here
 * @param cells in the order in which they were measured
 * @param verdicts the bars that these cells and servers have an answer to
 */
record Report(
    Machine machine,
    List<String> command,
    Settings settings,
    String loadBefore,
    String loadAfter,
    Map<String, String> notCompared,
    List<Measured> cells,
    List<Bars.Verdict> verdicts) {

  /** One cell, each server's figures in the order in which they were asked for. */
  record Measured(Cell cell, Map<String, Result> servers) {
    Optional<Figures> median(String server) {
      return Optional.ofNullable(servers.get(server)).map(Result::median);
    }
  }

  /** One server's rounds in one cell. */
  record Result(Figures median, List<Figures> rounds) {}
}
