package oca.steering.http;

import java.util.List;
import java.util.Locale;
import oca.model.Address;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.model.Position;
import oca.model.SiteId;
import oca.steering.fleet.Standing;
import oca.steering.rank.Candidate;
import oca.steering.rank.Decision;
import org.jspecify.annotations.Nullable;

/**
 * A decision in full, for an operator.
 *
 * @param client the address decided for
 * @param network such as {@code 192.0.2.0/24 -> north}; {@code none} when no network contains it
 * @param position where the client is; absent when that is not known, or routes prefer one site
 * @param files how many files an appliance must hold
 * @param standing how the first appliance of the answer stands; {@code gone} when there is none
 * @param candidates those in the answer by rank, then the others by name
 * @param origin offered behind them
 */
record Explanation(
    String client,
    String network,
    @Nullable Position position,
    int files,
    String standing,
    List<Judged> candidates,
    Endpoint origin) {

  /**
   * One appliance.
   *
   * @param rank 1 or more in the answer; 0 when passed over
   * @param reason {@code chosen}, or why not
   * @param sentence the reason for a reader
   * @param standing how its lease stands: {@code alive}, {@code suspect}, {@code kept}, {@code
   *     known} or {@code gone}
   * @param place of its site: 1 for the first to look at, 2 for the next; 0 when unknown
   * @param distanceKm from the client's home site; -1 when unknown
   * @param headroom 0 to 1
   * @param share what players leave it of its viewers, 0 to 1
   * @param warmth 0 when it has just been started, growing to 1
   * @param current whether the client uses it now
   * @param fault what it says is broken; empty when nothing is
   * @param leaseAgeMillis since its newest heartbeat
   * @param restored known from before the start of this node, or from another node, and not heard
   *     since
   */
  record Judged(
      ApplianceId appliance,
      SiteId site,
      Endpoint endpoint,
      int rank,
      String reason,
      String sentence,
      String standing,
      int place,
      double distanceKm,
      double headroom,
      double share,
      double warmth,
      boolean current,
      String fault,
      long leaseAgeMillis,
      boolean restored) {

    static Judged of(Candidate candidate) {
      Double distance = candidate.distanceKm();
      String fault = candidate.member().health().fault();
      return new Judged(
          candidate.member().id(),
          candidate.member().site(),
          candidate.member().endpoint(),
          candidate.rank(),
          candidate.reason().label(),
          candidate.reason().sentence(),
          word(candidate.standing()),
          candidate.place(),
          distance == null ? -1 : distance,
          candidate.headroom(),
          candidate.share(),
          candidate.warmth(),
          candidate.current(),
          fault == null ? "" : fault,
          candidate.leaseAgeNanos() / 1_000_000,
          candidate.member().restored());
    }
  }

  private static String word(Standing standing) {
    return standing.name().toLowerCase(Locale.ROOT);
  }

  static Explanation of(Address client, Decision decision) {
    return new Explanation(
        client.toString(),
        decision.match() == null ? "none" : decision.match().toString(),
        decision.viewer(),
        decision.ask().files().size(),
        word(decision.rung()),
        decision.candidates().stream().map(Judged::of).toList(),
        decision.origin());
  }
}
