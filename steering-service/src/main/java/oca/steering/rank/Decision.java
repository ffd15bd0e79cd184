package oca.steering.rank;

import java.util.ArrayList;
import java.util.List;
import oca.model.Endpoint;
import oca.steering.fleet.Member;
import oca.steering.routes.ForwardingTable.Match;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one ask and its whole explanation.
 *
 * @param match the viewer's network and the sites that lead there; null when no prefix contains the
 *     viewer
 * @param candidates every appliance ever heard of: those chosen by rank, then the others by name
 * @param origin the last resort, behind all that are chosen
 */
public record Decision(
    Ask ask, @Nullable Match match, List<Candidate> candidates, Endpoint origin) {
  public Decision {
    candidates = List.copyOf(candidates);
  }

  /** The appliances to use, best first; without the origin. */
  public List<Member> chosen() {
    return candidates.stream()
        .filter(candidate -> candidate.rank() > 0)
        .map(Candidate::member)
        .toList();
  }

  /** Where to fetch from, best first; the origin is last. Never empty. */
  public List<Endpoint> endpoints() {
    List<Endpoint> endpoints = new ArrayList<>();
    chosen().forEach(member -> endpoints.add(member.endpoint()));
    endpoints.add(origin);
    return List.copyOf(endpoints);
  }
}
