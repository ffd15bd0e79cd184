package oca.flink;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import oca.fill.causes.Cell;
import oca.fill.demand.Tally.Amount;

/**
 * What is compared: whatever way a log was taken, all of it is to be the same.
 *
 * @param demand by file, region and hour
 * @param misses by all dimensions
 * @param counts of all that was counted and is not 0
 */
record Answers(Map<String, Amount> demand, Map<Cell, Cell> misses, Map<String, Long> counts) {

  static Answers none() {
    return new Answers(new TreeMap<>(), new java.util.HashMap<>(), new TreeMap<>());
  }

  static String key(String file, String region, long hour) {
    return file + " " + region + " " + Instant.ofEpochSecond(hour * 3600);
  }

  void count(String name, long by) {
    if (by != 0) {
      counts.merge(name, by, Long::sum);
    }
  }

  long bytes() {
    return misses.values().stream().mapToLong(Cell::bytes).sum();
  }
}
