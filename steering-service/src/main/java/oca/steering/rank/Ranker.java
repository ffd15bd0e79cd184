package oca.steering.rank;

import java.util.Collection;
import oca.model.Endpoint;
import oca.model.Position;
import oca.steering.fleet.FleetSnapshot;
import oca.steering.fleet.Roster;
import oca.steering.routes.ForwardingTable.Match;
import org.jspecify.annotations.Nullable;

/**
 * Decides which appliances a viewer is to use, best first. Safe on any thread.
 *
 * <p>An appliance is fit when its lease holds, it reports no fault, is not draining, has headroom,
 * stands at a known site, can be reached in the form asked for, and holds every file of the ask.
 * Those fit are ordered by how their leases stand (see {@link oca.steering.fleet.Standing}: alive,
 * then late, then kept; those whose lease ran out only when there is nobody else), then by place:
 * the viewer's home sites first, which routes prefer, then the other sites by their great-circle
 * distance from the first of them (sites at the same distance by name). Those of one standing at
 * one site are equals; {@link Peers} tells what happens among them. A viewer in no known network
 * gets no appliance: appliances serve the networks that they were racked for.
 *
 * <p>Where routes prefer several sites alike, the home is the one nearest to the viewer, if it is
 * known where that is. A viewer in no known network, of whom that is known, is at home at the
 * nearest site, if that is within reach.
 *
 * <p>How this is found without looking at every appliance stands in {@link Choice}; what is said of
 * a single one, in {@link Question}.
 */
public final class Ranker {
  private final Places places;
  private final Rules rules;
  private final Endpoint origin;

  /** Of the newest roster; worked out anew when that is another one, by any thread alike. */
  private volatile Grounds grounds;

  /** A ranker for those sites, of which no two have the same id, and known networks only. */
  public Ranker(Collection<Site> sites, Rules rules, Endpoint origin) {
    this(sites, rules, origin, 0);
  }

  /**
   * A ranker for those sites, of which no two have the same id.
   *
   * @param reachKm how far a viewer in no known network may be from its home
   */
  public Ranker(Collection<Site> sites, Rules rules, Endpoint origin, double reachKm) {
    this.places = new Places(sites, reachKm);
    this.rules = rules;
    this.origin = origin;
    this.grounds = new Grounds(Roster.EMPTY, places);
  }

  /**
   * Decides for a viewer of whom nobody knows where it is.
   *
   * @param match the viewer's network and the sites that lead there; null when there is none
   * @param nowNanos on the clock that noted the heartbeats
   */
  public Decision decide(
      @Nullable Match match, Ask ask, FleetSnapshot fleet, Shares shares, long nowNanos) {
    return decide(match, null, ask, fleet, shares, nowNanos);
  }

  /**
   * Decides.
   *
   * @param match the viewer's network and the sites that lead there; null when there is none
   * @param viewer where it is; null when nobody knows, and wherever the match prefers one site
   * @param nowNanos on the clock that noted the heartbeats
   */
  public Decision decide(
      @Nullable Match match,
      @Nullable Position viewer,
      Ask ask,
      FleetSnapshot fleet,
      Shares shares,
      long nowNanos) {
    Question question =
        new Question(
            rules,
            places,
            grounds(fleet.roster()),
            origin,
            match,
            viewer,
            ask,
            fleet,
            shares,
            nowNanos);
    return new Choice(question).decide();
  }

  private Grounds grounds(Roster roster) {
    Grounds known = grounds;
    if (known.isOf(roster)) {
      return known;
    }
    Grounds made = new Grounds(roster, places);
    grounds = made;
    return made;
  }
}
