package oca.server.upstream;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What became of the tries at one upstream since the start. Safe on any thread. */
final class Tally {
  private final Map<UpstreamFailure, LongAdder> failures = new EnumMap<>(UpstreamFailure.class);
  final LongAdder requests = new LongAdder();
  final LongAdder bytes = new LongAdder();
  final LongAdder retries = new LongAdder();
  final LongAdder hedges = new LongAdder();
  final LongAdder hedgesWon = new LongAdder();
  final AtomicInteger inFlight = new AtomicInteger();

  Tally() {
    for (UpstreamFailure failure : UpstreamFailure.values()) {
      failures.put(failure, new LongAdder());
    }
  }

  void failed(UpstreamFailure failure) {
    Objects.requireNonNull(failures.get(failure)).increment();
  }

  /** Those that happened. */
  Map<UpstreamFailure, Long> failures() {
    Map<UpstreamFailure, Long> sums = new EnumMap<>(UpstreamFailure.class);
    failures.forEach(
        (failure, count) -> {
          if (count.sum() > 0) {
            sums.put(failure, count.sum());
          }
        });
    return sums;
  }
}
