package oca.steering.rank;

import oca.steering.fleet.Member;
import org.jspecify.annotations.Nullable;

/**
 * One appliance as it was judged for one viewer.
 *
 * @param rank 1 for the first to use, 2 for the next; 0 when it is not in the answer
 * @param reason {@link Reason#CHOSEN} exactly when the rank is above 0
 * @param distanceKm from the viewer's home site; null when either site is unknown
 * @param headroom 0 (full) to 1 (idle)
 * @param leaseAgeNanos since it was heard
 */
public record Candidate(
    Member member,
    int rank,
    Reason reason,
    @Nullable Double distanceKm,
    double headroom,
    long leaseAgeNanos) {}
