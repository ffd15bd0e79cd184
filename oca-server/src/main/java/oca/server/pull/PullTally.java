package oca.server.pull;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;
import oca.server.caching.Refusal;
import oca.server.upstream.UpstreamFailure;

/** What a service has done since its start. Safe on any thread. */
final class PullTally {
  /** How a request was answered. */
  enum Way {
    HIT("hit"),
    STALE("stale"),
    REVALIDATED("revalidated"),
    FETCHED("fetched"),
    COLLAPSED("collapsed"),
    PASSED("passed"),
    FAILED("failed");

    private final String label;

    Way(String label) {
      this.label = label;
    }

    /** The name in metrics; never changed once shipped. */
    String label() {
      return label;
    }
  }

  private final Map<Way, LongAdder> ways = new EnumMap<>(Way.class);
  private final Map<Refusal, LongAdder> refusals = new EnumMap<>(Refusal.class);
  private final Map<UpstreamFailure, LongAdder> failures = new EnumMap<>(UpstreamFailure.class);

  PullTally() {
    for (Way way : Way.values()) {
      ways.put(way, new LongAdder());
    }
    for (Refusal refusal : Refusal.values()) {
      refusals.put(refusal, new LongAdder());
    }
    for (UpstreamFailure failure : UpstreamFailure.values()) {
      failures.put(failure, new LongAdder());
    }
  }

  void answered(Way way) {
    Objects.requireNonNull(ways.get(way)).increment();
  }

  void refused(Refusal refusal) {
    Objects.requireNonNull(refusals.get(refusal)).increment();
  }

  void failed(UpstreamFailure failure) {
    Objects.requireNonNull(failures.get(failure)).increment();
  }

  Map<String, Long> answers() {
    return labelled(ways, Way::label);
  }

  Map<String, Long> notKept() {
    return labelled(refusals, Refusal::label);
  }

  Map<String, Long> failures() {
    return labelled(failures, UpstreamFailure::label);
  }

  private static <K> Map<String, Long> labelled(
      Map<K, LongAdder> counts, Function<K, String> label) {
    return counts.entrySet().stream()
        .collect(Collectors.toMap(it -> label.apply(it.getKey()), it -> it.getValue().sum()));
  }
}
