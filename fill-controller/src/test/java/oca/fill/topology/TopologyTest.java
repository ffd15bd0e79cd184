package oca.fill.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import oca.model.ContentId;
import oca.model.SiteId;
import org.junit.jupiter.api.Test;

/** What becomes of viewers when a site is gone. */
class TopologyTest {
  private static final SiteId NORTH = new SiteId("north");
  private static final SiteId SOUTH = new SiteId("south");
  private static final SiteId EAST = new SiteId("east");
  private static final ContentId A = ContentId.ofPath("a");
  private static final ContentId B = ContentId.ofPath("b");
  private static final ContentId C = ContentId.ofPath("c");

  @Test
  void lose_site_tellsWhereItsViewersGoAndWhoHasRoom() {
    Topology topology =
        new Topology.Maker()
            .region(NORTH, List.of(NORTH, SOUTH))
            .region(SOUTH, List.of(SOUTH))
            .appliance(NORTH, 1000, List.of(A, B, C))
            .appliance(SOUTH, 0, List.of(A))
            .appliance(EAST, 1_000_000, List.of(B))
            .demand(NORTH, A, 86_400)
            .demand(NORTH, B, 2 * 86_400)
            .demand(NORTH, C, 3 * 86_400)
            .demand(SOUTH, A, 777)
            .make(2);
    Loss loss = topology.lose(NORTH);
    assertEquals(1, loss.appliances());
    assertEquals(3, loss.files());
    assertEquals(1, loss.lostFiles());
    assertEquals(6 * 86_400, loss.bytes());
    assertEquals(
        List.of(
            new Loss.Move(NORTH, Loss.ORIGIN, 3 * 86_400, 1),
            new Loss.Move(NORTH, "east", 2 * 86_400, 1),
            new Loss.Move(NORTH, "south", 86_400, 1)),
        loss.moves());
    assertEquals(new Loss.Taker("south", 86_400, 16, 0, false), loss.takers().getLast());
    assertTrue(loss.takers().get(1).fits());
    assertEquals(9, topology.edges());
  }

  @Test
  void lose_unknownSite_isRefused() {
    Topology topology = new Topology.Maker().make(2);
    assertThrows(IllegalArgumentException.class, () -> topology.lose(NORTH));
  }

  /** Every byte that the site serves goes somewhere, and no other byte moves. */
  @Property(tries = 100)
  void lose_anySite_movesAllItsBytesAndNoOthers(@ForAll long seed) {
    Random chance = new Random(seed);
    Topology.Maker maker = new Topology.Maker();
    List<SiteId> sites = List.of(NORTH, SOUTH, EAST);
    for (SiteId site : sites) {
      List<SiteId> near = new ArrayList<>(sites);
      near.remove(site);
      near.addFirst(site);
      maker.region(site, near.subList(0, 1 + chance.nextInt(3)));
    }
    for (int i = 0; i < 6; i++) {
      List<ContentId> held = new ArrayList<>();
      for (int file = 0; file < 20; file++) {
        if (chance.nextInt(3) == 0) {
          held.add(new ContentId(file, file));
        }
      }
      maker.appliance(sites.get(i % 3), 100, held);
    }
    long asked = 0;
    for (int i = 0; i < 60; i++) {
      long bytes = 1L + chance.nextInt(1000);
      asked += bytes;
      int file = chance.nextInt(20);
      maker.demand(sites.get(chance.nextInt(3)), new ContentId(file, file), bytes);
    }
    Topology topology = maker.make(2);
    long served = 0;
    for (SiteId site : sites) {
      Loss loss = topology.lose(site);
      served += loss.bytes();
      assertEquals(
          loss.bytes(), loss.moves().stream().mapToLong(Loss.Move::bytes).sum(), "seed " + seed);
      assertEquals(
          loss.bytes(), loss.takers().stream().mapToLong(Loss.Taker::bytes).sum(), "seed " + seed);
      assertTrue(
          loss.moves().stream().noneMatch(move -> move.to().equals(site.value())), "seed " + seed);
    }
    assertTrue(served <= asked, "the rest is the origin's; seed " + seed);
  }
}
