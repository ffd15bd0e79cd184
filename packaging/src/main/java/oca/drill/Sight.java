package oca.drill;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What viewers saw.
 *
 * @param sessions that arrived
 * @param failedSessions that ended without what they asked for
 * @param ranges that were fetched, each compared with what was published, byte by byte
 * @param wrongBytes that differed
 * @param bytes fetched
 * @param bytesByServer the same by who sent them: an appliance's id, or {@code origin}
 * @param nearBytes of them from the site of the viewer's own network
 * @param moves times that a session went on with another URL, or asked steering again
 * @param lateSeconds that sessions stood still because a range came too late, all together
 * @param rangeMillisP50 from asking for a range to its last byte, the median
 * @param rangeMillisP99 the same, what 99 of 100 did not exceed
 * @param faults the first few, in words
 */
public record Sight(
    int sessions,
    int failedSessions,
    int ranges,
    long wrongBytes,
    long bytes,
    Map<String, Long> bytesByServer,
    long nearBytes,
    int moves,
    double lateSeconds,
    long rangeMillisP50,
    long rangeMillisP99,
    List<String> faults) {

  /** What the origin is called among servers. */
  static final String ORIGIN = "origin";

  public Sight {
    bytesByServer = Collections.unmodifiableMap(new TreeMap<>(bytesByServer));
    faults = List.copyOf(faults);
  }

  /** Of all sessions, those that failed. */
  public double failedShare() {
    return sessions == 0 ? 0 : (double) failedSessions / sessions;
  }

  /** Of all bytes, those that the origin sent. */
  public double originShare() {
    return share(ORIGIN);
  }

  /** Of all bytes, those that this one sent. */
  double share(String server) {
    return bytes == 0 ? 0 : (double) bytesByServer.getOrDefault(server, 0L) / bytes;
  }

  /** How long a session stood still, on average. */
  public double lateSecondsPerSession() {
    return sessions == 0 ? 0 : lateSeconds / sessions;
  }
}
