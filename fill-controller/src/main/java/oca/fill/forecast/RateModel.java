package oca.fill.forecast;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Learns from one period of demand after the other, and says what the next will bring.
 *
 * <p>Rates of each file are smoothed over several scales of time and over the phases of the cycle;
 * releases have a curve by kind and age; other regions and the files of the same title tell
 * something too. How much each of these tells is not set but learned, by holding what was forecast
 * against what came ({@link Learner}). A table in which yesterday says it all ends with other
 * weights than one of rare titles.
 *
 * <p>Files and regions are numbers from 0. One thread. Time is the number of a period; nothing else
 * is known of it, and nothing of what has not been observed.
 */
public final class RateModel {
  /**
   * What periods are.
   *
   * @param perDay periods of a day, 1 or more
   * @param cycle periods after which demand may repeat itself, 1 or more
   * @param horizons over how many of the next periods to forecast the mean, each 1 or more
   */
  public record Shape(int perDay, int cycle, List<Integer> horizons) {
    public Shape {
      if (perDay < 1
          || cycle < 1
          || horizons.isEmpty()
          || horizons.stream().anyMatch(it -> it < 1)) {
        throw new IllegalArgumentException("periods, cycle and horizons must be 1 or more");
      }
      horizons = List.copyOf(horizons);
    }
  }

  private final Shape shape;
  private final FileFacts facts;
  private final YoungFiles young;
  private final RegionModel[] regions;
  private final int[] upcoming;
  private int nextUpcoming;
  private long newest;
  private int periods;

  /**
   * A model that has seen nothing.
   *
   * @param files how many there are or will be; numbers beyond are refused
   * @param releases one of a file at most
   */
  public RateModel(Shape shape, int files, int regions, List<Release> releases) {
    this.shape = shape;
    facts = new FileFacts(files, releases);
    young = new YoungFiles(RegionModel.YOUNG_DAYS * shape.perDay());
    int kinds = 1 + releases.stream().mapToInt(Release::kind).max().orElse(0);
    this.regions = new RegionModel[regions];
    Arrays.setAll(this.regions, _ -> new RegionModel(shape, facts, young, kinds));
    upcoming =
        releases.stream()
            .sorted(Comparator.comparingLong(Release::period))
            .mapToInt(Release::file)
            .toArray();
  }

  /**
   * Makes files one title, so that they tell of each other.
   *
   * @param title number of the title, below the number of files
   * @param rung number of the place in the ladder, alike in all titles
   */
  public void join(int file, int title, int rung) {
    facts.join(file, title, rung);
  }

  /**
   * Takes what came in a period.
   *
   * @param number later than the one before; a gap says that nobody knows what came in between
   * @param demand by region; null where it is not known
   */
  public void observe(long number, List<? extends @Nullable Plays> demand) {
    if (periods > 0 && number <= newest) {
      throw new IllegalArgumentException("period " + number + " does not come after " + newest);
    }
    long passed = periods == 0 ? 1 : number - newest;
    newest = number;
    come(number, demand);
    for (int region = 0; region < regions.length; region++) {
      Plays plays = demand.get(region);
      if (plays == null) {
        regions[region].skip();
      } else {
        regions[region].observe(number, passed, plays);
      }
    }
    periods++;
    young.drop(facts, number);
    int rest = Math.max(1, shape.perDay() / 6);
    if (periods % rest == 0) {
      settle();
    }
    float[][] all = everywhere();
    double meanPlays = Arrays.stream(regions).mapToDouble(RegionModel::meanPlays).sum();
    for (RegionModel region : regions) {
      region.expect(number, all, meanPlays);
    }
  }

  /** Notes which files come with this period. */
  private void come(long number, List<? extends @Nullable Plays> demand) {
    for (; nextUpcoming < upcoming.length; nextUpcoming++) {
      int file = upcoming[nextUpcoming];
      long born = facts.born(file);
      if (born > number) {
        break;
      }
      facts.since(file, periods);
      young.add(file, number - born);
    }
    for (Plays plays : demand) {
      for (int file : plays == null ? Plays.NONE.files() : plays.files()) {
        if (!facts.isSeen(file)) {
          boolean always = periods < shape.cycle();
          if (facts.isListed(file)) {
            facts.come(file, facts.born(file), facts.since(file));
          } else {
            facts.come(file, always ? FileFacts.OLD : number, always ? 0 : periods);
            if (!always) {
              young.add(file, 0);
            }
          }
        }
      }
    }
  }

  private void settle() {
    for (int h = 0; h < shape.horizons().size(); h++) {
      Learner[] learners = new Learner[regions.length];
      for (int region = 0; region < regions.length; region++) {
        learners[region] = regions[region].learner(h);
      }
      Learner.settle(learners);
    }
  }

  /** Short and long rates by file, over all regions. */
  private float[][] everywhere() {
    float[][] sums = new float[2][regions.length > 1 ? facts.files() : 0];
    if (regions.length > 1) {
      for (RegionModel region : regions) {
        region.addRates(sums);
      }
    }
    return sums;
  }

  /**
   * Plays expected a period, at mean traffic, over the coming horizon.
   *
   * @param horizon index into the shape's
   * @return by file; not to be changed, and good until the next period is observed
   */
  public float[] expected(int region, int horizon) {
    return regions[region].expected(horizon);
  }

  /** Over how many periods each expectation is the mean. */
  List<Integer> horizons() {
    return shape.horizons();
  }

  /** Traffic expected in a period, 1 on average: the cycle as it was seen so far. */
  public double traffic(int region, long number) {
    return regions[region].traffic(number);
  }

  /** Periods that were observed. */
  public int periods() {
    return periods;
  }

  /** Files that are young enough for a curve. */
  static final class YoungFiles {
    private final int ages;
    private final List<int[]> files = new ArrayList<>();

    YoungFiles(int ages) {
      this.ages = ages;
    }

    void add(int file, long age) {
      if (age < ages) {
        files.add(new int[] {file, (int) age});
      }
    }

    void drop(FileFacts facts, long now) {
      files.removeIf(it -> now - facts.born(it[0]) >= ages);
    }

    /** Pairs of a file and the age at which it was first observed. */
    List<int[]> files() {
      return files;
    }
  }
}
