package oca.steering.rank;

import oca.steering.fleet.Member;
import oca.steering.fleet.Standing;
import org.jspecify.annotations.Nullable;

/**
 * One appliance as it was judged for one viewer.
 *
 * @param rank 1 for the first to use, 2 for the next; 0 when it is not in the answer
 * @param reason {@link Reason#CHOSEN} exactly when the rank is above 0
 * @param standing how its lease stands
 * @param place 1 for the site that routes prefer, or the nearest of them, 2 for the next site and
 *     so on; 0 when its site, or the viewer's, is not known
 * @param distanceKm from the viewer's home site; null when the place is 0
 * @param headroom 0 (full) to 1 (idle)
 * @param share what players leave it of its viewers, see {@link Shares}; above 0, to 1
 * @param warmth 0 when it has just been started, growing to 1
 * @param current whether the viewer uses it now
 * @param leaseAgeNanos since it was heard
 */
public record Candidate(
    Member member,
    int rank,
    Reason reason,
    Standing standing,
    int place,
    @Nullable Double distanceKm,
    double headroom,
    double share,
    double warmth,
    boolean current,
    long leaseAgeNanos) {}
