package oca.protocol;

import com.fasterxml.jackson.annotation.JsonIgnore;

/**
 * What an appliance says of its own load.
 *
 * @param draining asks for no new viewers; those being served go on
 * @param connections open viewer connections
 * @param connectionLimit more are refused
 * @param bitsPerSecond sent to viewers and peers over the last interval
 * @param bitsPerSecondLimit what the appliance may send
 */
public record Health(
    boolean draining,
    int connections,
    int connectionLimit,
    long bitsPerSecond,
    long bitsPerSecondLimit) {

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
