package oca.bench.serve;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What one round told of one server in one cell, or the medians of several rounds.
 *
 * @param requestsPerSecond answers that ended
 * @param megabytesPerSecond of bodies, 10^6 bytes each
 * @param cpuSecondsPerGigabyte user and system time of all the server's processes, per 10^9 bytes
 * @param p50Millis from a request to the last byte of its answer
 * @param p99Millis the same
 * @param p999Millis the same
 * @param maxMillis the same
 * @param allocatedPerRequest bytes of the server's heap, null where nobody can tell
 * @param serverCores cores that the server kept busy
 * @param clientCores cores that the client kept busy: near 1 it is the limit, not the server
 */
record Figures(
    double requestsPerSecond,
    double megabytesPerSecond,
    double cpuSecondsPerGigabyte,
    double p50Millis,
    double p99Millis,
    double p999Millis,
    double maxMillis,
    @Nullable Double allocatedPerRequest,
    double serverCores,
    double clientCores) {

  static Figures of(Client.Ran ran) {
    LoadResult result = ran.result();
    OptionalLong allocated = ran.allocatedPerRequest();
    return new Figures(
        result.requests() / result.seconds(),
        result.bytes() / result.seconds() / 1e6,
        result.serverCpuSeconds() / result.bytes() * 1e9,
        result.p50Millis(),
        result.p99Millis(),
        result.p999Millis(),
        result.maxMillis(),
        allocated.isPresent() ? (double) allocated.getAsLong() : null,
        result.serverCpuSeconds() / result.seconds(),
        result.clientCpuSeconds() / result.seconds());
  }

  /** The median of each figure by itself. */
  static Figures median(List<Figures> rounds) {
    Double allocated =
        rounds.stream().allMatch(round -> round.allocatedPerRequest != null)
            ? Double.valueOf(median(rounds, Figures::allocated))
            : null;
    return new Figures(
        median(rounds, Figures::requestsPerSecond),
        median(rounds, Figures::megabytesPerSecond),
        median(rounds, Figures::cpuSecondsPerGigabyte),
        median(rounds, Figures::p50Millis),
        median(rounds, Figures::p99Millis),
        median(rounds, Figures::p999Millis),
        median(rounds, Figures::maxMillis),
        allocated,
        median(rounds, Figures::serverCores),
        median(rounds, Figures::clientCores));
  }

  /** As {@link #allocatedPerRequest}, NaN where that is null. */
  double allocated() {
    return allocatedPerRequest == null ? Double.NaN : allocatedPerRequest;
  }

  private static double median(List<Figures> rounds, ToDoubleFunction<Figures> figure) {
    double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
