package oca.fill.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import oca.fill.placement.PlacementPlanner.Rules;
import oca.fill.placement.PlacementTask.Region;
import oca.fill.placement.PlacementTask.Room;
import oca.model.ApplianceId;
import oca.model.SiteId;
import org.junit.jupiter.api.Test;

/** A large fleet: not how fast it is, which a benchmark tells, but that time and load stay sane. */
class PlacementScaleTest {
  private static final SiteId SITE = new SiteId("site");

  @Test
  void plan_hundredThousandFilesOnFortyAppliances_isThereInSeconds() {
    long begun = System.nanoTime();
    Placement placement = PlacementPlanner.plan(task(100_000, 40, 0.1, 1));
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    assertTrue(took.toSeconds() < 20, took.toString());
    assertEquals(40, Arrays.stream(placement.held()).filter(held -> held.length > 0).count());
  }

  @Test
  void plan_tenEqualServers_shareTheLoadEvenlyForFewExtraBytes() {
    PlacementTask task = task(10_000, 10, 1.2, 3);
    int[][] held = PlacementPlanner.plan(task).held();
    int[] holders = new int[10_000];
    Arrays.stream(held).flatMapToInt(Arrays::stream).forEach(unit -> holders[unit]++);
    double sum = 0;
    double most = 0;
    double bytes = 0;
    double once = 0;
    for (int[] server : held) {
      double load = 0;
      for (int unit : server) {
        load += task.expected()[0][unit] / holders[unit];
        bytes += task.bytes()[unit];
        once += (double) task.bytes()[unit] / holders[unit];
      }
      sum += load;
      most = Math.max(most, load);
    }
    assertTrue(most / (sum / 10) <= 1.05, "max/mean " + most / (sum / 10));
    assertTrue(bytes <= 1.02 * once, "extra " + (bytes / once - 1));
  }

  private static PlacementTask task(int files, int appliances, double share, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    String[] units = new String[files];
    long[] bytes = new long[files];
    double[] expected = new double[files];
    for (int i = 0; i < files; i++) {
      units[i] = "%06d".formatted(i);
      bytes[i] = 200_000_000L + random.nextLong(3_800_000_000L);
      expected[i] = 1e14 / (1 + i) * (0.5 + random.nextDouble());
    }
    long capacity = (long) (Arrays.stream(bytes).sum() * share / appliances / 0.95);
    List<Room> rooms = new ArrayList<>();
    for (int i = 0; i < appliances; i++) {
      rooms.add(new Room(new ApplianceId("a-%03d".formatted(i)), SITE, capacity));
    }
    return new PlacementTask(
        new Rules(1, 16, 4, 0.05, 1.3),
        List.of(new Region(SITE, List.of(SITE))),
        rooms,
        List.of(),
        units,
        bytes,
        new double[][] {expected},
        new int[appliances][0]);
  }
}
