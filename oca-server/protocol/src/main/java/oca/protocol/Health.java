package oca.protocol;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What an appliance says of its own load.
 *
 * @param draining asks for no new viewers; those being served go on
 * @param connections open viewer connections
 * @param connectionLimit more are refused
 * @param bitsPerSecond sent to viewers and peers over the last interval
 * @param bitsPerSecondLimit what the appliance may send
 * @param fault what is broken, such that it should have no viewers at all; a clause for an
 *     operator, cut at {@value #MAX_FAULT} characters; null when nothing is
 */
public record Health(
    boolean draining,
    int connections,
    int connectionLimit,
    long bitsPerSecond,
    long bitsPerSecondLimit,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String fault) {

  /** So much of a fault is kept. */
  public static final int MAX_FAULT = 200;

  public Health {
    fault = fault != null && fault.length() > MAX_FAULT ? fault.substring(0, MAX_FAULT) : fault;
  }

  /** Of an appliance in which nothing is broken. */
  public Health(
      boolean draining,
      int connections,
      int connectionLimit,
      long bitsPerSecond,
      long bitsPerSecondLimit) {
    this(draining, connections, connectionLimit, bitsPerSecond, bitsPerSecondLimit, null);
  }

  /** The same load, and that is broken; null when nothing is. */
  public Health with(@Nullable String broken) {
    return new Health(
        draining, connections, connectionLimit, bitsPerSecond, bitsPerSecondLimit, broken);
  }

  /** The free share of the scarcer of connections and bandwidth, 0 (full) to 1 (idle). */
  @JsonIgnore
  public double headroom() {
    double byConnections = free(connections, connectionLimit);
    double byBandwidth = free(bitsPerSecond, bitsPerSecondLimit);
    return Math.min(byConnections, byBandwidth);
  }

  private static double free(long used, long limit) {
    return limit <= 0 ? 0 : Math.clamp(1 - (double) used / (double) limit, 0, 1);
  }
}
