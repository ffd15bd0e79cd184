package oca.server.fill;

import java.util.Map;
import oca.protocol.FillReport.OriginReason;

/**
 * How filling stands.
 *
 * @param manifestVersion of the newest manifest; 0 before the first
 * @param windowOpen whether filling is allowed now
 * @param queued files waiting for a worker, for the window or for another try
 * @param running files being fetched
 * @param filled files that came in whole since the start
 * @param givenUp files given up since the start
 * @param sourceFailures sources passed over since the start
 * @param listsUnread files that came in without their block list since the start, because it could
 *     not be used
 * @param bytesFromPeers fetched from peers since the start, good or bad
 * @param bytesFromOrigins fetched from origins since the start, good or bad
 * @param repairs files whose damaged blocks wait to be fetched, or are being fetched
 * @param repaired files repaired since the start
 * @param repairsRefused files that were not repaired at once since the start: no manifest wanted
 *     them, or too many were to be repaired
 * @param manifestFailures looks at the manifest that failed since the start
 * @param reportsDropped results that could not be reported since the start
 * @param flow where bytes came from, and who had to wait
 */
public record FillStatus(
    long manifestVersion,
    boolean windowOpen,
    int queued,
    int running,
    long filled,
    long givenUp,
    long sourceFailures,
    long listsUnread,
    long bytesFromPeers,
    long bytesFromOrigins,
    int repairs,
    long repaired,
    long repairsRefused,
    long manifestFailures,
    long reportsDropped,
    Flow flow) {

  /**
   * Where bytes came from, and who had to wait.
   *
   * @param originReasons bytes from origins since the start, by the reason
   * @param preempted files that made way for more urgent ones since the start
   * @param waits how often a file gave its worker back, since nobody had more of it yet
   * @param badPeers how often a peer sent wrong bytes, and was asked for nothing for a while
   * @param busyOrigins how often an origin said that it has no time, and was left alone for a while
   * @param late files that cannot be here any more by when they are due
   * @param missed files that came only after they were due, since the start
   * @param yields how often the rate was lowered for viewers since the start
   * @param diskYields how often of that because they waited for disks
   * @param share of the rate that viewers leave now, above 0 to 1
   * @param granting whether files are begun only when they are granted
   * @param grants in hand, those included whose end no controller has acknowledged
   * @param asksFailed asks and ends that no controller took, since the start
   */
  public record Flow(
      Map<OriginReason, Long> originReasons,
      long preempted,
      long waits,
      long badPeers,
      long busyOrigins,
      int late,
      long missed,
      long yields,
      long diskYields,
      double share,
      boolean granting,
      int grants,
      long asksFailed) {
    /** Nothing came and nobody waited. */
    public static final Flow NONE = new Flow(Map.of(), 0, 0, 0, 0, 0, 0, 0, 0, 1, false, 0, 0);

    public Flow {
      originReasons = Map.copyOf(originReasons);
    }
  }
}
