package oca.bench.fill;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import oca.fill.placement.Explanation;
import oca.fill.placement.Placement;
import oca.fill.placement.PlacementPlanner;
import oca.fill.placement.PlacementPlanner.Rules;
import oca.fill.placement.PlacementTask;
import oca.fill.placement.PlacementTask.Region;
import oca.fill.placement.PlacementTask.Room;
import oca.model.ApplianceId;
import oca.model.SiteId;

/**
 * How long does a placement take, and how much memory? Files of 0.2 to 4 GB, each a unit of its
 * own, asked for with a slope of one; disks that together hold a tenth of them at each site. First
 * with nothing in place, then again with all that was placed, then one explanation.
 *
 * <p>Arguments: files (1000000), appliances (100), sites (10), seed (1), share of the catalogue
 * that a site's disks hold together (0.1).
 */
public final class PlacementSpeed {
  private PlacementSpeed() {}

  /** Prints a line for each placement. */
  public static void main(String[] args) {
    int files = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
    int appliances = args.length > 1 ? Integer.parseInt(args[1]) : 100;
    int sites = args.length > 2 ? Integer.parseInt(args[2]) : 10;
    long seed = args.length > 3 ? Long.parseLong(args[3]) : 1;
    double held = args.length > 4 ? Double.parseDouble(args[4]) : 0.1;
    PlacementTask task = task(files, appliances, sites, seed, held);
    System.out.printf(
        Locale.ROOT,
        "%d files, %d appliances at %d sites, seed %d, input %d MB%n",
        files,
        appliances,
        sites,
        seed,
        used() >> 20);
    Placement placement = timed("from nothing", task);
    Placement again = timed("over what is there", after(task, placement));
    long begun = System.nanoTime();
    Explanation why =
        again.explain(again.task().units()[files / 2], again.task().rooms().getFirst().appliance());
    System.out.printf(
        Locale.ROOT,
        "explained in %.1f s: %s%n",
        (System.nanoTime() - begun) / 1e9,
        why.sentence());
  }

  private static Placement timed(String what, PlacementTask task) {
    long before = used();
    long begun = System.nanoTime();
    Placement placement = PlacementPlanner.plan(task);
    double seconds = (System.nanoTime() - begun) / 1e9;
    long copies = 0;
    for (int[] room : placement.held()) {
      copies += room.length;
    }
    System.out.printf(
        Locale.ROOT,
        "%s: %.2f s, %d copies, the result takes %d MB, the heap was %d MB at most%n",
        what,
        seconds,
        copies,
        (used() - before) >> 20,
        Runtime.getRuntime().totalMemory() >> 20);
    return placement;
  }

  private static PlacementTask after(PlacementTask task, Placement placement) {
    int[][] incumbents = placement.held();
    for (int[] room : incumbents) {
      java.util.Arrays.sort(room);
    }
    return new PlacementTask(
        task.rules(),
        task.regions(),
        task.rooms(),
        task.pins(),
        task.units(),
        task.bytes(),
        task.expected(),
        incumbents);
  }

  private static PlacementTask task(int files, int appliances, int sites, long seed, double share) {
    SplittableRandom random = new SplittableRandom(seed);
    String[] units = new String[files];
    long[] bytes = new long[files];
    double[][] expected = new double[sites][files];
    long total = 0;
    for (int i = 0; i < files; i++) {
      units[i] = String.format(Locale.ROOT, "title-%07d", i);
      bytes[i] = 200_000_000L + random.nextLong(3_800_000_000L);
      total += bytes[i];
      double rank = 1 + random.nextInt(files);
      for (int site = 0; site < sites; site++) {
        expected[site][i] = 1e15 / rank * (0.5 + random.nextDouble());
      }
    }
    List<Region> regions = new ArrayList<>();
    for (int site = 0; site < sites; site++) {
      SiteId id = new SiteId("site-" + site);
      regions.add(new Region(id, List.of(id)));
    }
    List<Room> rooms = new ArrayList<>();
    long capacity = (long) (total * share * sites / appliances);
    for (int i = 0; i < appliances; i++) {
      String id = String.format(Locale.ROOT, "a-%04d", i);
      rooms.add(new Room(new ApplianceId(id), new SiteId("site-" + i % sites), capacity));
    }
    return new PlacementTask(
        new Rules(1, 16, 4, 0.05, 1.3),
        regions,
        rooms,
        List.of(),
        units,
        bytes,
        expected,
        new int[appliances][0]);
  }

  private static long used() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
