package oca.fill.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import oca.fill.fleet.FleetSnapshot;
import oca.fill.fleet.FleetSnapshot.Member;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.CatalogEntry;
import org.junit.jupiter.api.Test;

class SourceRankerTest {
  private static final CatalogEntry FILE = file("t/a.mp4");
  private static final URI ORIGIN = URI.create("http://origin:1/c/");
  private static final URI FROM_ORIGIN = URI.create("http://origin:1/c/t/a.mp4");
  private static final Member ASKER = member("asker", "north", true, true);

  @Test
  void sources_noPeers_isTheOrigin() {
    assertEquals(List.of(FROM_ORIGIN), sources(List.of(ASKER), Map.of()));
  }

  @Test
  void sources_peers_areRankedByHeldHereThenPlacedHereThenHeldElsewhere() {
    List<Member> fleet =
        List.of(
            ASKER,
            member("far", "south", true, true),
            member("placed", "north", true, false),
            member("near", "north", true, true));
    assertEquals(
        List.of(at("near"), at("placed"), at("far"), FROM_ORIGIN),
        sources(fleet, Map.of(new ApplianceId("placed"), Set.of("t"))));
  }

  @Test
  void sources_deadPeersAndThoseWithout_areLeftOut() {
    List<Member> fleet =
        List.of(
            ASKER, member("dead", "north", false, true), member("without", "north", true, false));
    assertEquals(List.of(FROM_ORIGIN), sources(fleet, Map.of()));
  }

  @Test
  void sources_manyPeers_areFourWithTheOriginLastAndSpread() {
    List<Member> fleet = new ArrayList<>(List.of(ASKER));
    for (int i = 0; i < 9; i++) {
      fleet.add(member("peer-" + i, "north", true, true));
    }
    Set<URI> first = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      Member asker = member("asker-" + i, "north", true, false);
      List<URI> sources =
          new SourceRanker(new FleetSnapshot(fleet), Map.of(), ORIGIN).sources(asker, FILE);
      assertEquals(4, sources.size());
      assertEquals(4, new HashSet<>(sources).size());
      assertEquals(FROM_ORIGIN, sources.getLast());
      first.add(sources.getFirst());
    }
    assertTrue(first.size() > 5, () -> "all ask the same: " + first);
  }

  private static List<URI> sources(List<Member> fleet, Map<ApplianceId, Set<String>> placed) {
    return new SourceRanker(new FleetSnapshot(fleet), placed, ORIGIN).sources(ASKER, FILE);
  }

  private static URI at(String host) {
    return URI.create("http://" + host + ":8440/t/a.mp4");
  }

  private static Member member(String id, String site, boolean alive, boolean holds) {
    return new Member(
        new ApplianceId(id),
        new SiteId(site),
        new Endpoint(id, 8440),
        alive,
        1000,
        holds ? Set.of(ContentId.ofPath("t/a.mp4")) : Set.of());
  }

  private static CatalogEntry file(String path) {
    return new CatalogEntry(path, "t", 3, "ab".repeat(32), "video/mp4", Instant.EPOCH);
  }
}
