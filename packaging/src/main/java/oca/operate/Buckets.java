package oca.operate;

import java.util.ArrayList;
import java.util.List;
import oca.protocol.Json;

/**
 * How long answers took, in buckets.
 *
 * @param upToMicros upper ends of all but the last, ascending
 * @param counts of each; one more than there are ends, or none at all
 */
record Buckets(List<Long> upToMicros, List<Long> counts) {
  Buckets {
    upToMicros = List.copyOf(upToMicros);
    counts = List.copyOf(counts);
  }

  static Buckets of(Json status) {
    Json times = status.at("serving", "times");
    return new Buckets(numbers(times.at("upToMicros")), numbers(times.at("counts")));
  }

  private static List<Long> numbers(Json list) {
    return list.items().stream().map(Json::number).toList();
  }

  /** What came since. */
  Buckets since(Buckets earlier) {
    if (earlier.counts.size() != counts.size()) {
      return this;
    }
    List<Long> differences = new ArrayList<>();
    for (int i = 0; i < counts.size(); i++) {
      differences.add(Math.max(0, counts.get(i) - earlier.counts.get(i)));
    }
    return new Buckets(upToMicros, differences);
  }

  /** Half and 99 of a hundred took no longer than this, such as {@code p50 250 us, p99 5 ms}. */
  String said() {
    return "p50 " + below(0.5) + ", p99 " + below(0.99);
  }

  private String below(double share) {
    long all = counts.stream().mapToLong(Long::longValue).sum();
    if (all == 0) {
      return "-";
    }
    long wanted = (long) Math.ceil(share * all);
    long reached = 0;
    for (int i = 0; i < upToMicros.size(); i++) {
      reached += counts.get(i);
      if (reached >= wanted) {
        return Figures.micros(upToMicros.get(i));
      }
    }
    return "> " + Figures.micros(upToMicros.getLast());
  }
}
