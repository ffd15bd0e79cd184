package oca.steering.http;

import java.util.List;
import oca.model.Address;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.steering.rank.Candidate;
import oca.steering.rank.Decision;

/**
 * A decision in full, for an operator.
 *
 * @param client the address decided for
 * @param network such as {@code 192.0.2.0/24 -> north}; {@code none} when no network contains it
 * @param files how many files an appliance must hold
 * @param candidates those in the answer by rank, then the others by name
 * @param origin offered behind them
 */
record Explanation(
    String client, String network, int files, List<Judged> candidates, Endpoint origin) {

  /**
   * One appliance.
   *
   * @param rank 1 or more in the answer; 0 when passed over
   * @param reason {@code chosen}, or why not
   * @param sentence the reason for a reader
   * @param distanceKm from the client's home site; -1 when unknown
   * @param headroom 0 to 1
   * @param leaseAgeMillis since its newest heartbeat
   */
  record Judged(
      ApplianceId appliance,
      SiteId site,
      Endpoint endpoint,
      int rank,
      String reason,
      String sentence,
      double distanceKm,
      double headroom,
      long leaseAgeMillis) {

    static Judged of(Candidate candidate) {
      Double distance = candidate.distanceKm();
      return new Judged(
          candidate.member().id(),
          candidate.member().site(),
          candidate.member().endpoint(),
          candidate.rank(),
          candidate.reason().label(),
          candidate.reason().sentence(),
          distance == null ? -1 : distance,
          candidate.headroom(),
          candidate.leaseAgeNanos() / 1_000_000);
    }
  }

  static Explanation of(Address client, Decision decision) {
    return new Explanation(
        client.toString(),
        decision.match() == null ? "none" : decision.match().toString(),
        decision.ask().files().size(),
        decision.candidates().stream().map(Judged::of).toList(),
        decision.origin());
  }
}
