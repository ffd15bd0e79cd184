package oca.fill.publish;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import oca.fill.fleet.FleetSnapshot;
import oca.fill.fleet.FleetSnapshot.Member;
import oca.fill.placement.RendezvousHash;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.protocol.CatalogEntry;

/**
 * From where an appliance fetches a file, best first: living peers at its site that hold it, living
 * peers at its site that are to hold it, living appliances elsewhere that hold it, the origin.
 *
 * <p>The nearer the cheaper; a peer that is to hold the file may have it by the time it is asked,
 * and if not answers at once that it has not. Among equals a rendezvous hash of file and asker
 * decides, so that a crowd of askers does not descend on one peer. The origin is always last, and
 * always there.
 */
public final class SourceRanker {
  /** The most sources named for a file, the origin included. */
  public static final int MAX_SOURCES = 4;

  private final FleetSnapshot fleet;
  private final Map<ApplianceId, Set<String>> placed;
  private final URI originBase;

  /**
   * Ranks by one state of the fleet and one placement.
   *
   * @param placed titles that each appliance is to hold
   * @param originBase a file is at this URI followed by its path; ends with a slash
   */
  public SourceRanker(FleetSnapshot fleet, Map<ApplianceId, Set<String>> placed, URI originBase) {
    this.fleet = fleet;
    this.placed = placed;
    this.originBase = originBase;
  }

  /** One to {@link #MAX_SOURCES} URIs for {@code asker}, none of them its own. */
  public List<URI> sources(Member asker, CatalogEntry file) {
    ContentId id = file.id();
    List<Member> peers = new ArrayList<>();
    add(peers, asker, file, peer -> atHome(asker, peer) && peer.held().contains(id));
    add(
        peers,
        asker,
        file,
        peer ->
            atHome(asker, peer) && placed.getOrDefault(peer.id(), Set.of()).contains(file.title()));
    add(peers, asker, file, peer -> !atHome(asker, peer) && peer.held().contains(id));
    List<URI> sources = new ArrayList<>();
    for (Member peer : peers.subList(0, Math.min(peers.size(), MAX_SOURCES - 1))) {
      sources.add(peer.endpoint().http(file.path()));
    }
    sources.add(URI.create(originBase + file.path()));
    return sources;
  }

  private void add(
      List<Member> peers, Member asker, CatalogEntry file, Predicate<Member> eligible) {
    if (peers.size() >= MAX_SOURCES - 1) {
      return;
    }
    List<Member> more =
        fleet.members().stream()
            .filter(peer -> peer.alive() && !peer.id().equals(asker.id()))
            .filter(peer -> !peers.contains(peer) && eligible.test(peer))
            .toList();
    peers.addAll(
        RendezvousHash.order(
            file.path() + " " + asker.id(), more, peer -> peer.id().value(), _ -> 1));
  }

  private static boolean atHome(Member asker, Member peer) {
    return asker.site().equals(peer.site());
  }
}
