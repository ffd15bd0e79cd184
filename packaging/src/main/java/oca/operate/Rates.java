package oca.operate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import oca.operate.TopCommand.Moment;
import oca.protocol.Json;

/**
 * What happened between two looks at an appliance, each second. An appliance that was started
 * between them counts from its start.
 *
 * @param seconds between the looks
 * @param outcomes answers by outcome
 * @param loops share of its time that each event loop was at work; none where it is not measured
 * @param times how long the answers took
 */
record Rates(
    double seconds,
    double servedBytes,
    double requests,
    Map<String, Double> outcomes,
    double coldReads,
    double coldBytes,
    double coldWaits,
    double coldWaitMicros,
    double fillBytes,
    double fillPeerBytes,
    double fillOriginBytes,
    double filledFiles,
    double brokenOff,
    List<Double> loops,
    Buckets times) {
  /** Those that the store, or what it pulls, could answer. */
  private static final Set<String> HITS =
      Set.of("whole", "part", "parts", "not-modified", "unsatisfiable", "precondition-failed");

  /** Those for which it had not what was asked for, or could not give it. */
  private static final Set<String> MISSES =
      Set.of("not-here", "busy", "fault", "upstream-fault", "upstream-away", "upstream-late");

  static Rates between(Moment before, Moment now) {
    boolean isSame = before.status().at("bootId").text().equals(now.status().at("bootId").text());
    Json earlier = isSame ? before.status() : Json.NONE;
    Json later = now.status();
    double seconds = Math.max(1e-3, (now.nanos() - before.nanos()) / 1e9);
    Map<String, Double> outcomes = new TreeMap<>();
    later
        .at("outcomes")
        .fields()
        .forEach(
            (name, count) ->
                outcomes.put(
                    name, (count.number() - earlier.at("outcomes", name).number()) / seconds));
    return new Rates(
        seconds,
        each(seconds, earlier, later, "servedBytes"),
        each(seconds, earlier, later, "requests"),
        outcomes,
        each(seconds, earlier, later, "edge", "coldReads"),
        each(seconds, earlier, later, "edge", "coldBytes"),
        each(seconds, earlier, later, "edge", "coldWaits"),
        each(seconds, earlier, later, "edge", "coldWaitMicros"),
        each(seconds, earlier, later, "fillBytes"),
        each(seconds, earlier, later, "fill", "bytesFromPeers"),
        each(seconds, earlier, later, "fill", "bytesFromOrigins"),
        each(seconds, earlier, later, "fill", "filled"),
        each(seconds, earlier, later, "serving", "brokenOff"),
        loops(seconds, earlier, later),
        isSame ? Buckets.of(later).since(Buckets.of(earlier)) : Buckets.of(later));
  }

  private static double each(double seconds, Json earlier, Json later, String... path) {
    return Math.max(0, later.at(path).number() - earlier.at(path).number()) / seconds;
  }

  private static List<Double> loops(double seconds, Json earlier, Json later) {
    List<Json> before = earlier.at("engine", "loopCpuMicros").items();
    List<Json> after = later.at("engine", "loopCpuMicros").items();
    List<Double> shares = new ArrayList<>();
    for (int i = 0; i < after.size(); i++) {
      long from = i < before.size() ? before.get(i).number() : 0;
      shares.add(Math.clamp((after.get(i).number() - from) / (seconds * 1e6), 0, 1));
    }
    return shares;
  }

  double hits() {
    return sum(HITS);
  }

  double misses() {
    return sum(MISSES);
  }

  private double sum(Set<String> names) {
    return outcomes.entrySet().stream()
        .filter(it -> names.contains(it.getKey()))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  Json json() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("seconds", seconds);
    all.put("servedBytes", servedBytes);
    all.put("requests", requests);
    all.put("hits", hits());
    all.put("misses", misses());
    all.put("outcomes", outcomes);
    all.put("coldReads", coldReads);
    all.put("coldBytes", coldBytes);
    all.put("coldWaits", coldWaits);
    all.put("fillBytes", fillBytes);
    all.put("brokenOff", brokenOff);
    all.put("loops", loops);
    return Json.of(all);
  }
}
