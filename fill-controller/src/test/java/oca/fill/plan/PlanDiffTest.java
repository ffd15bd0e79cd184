package oca.fill.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import oca.fill.placement.PlacementPlanner.Rules;
import oca.fill.placement.PlacementTask;
import oca.fill.placement.PlacementTask.Region;
import oca.fill.placement.PlacementTask.Room;
import oca.fill.plan.PlanDiff.AtAppliance;
import oca.fill.plan.PlanDiff.Link;
import oca.model.ApplianceId;
import oca.model.SiteId;
import org.junit.jupiter.api.Test;

class PlanDiffTest {
  private static final SiteId NORTH = new SiteId("north");
  private static final SiteId SOUTH = new SiteId("south");

  @Test
  void between_plansOfTwoSites_namesLinksTimeAndGain() {
    // Three appliances; "gone" is withdrawn, "c" is new.
    PlanContent before =
        content(1, new String[] {"a", "b", "gone"}, new int[][] {{0, 2}, {0}, {1}});
    PlanContent after =
        content(2, new String[] {"a", "b", "c"}, new int[][] {{0, 1}, {1, 2}, {0, 1}});
    PlanDiff diff = PlanDiff.between(before, after, 10, Duration.ofSeconds(15));
    assertEquals(
        List.of(
            new AtAppliance(new ApplianceId("n-1"), NORTH, 1, 200, 1, 300, 20, 2),
            new AtAppliance(new ApplianceId("n-2"), NORTH, 2, 500, 1, 100, 50, 4),
            new AtAppliance(new ApplianceId("s-1"), SOUTH, 1, 100, 0, 0, 10, 1)),
        diff.appliances());
    // b comes to the north once from the south, then from the neighbour; c from the origin.
    assertEquals(
        List.of(
            new Link("north", "north", 200),
            new Link("north", "south", 100),
            new Link("origin", "north", 300),
            new Link("south", "north", 200)),
        diff.links());
    assertEquals(800, diff.bytesIn());
    assertEquals(400, diff.bytesOut());
    assertEquals(50, diff.fillSeconds());
    assertEquals(4, diff.windows());
    // The north is expected to ask for 1, 10 and 100 of a, b and c; the south for 2, 20 and 200.
    assertEquals(333, diff.expectedBytes(), 1e-9);
    assertEquals(1 + 20, diff.servedBytesBefore(), 1e-9);
    assertEquals(111 + 22, diff.servedBytesAfter(), 1e-9);
  }

  @Test
  void between_nothingAndAPlan_bringsAllFromTheOriginOnceToEachSite() {
    PlanContent after = content(1, new String[] {"a", "b", "c"}, new int[][] {{0}, {0, 1}, {0}});
    PlanDiff diff = PlanDiff.between(null, after, 1000, Duration.ofHours(1));
    assertEquals(0, diff.from());
    assertEquals(
        List.of(
            new Link("north", "north", 100),
            new Link("origin", "north", 300),
            new Link("origin", "south", 100)),
        diff.links());
    assertEquals(0, diff.servedBytesBefore());
  }

  private static PlanContent content(long version, String[] units, int[][] held) {
    PlacementTask task =
        new PlacementTask(
            new Rules(1, 1, 1, 0, 1),
            List.of(new Region(NORTH, List.of(NORTH)), new Region(SOUTH, List.of(SOUTH))),
            List.of(
                new Room(new ApplianceId("n-1"), NORTH, 1000),
                new Room(new ApplianceId("n-2"), NORTH, 1000),
                new Room(new ApplianceId("s-1"), SOUTH, 1000)),
            List.of(),
            units,
            new long[] {100, 200, 300},
            new double[][] {{1, 10, 100}, {2, 20, 200}},
            new int[3][0]);
    return new PlanContent(
        version, Instant.EPOCH, new PlanContent.Inputs("1", "", "", ""), task, held);
  }
}
