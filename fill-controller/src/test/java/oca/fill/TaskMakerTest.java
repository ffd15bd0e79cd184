package oca.fill;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.fill.catalog.CatalogView;
import oca.fill.fleet.FleetSnapshot;
import oca.fill.fleet.FleetSnapshot.Member;
import oca.fill.forecast.Forecast;
import oca.fill.forecast.Forecaster;
import oca.fill.placement.PlacementTask;
import oca.fill.placement.PlacementTask.Room;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.Health;
import org.junit.jupiter.api.Test;

class TaskMakerTest {
  private static final long TB = 1_000_000_000_000L;
  private static final long GBPS = 1_000_000_000L;

  @Test
  void task_serverTypes_comeByIdThenByHeartbeatThenFromTheHeartbeatItself() throws Exception {
    PlacementTask task =
        task(
            """
            placement:
              types:
                disk: {throughput: 36, storage: 200, capacityFrom: 100TB}
                flash: {throughput: 90, storage: 14, bitsPerSecondFrom: 80000000000, capacityFrom: 5TB}
              servers: {c: flash}
            """,
            member("d", 3 * TB, 100 * GBPS),
            member("a", 200 * TB, 40 * GBPS),
            member("b", 20 * TB, 100 * GBPS),
            member("c", 200 * TB, 40 * GBPS),
            member("e", 0, 0));
    assertEquals(
        List.of("36.0 200.0", "90.0 14.0", "90.0 14.0", "100.0 3.0", "1.0E-9 1.0E-12"),
        task.rooms().stream().map(TaskMakerTest::weights).toList());
    assertEquals(
        List.of("a", "b", "c", "d", "e"),
        task.rooms().stream().map(room -> room.appliance().value()).toList());
  }

  private static String weights(Room room) {
    return room.throughput() + " " + room.storage();
  }

  private static PlacementTask task(String more, Member... members) throws ConfigException {
    FillConfig config =
        ConfigFile.parse(
            "fill.yaml",
            """
            database: /var/lib/oca/fill
            origin: {catalog: "http://o/catalog", content: "http://o/"}
            """
                + more,
            FillConfig.class);
    List<Member> sorted = new ArrayList<>(List.of(members));
    sorted.sort(java.util.Comparator.comparing(Member::id));
    Forecast nothing = new Forecaster(4).forecast(0, List.of(), List.of(), List.of(), List.of());
    return new TaskMaker(config, CatalogView.EMPTY, Set.of())
        .task(nothing, new FleetSnapshot(sorted), List.of());
  }

  private static Member member(String id, long capacity, long bits) {
    return new Member(
        new ApplianceId(id),
        new SiteId("site"),
        new Endpoint(id, 80),
        true,
        capacity,
        Set.of(),
        new Health(false, 0, 1, 0, bits));
  }
}
