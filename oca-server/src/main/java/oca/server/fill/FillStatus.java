package oca.server.fill;

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
    long reportsDropped) {}
