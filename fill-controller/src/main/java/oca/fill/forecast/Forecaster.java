package oca.fill.forecast;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import oca.model.ContentId;
import oca.model.SiteId;
import org.jspecify.annotations.Nullable;

/**
 * Walks through the days kept, and forecasts from the last of them: {@link RateModel} over the
 * files of a catalogue.
 *
 * <p>A file's demand counts in plays, bytes by its size. What every plan begins with is the past
 * alone: nothing is kept from plan to plan, so the same past gives the same forecast.
 *
 * @param horizon over how many of the coming days the forecast is the mean, 1 to 28; {@link
 *     #FOLLOW} to have a {@link Judge} choose among experts as the days kept go by
 */
public record Forecaster(int horizon) {
  /** Follow the expert that would have served most. */
  public static final int FOLLOW = 0;

  private static final int WEEK = 7;
  private static final List<Integer> HORIZONS = List.of(1, 4, 12);

  public Forecaster {
    if (horizon < FOLLOW || horizon > 28) {
      throw new IllegalArgumentException(
          "horizon must be 1 to 28 days, or 0 to follow the best, not " + horizon);
    }
  }

  /**
   * Keeps score of experts while the days kept go by, and says in the end whom to follow. Told each
   * day by region: first what every expert expects of it, then what came.
   */
  public interface Judge {
    /**
     * Before the first day.
     *
     * @param experts what they are, one at least
     * @param regions in the order of their numbers
     * @param sizes of files, by number
     * @param days that will be gone through
     */
    void begin(List<String> experts, List<SiteId> regions, long[] sizes, int days);

    /** What an expert expects of the next day, by file; not to be changed or kept. */
    void expect(int region, int expert, float[] plays);

    /** What came, files in ascending order. */
    void came(int region, Plays plays);

    /** The expert to follow. */
    int best(int region);
  }

  /** Follows the expert of the fixed horizon, for there is no other. */
  private static final class Nobody implements Judge {
    @Override
    public void begin(List<String> experts, List<SiteId> regions, long[] sizes, int days) {
      // There is nothing to keep score of.
    }

    @Override
    public void expect(int region, int expert, float[] plays) {
      // See above.
    }

    @Override
    public void came(int region, Plays plays) {
      // See above.
    }

    @Override
    public int best(int region) {
      return 0;
    }
  }

  /**
   * A file that is offered.
   *
   * @param bytes its size, above 0
   * @param title files of one title tell of each other
   * @param rung what tells it from the others of its title, alike in all titles: {@code /v0.mp4}
   */
  public record Offered(ContentId file, long bytes, String title, String rung) {}

  /**
   * Bytes asked for on one day; several of one day and pair add up.
   *
   * @param daysAgo 0 for the newest day, 0 or more
   * @param bytes 0 or more
   */
  public record Observation(ContentId file, SiteId region, int daysAgo, double bytes) {}

  /**
   * A file that is released at a known time.
   *
   * @param daysAgo as of observations; below 0 for what is still to come
   * @param kind releases of one kind are taken to fade alike
   * @param prior size of audience expected, in any unit; NaN for none
   */
  public record Announced(ContentId file, long daysAgo, String kind, double prior) {}

  /** {@link #forecast} by the first expert of all. */
  public Forecast forecast(
      long today,
      List<Offered> files,
      Collection<SiteId> regions,
      List<Observation> past,
      List<Announced> calendar) {
    return forecast(today, files, regions, past, calendar, new Nobody());
  }

  /**
   * What the coming days will bring.
   *
   * @param today number of the newest day, for the days of the week
   * @param past in any order; files that are not offered are passed over
   * @param calendar likewise; of a file's lines the first counts
   * @param judge whom to follow; not asked when the horizon is fixed
   */
  public Forecast forecast(
      long today,
      List<Offered> files,
      Collection<SiteId> regions,
      List<Observation> past,
      List<Announced> calendar,
      Judge judge) {
    Map<ContentId, Integer> numbers = new HashMap<>();
    files.forEach(it -> numbers.putIfAbsent(it.file(), numbers.size()));
    long[] sizes = new long[numbers.size()];
    files.forEach(it -> sizes[numbers.getOrDefault(it.file(), 0)] = Math.max(1, it.bytes()));
    List<SiteId> places = regions.stream().distinct().toList();
    RateModel model =
        new RateModel(
            new RateModel.Shape(1, WEEK, horizon == FOLLOW ? HORIZONS : List.of(horizon)),
            numbers.size(),
            places.size(),
            releases(today, numbers, calendar));
    join(model, files, numbers);
    Experts experts = new Experts(model, places.size(), numbers.size(), horizon == FOLLOW);
    Map<Integer, List<@Nullable Map<Integer, Double>>> days = days(past, numbers, places, sizes);
    Judge asked = horizon == FOLLOW ? judge : new Nobody();
    asked.begin(experts.names(), places, sizes, days.size());
    days.forEach(
        (daysAgo, day) -> {
          List<@Nullable Plays> came = plays(day);
          experts.tell(came, asked);
          experts.observe(today + daysAgo, came);
        });
    Map<SiteId, float[]> expected = new HashMap<>();
    for (int region = 0; region < places.size(); region++) {
      float[] bytes = experts.expected(region, asked.best(region)).clone();
      for (int file = 0; file < bytes.length; file++) {
        bytes[file] *= sizes[file];
      }
      expected.put(places.get(region), bytes);
    }
    return new Forecast(numbers, expected);
  }

  private static List<Release> releases(
      long today, Map<ContentId, Integer> numbers, List<Announced> calendar) {
    Map<String, Integer> kinds = new HashMap<>();
    Map<Integer, Release> releases = new TreeMap<>();
    for (Announced it : calendar) {
      Integer file = numbers.get(it.file());
      if (file != null) {
        int kind = kinds.computeIfAbsent(it.kind(), _ -> kinds.size() + 1);
        double prior = it.prior() > 0 ? it.prior() : Double.NaN;
        releases.putIfAbsent(file, new Release(file, today - it.daysAgo(), kind, prior));
      }
    }
    return List.copyOf(releases.values());
  }

  private static void join(RateModel model, List<Offered> files, Map<ContentId, Integer> numbers) {
    Map<String, Integer> titles = new HashMap<>();
    Map<String, Integer> rungs = new HashMap<>();
    for (Offered it : files) {
      int file = numbers.getOrDefault(it.file(), 0);
      int title = titles.computeIfAbsent(it.title(), _ -> file);
      int rung = rungs.computeIfAbsent(it.rung(), _ -> rungs.size());
      model.join(file, title, rung);
    }
  }

  /** By day, the oldest first; by region, plays by file; null where a region has none. */
  private static Map<Integer, List<@Nullable Map<Integer, Double>>> days(
      List<Observation> past, Map<ContentId, Integer> numbers, List<SiteId> places, long[] sizes) {
    Map<Integer, List<@Nullable Map<Integer, Double>>> days = new TreeMap<>();
    for (Observation it : past) {
      Integer file = numbers.get(it.file());
      int region = places.indexOf(it.region());
      if (file == null || region < 0) {
        continue;
      }
      List<@Nullable Map<Integer, Double>> day =
          days.computeIfAbsent(-it.daysAgo(), _ -> new ArrayList<>());
      while (day.size() < places.size()) {
        day.add(null);
      }
      Map<Integer, Double> plays = day.get(region);
      if (plays == null) {
        plays = new TreeMap<>();
        day.set(region, plays);
      }
      plays.merge(file, it.bytes() / sizes[file], Double::sum);
    }
    return days;
  }

  private static List<@Nullable Plays> plays(List<? extends @Nullable Map<Integer, Double>> day) {
    List<@Nullable Plays> plays = new ArrayList<>();
    for (Map<Integer, Double> region : day) {
      plays.add(
          region == null
              ? null
              : new Plays(
                  region.keySet().stream().mapToInt(Integer::intValue).toArray(),
                  region.values().stream().mapToDouble(Double::doubleValue).toArray()));
    }
    return plays;
  }
}
