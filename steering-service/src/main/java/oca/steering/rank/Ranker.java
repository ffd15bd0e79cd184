package oca.steering.rank;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.steering.fleet.FleetSnapshot;
import oca.steering.fleet.Liveness;
import oca.steering.fleet.Member;
import oca.steering.routes.ForwardingTable.Match;
import org.jspecify.annotations.Nullable;

/**
 * Decides which appliances a viewer is to use, best first.
 *
 * <p>An appliance qualifies when its lease holds, it is not draining, has headroom, stands at a
 * known site, can be reached in the form asked for, and holds every file of the ask. Those that
 * qualify are ordered by place: the viewer's home sites first, which routes prefer, then the other
 * sites by their great-circle distance from the first of them (sites at the same distance by name).
 * Within a site they are equals and ordered by rendezvous hash, so that viewers of one title meet
 * at one appliance while titles spread over all in proportion to their headroom. A viewer in no
 * known network gets no appliance: appliances serve the networks that they were racked for.
 */
public final class Ranker {
  /**
   * What an operator sets.
   *
   * @param headroomFloor an appliance with a smaller free share gets no viewers; 0 to 1
   * @param most appliances in an answer, besides the origin; 1 or more
   */
  public record Rules(double headroomFloor, int most) {
    public Rules {
      if (!(headroomFloor >= 0 && headroomFloor <= 1) || most < 1) {
        throw new IllegalArgumentException(
            "not a headroom floor of 0 to 1 and an answer of 1 or more: "
                + headroomFloor
                + ", "
                + most);
      }
    }
  }

  /** Ordered nearest first; compared by hand, because large fleets spend their time here. */
  private record Qualified(Member member, double distanceKm, boolean home, double score)
      implements Comparable<Qualified> {
    @Override
    public int compareTo(Qualified other) {
      if (home != other.home) {
        return home ? -1 : 1;
      }
      int byDistance = Double.compare(distanceKm, other.distanceKm);
      int byPlace = byDistance != 0 ? byDistance : member.site().compareTo(other.member.site());
      if (byPlace != 0) {
        return byPlace;
      }
      int byScore = Double.compare(other.score, score);
      return byScore != 0 ? byScore : member.id().compareTo(other.member.id());
    }
  }

  private final Map<SiteId, Map<SiteId, Double>> kilometres = new HashMap<>();
  private final Rules rules;
  private final Endpoint origin;

  /** A ranker for those sites, of which no two have the same id. */
  public Ranker(Collection<Site> sites, Rules rules, Endpoint origin) {
    this.rules = rules;
    this.origin = origin;
    for (Site from : sites) {
      Map<SiteId, Double> row = new HashMap<>();
      sites.forEach(to -> row.put(to.id(), from.kilometresTo(to)));
      kilometres.put(from.id(), row);
    }
  }

  /**
   * Decides.
   *
   * @param match the viewer's network and the sites that lead there; null when there is none
   * @param nowNanos on the clock that noted the heartbeats
   */
  public Decision decide(@Nullable Match match, Ask ask, FleetSnapshot fleet, long nowNanos) {
    Map<SiteId, Double> distances =
        match == null ? Map.of() : kilometres.getOrDefault(match.home(), Map.of());
    List<SiteId> homes = match == null ? List.of() : match.homes();
    long key = Rendezvous.hash(ask.key());
    List<Qualified> qualified = new ArrayList<>();
    List<Candidate> passedOver = new ArrayList<>();
    for (Member member : fleet.members()) {
      Reason fault = fault(member, match, ask, fleet, nowNanos);
      Double distance = distances.get(member.site());
      if (fault != null || match == null || distance == null) {
        Reason reason = fault == null ? Reason.UNKNOWN_SITE : fault;
        passedOver.add(candidate(member, 0, reason, distance, nowNanos));
      } else {
        boolean home = homes.contains(member.site());
        long server = Rendezvous.hash(member.id().value());
        double score = Rendezvous.score(key, server, member.health().headroom());
        qualified.add(new Qualified(member, distance, home, score));
      }
    }
    qualified.sort(null);
    return new Decision(ask, match, inOrder(qualified, passedOver, nowNanos), origin);
  }

  private List<Candidate> inOrder(
      List<Qualified> qualified, List<Candidate> passedOver, long nowNanos) {
    List<Candidate> all = new ArrayList<>(qualified.size() + passedOver.size());
    for (int i = 0; i < qualified.size(); i++) {
      boolean chosen = i < rules.most();
      Reason reason = chosen ? Reason.CHOSEN : Reason.BEYOND_LIMIT;
      Qualified q = qualified.get(i);
      all.add(candidate(q.member(), chosen ? i + 1 : 0, reason, q.distanceKm(), nowNanos));
    }
    all.addAll(passedOver);
    int chosen = Math.min(qualified.size(), rules.most());
    all.subList(chosen, all.size())
        .sort(Comparator.comparing(candidate -> candidate.member().id()));
    return all;
  }

  /** The first thing that speaks against the member; null when nothing does. */
  private @Nullable Reason fault(
      Member member, @Nullable Match match, Ask ask, FleetSnapshot fleet, long nowNanos) {
    if (!fleet.standing(member, nowNanos).inAnswers()) {
      return Reason.LEASE_EXPIRED;
    }
    if (member.health().draining()) {
      return Reason.DRAINING;
    }
    if (member.health().headroom() < rules.headroomFloor()) {
      return Reason.NO_HEADROOM;
    }
    if (!kilometres.containsKey(member.site())) {
      return Reason.UNKNOWN_SITE;
    }
    if (match == null) {
      return Reason.NO_ROUTE;
    }
    if (ask.form() == Ask.Form.PATHWAYS && member.endpoint().port() != origin.port()) {
      return Reason.OTHER_PORT;
    }
    if (ask.files().isEmpty()) {
      return Reason.UNKNOWN_TITLE;
    }
    return fleet.holders().holdsAll(member.number(), ask.files()) ? null : Reason.NOT_HELD;
  }

  private static Candidate candidate(
      Member member, int rank, Reason reason, @Nullable Double distance, long nowNanos) {
    return new Candidate(
        member,
        rank,
        reason,
        distance,
        member.health().headroom(),
        Liveness.ageNanos(member, nowNanos));
  }
}
