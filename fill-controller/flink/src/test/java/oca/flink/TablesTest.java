package oca.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import oca.fill.demand.Tally.Amount;
import oca.fill.demand.Tally.Cell;
import oca.model.ContentId;
import oca.protocol.CatalogEntry;
import org.junit.jupiter.api.Test;

/** What files, regions and the unknown keep, without a cluster. */
class TablesTest {
  private static final ContentId A = ContentId.ofPath("a");
  private static final ContentId B = ContentId.ofPath("b");

  @Test
  void demand_added_tellsEachSumOnceAndThatOfADay() {
    FileDemand demand = new FileDemand(A);
    demand.add(part(A, "north", 100, 10));
    demand.add(part(A, "north", 100, 5));
    demand.add(part(A, "south", 99, 1));
    assertEquals(
        List.of(
            new DemandSum(A, "south", Instant.ofEpochSecond(99 * 3600), 1, 1),
            new DemandSum(A, "north", Instant.ofEpochSecond(100 * 3600), 15, 2)),
        demand.changed());
    assertEquals(List.of(), demand.changed());
    assertEquals(
        List.of(
            new Standing("*", A, 16, 50),
            new Standing("north", A, 15, 50),
            new Standing("south", A, 1, 50)),
        demand.standings(100));
    assertEquals(List.of(), demand.standings(100), "nothing new");
    assertEquals(
        List.of(new Standing("south", A, 0, 50), new Standing("*", A, 15, 50)),
        demand.standings(123),
        "a day later");
    assertEquals(124, demand.next(123, 3));
    demand.standings(200);
    assertEquals(99 + 72, demand.next(171, 3));
    demand.prune(100);
    assertEquals(Long.MAX_VALUE, demand.next(171, 3));
  }

  @Test
  void rank_byPlays_keepsTheFirst() {
    RankTable table = new RankTable();
    table.put(new Standing("north", A, 100, 50), 2);
    table.put(new Standing("north", B, 60, 10), 2);
    table.put(new Standing("north", ContentId.ofPath("c"), 1, 1000), 2);
    Popular popular = table.popular("north", Instant.EPOCH, 5);
    assertEquals(List.of(new Popular.Line(B, 6, 60), new Popular.Line(A, 2, 100)), popular.rank());
    assertEquals(2, popular.files());
    table.put(new Standing("north", B, 0, 10), 2);
    assertEquals(1, Forms.RANK_TABLE.copy(table).popular("north", Instant.EPOCH, 5).files());
  }

  @Test
  void apart_moreThanThereIsRoomFor_isRefusedAndTheRestAdopted() {
    ApartTable table = new ApartTable();
    assertEquals(0, table.add(part(A, "198.51.100.0", 100, 1), 2, 72));
    assertEquals(0, table.add(part(B, "198.51.100.0", 100, 2), 2, 72));
    assertEquals(1, table.add(part(B, "192.0.2.0", 100, 3), 2, 72));
    assertEquals(0, table.add(part(B, "198.51.100.0", 100, 4), 2, 72));
    CatalogEntry entry = new CatalogEntry("b", "b", 7, "0".repeat(64), "video/mp4", Instant.EPOCH);
    List<DemandPart> adopted =
        Forms.APART_TABLE
            .copy(table)
            .adopt("2", file -> file.equals(B) ? entry : null, _ -> "north");
    assertEquals(List.of(new DemandPart(new Cell(B, "north", 100), new Amount(6, 2), 7)), adopted);
    table.add(part(A, "198.51.100.0", 172, 1), 2, 72);
    assertEquals(1, table.size(), "older than the history");
  }

  @Test
  void options_asWritten_areRead() {
    Options options = Options.of("--config", "fill.yaml", "--jobs", "misses", "--idle", "500ms");
    assertEquals(Set.of(Jobs.Job.MISSES), options.jobs());
    assertEquals(500, options.idle().toMillis());
    for (String[] wrong :
        List.of(
            new String[] {},
            new String[] {"--config"},
            new String[] {"--config", "x", "--jobs", "other"},
            new String[] {"--config", "x", "--idle", "0s"},
            new String[] {"--config", "x", "--top", "0"},
            new String[] {"--config", "x", "--what", "0"})) {
      String message =
          org.junit.jupiter.api.Assertions.assertThrows(
                  IllegalArgumentException.class, () -> Options.of(wrong))
              .getMessage();
      assertTrue(message.startsWith("--") || message.contains("--what"), message);
    }
  }

  private static DemandPart part(ContentId file, String place, long hour, long bytes) {
    return new DemandPart(new Cell(file, place, hour), new Amount(bytes, 1), 50);
  }
}
