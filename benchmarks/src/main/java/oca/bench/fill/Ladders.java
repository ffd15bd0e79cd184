package oca.bench.fill;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import oca.fill.placement.PlacementPlanner;
import oca.fill.placement.PlacementPlanner.Rules;
import oca.fill.placement.PlacementTask;
import oca.fill.placement.PlacementTask.Region;
import oca.fill.placement.PlacementTask.Room;
import oca.model.ApplianceId;
import oca.model.SiteId;

/**
 * What does it cost to keep a title's files together? Titles with a ladder of five rungs (0.4 to 16
 * Mb/s), of which viewers' time takes 8, 12, 25, 40 and 15 %, half as much or twice from title to
 * title. One appliance that holds 5, 10 or 20 % of all bytes is planned for with titles whole, with
 * the rungs apart that are asked for less than half as much, per byte, as the title's best, and
 * with each file by itself.
 *
 * <p>Two figures each, in shares of all bytes asked for: what is served to clients that ask for
 * each file where it is, and to players that go where all of a title is, as content steering has
 * it.
 *
 * <p>Arguments: titles (5000), seed (1).
 */
public final class Ladders {
  private static final double[] MEGABITS = {0.4, 1, 2.5, 5, 16};
  private static final double[] TIME = {0.08, 0.12, 0.25, 0.40, 0.15};
  private static final SiteId SITE = new SiteId("site");

  private final int titles;
  private final long[][] bytes;
  private final double[][] demand;

  /** How files are grouped. */
  private enum Grouping {
    WHOLE,
    SPLIT,
    FILES
  }

  private Ladders(int titles, long seed) {
    this.titles = titles;
    this.bytes = new long[titles][MEGABITS.length];
    this.demand = new double[titles][MEGABITS.length];
    SplittableRandom random = new SplittableRandom(seed);
    for (int title = 0; title < titles; title++) {
      double seconds = 1500 + 6000 * random.nextDouble();
      double plays = 1e5 / (title + 1.0);
      double[] time = new double[TIME.length];
      for (int rung = 0; rung < TIME.length; rung++) {
        time[rung] = TIME[rung] * Math.pow(2, 2 * random.nextDouble() - 1);
      }
      double sum = Arrays.stream(time).sum();
      for (int rung = 0; rung < TIME.length; rung++) {
        bytes[title][rung] = (long) (seconds * MEGABITS[rung] * 1e6 / 8);
        demand[title][rung] = plays * time[rung] / sum * bytes[title][rung];
      }
    }
  }

  /** Prints a table. */
  public static void main(String[] args) {
    int titles = args.length > 0 ? Integer.parseInt(args[0]) : 5000;
    long seed = args.length > 1 ? Long.parseLong(args[1]) : 1;
    Ladders ladders = new Ladders(titles, seed);
    System.out.printf(Locale.ROOT, "%d titles, seed %d%n", titles, seed);
    System.out.printf(
        "%-9s %-7s %14s %14s%n", "capacity", "placed", "file by file", "whole ladders");
    for (double capacity : new double[] {0.05, 0.1, 0.2}) {
      for (Grouping grouping : Grouping.values()) {
        ladders.run(capacity, grouping);
      }
    }
  }

  private void run(double capacity, Grouping grouping) {
    int rungs = MEGABITS.length;
    String[] units = new String[titles * rungs];
    long[] sizes = new long[units.length];
    double[] expected = new double[units.length];
    int[][] unitOf = new int[titles][rungs];
    long all = 0;
    for (int title = 0; title < titles; title++) {
      double best = 0;
      for (int rung = 0; rung < rungs; rung++) {
        best = Math.max(best, demand[title][rung] / bytes[title][rung]);
      }
      for (int rung = 0; rung < rungs; rung++) {
        units[title * rungs + rung] = String.format(Locale.ROOT, "t-%06d-%d", title, rung);
        int part =
            switch (grouping) {
              case WHOLE -> 0;
              case SPLIT -> demand[title][rung] / bytes[title][rung] < best / 2 ? 1 : 0;
              case FILES -> rung;
            };
        int unit = title * rungs + part;
        unitOf[title][rung] = unit;
        sizes[unit] += bytes[title][rung];
        expected[unit] += demand[title][rung];
        all += bytes[title][rung];
      }
    }
    // Units that no file fell to have no size and are asked for by nobody.
    int[] held =
        PlacementPlanner.plan(
                new PlacementTask(
                    new Rules(1, 1, 1, 0, 1),
                    List.of(new Region(SITE, List.of(SITE))),
                    List.of(new Room(new ApplianceId("a"), SITE, (long) (all * capacity))),
                    List.of(),
                    units,
                    sizes,
                    new double[][] {expected},
                    new int[1][0]))
            .held()[0];
    boolean[] here = new boolean[units.length];
    for (int unit : held) {
      here[unit] = true;
    }
    double asked = 0;
    double byFile = 0;
    double byTitle = 0;
    for (int title = 0; title < titles; title++) {
      double ofTitle = 0;
      boolean whole = true;
      for (int rung = 0; rung < rungs; rung++) {
        ofTitle += demand[title][rung];
        boolean isHere = here[unitOf[title][rung]];
        byFile += isHere ? demand[title][rung] : 0;
        whole &= isHere;
      }
      asked += ofTitle;
      byTitle += whole ? ofTitle : 0;
    }
    System.out.printf(
        Locale.ROOT,
        "%-9s %-7s %13.2f%% %13.2f%%%n",
        String.format(Locale.ROOT, "%.0f %%", 100 * capacity),
        grouping.name().toLowerCase(Locale.ROOT),
        100 * byFile / asked,
        100 * byTitle / asked);
  }
}
