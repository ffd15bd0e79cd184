package oca.bench.fill;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import oca.fill.evaluate.Rehearsal;
import oca.fill.forecast.Forecaster;
import oca.fill.forecast.Forecaster.Observation;
import oca.fill.forecast.Forecaster.Offered;
import oca.model.ContentId;
import oca.model.SiteId;

/**
 * How long does the forecast of one plan take, by a fixed horizon and by the one that would have
 * served most? Files of 0.2 to 4 GB in titles of eight, asked for with a slope of one by each
 * region in its own order; each day kept has so many rows.
 *
 * <p>Arguments: files (100000), regions (10), days (28), rows of a region's day (20000), seed (1).
 */
public final class ForecastSpeed {
  private ForecastSpeed() {}

  /** Prints a line for each forecast; the first of each kind warms up. */
  public static void main(String[] args) {
    int files = argument(args, 0, 100_000);
    int regions = argument(args, 1, 10);
    int days = argument(args, 2, 28);
    int rows = argument(args, 3, 20_000);
    SplittableRandom random = new SplittableRandom(argument(args, 4, 1));
    List<Offered> offered = new ArrayList<>();
    for (int file = 0; file < files; file++) {
      offered.add(
          new Offered(
              ContentId.ofPath("t" + file / 8 + "/v" + file % 8 + ".mp4"),
              (long) (200e6 + random.nextDouble() * 3.8e9),
              "t" + file / 8,
              "/v" + file % 8 + ".mp4"));
    }
    List<SiteId> places =
        IntStream.range(0, regions).mapToObj(it -> new SiteId("region-" + it)).toList();
    List<Observation> past = past(offered, places, days, rows, random);
    long disk = (long) (0.05 * offered.stream().mapToLong(Offered::bytes).sum());
    for (int round = 0; round < 3; round++) {
      timed("horizon 1", new Forecaster(1), offered, places, past, disk);
      timed("the best horizon", new Forecaster(Forecaster.FOLLOW), offered, places, past, disk);
    }
  }

  private static List<Observation> past(
      List<Offered> offered, List<SiteId> places, int days, int rows, SplittableRandom random) {
    List<Observation> past = new ArrayList<>();
    for (int region = 0; region < places.size(); region++) {
      int shift = random.nextInt(offered.size());
      for (int day = 0; day < days; day++) {
        for (int row = 0; row < rows; row++) {
          // Ranks with a slope of one.
          int rank = (int) Math.pow(offered.size(), random.nextDouble());
          Offered file = offered.get((rank + shift) % offered.size());
          past.add(new Observation(file.file(), places.get(region), day, file.bytes()));
        }
      }
    }
    return past;
  }

  private static void timed(
      String what,
      Forecaster forecaster,
      List<Offered> offered,
      List<SiteId> places,
      List<Observation> past,
      long disk) {
    Rehearsal rehearsal = new Rehearsal(_ -> new Rehearsal.Disk(disk, disk / 100), 0.1);
    long begun = System.nanoTime();
    var _ = forecaster.forecast(20_000, offered, places, past, List.of(), rehearsal);
    System.out.printf(
        Locale.ROOT,
        "%d files, %d regions, %d rows, %s: %.2f s%n",
        offered.size(),
        places.size(),
        past.size(),
        what,
        (System.nanoTime() - begun) / 1e9);
  }

  private static int argument(String[] args, int index, int otherwise) {
    return args.length > index ? Integer.parseInt(args[index]) : otherwise;
  }
}
