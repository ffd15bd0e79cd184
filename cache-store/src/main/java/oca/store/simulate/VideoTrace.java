package oca.store.simulate;

import java.io.IOException;
import java.util.Arrays;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * What one appliance is asked for in four weeks of video on demand. Made from public figures; the
 * same seed gives the same trace.
 *
 * <p>The figures (each is held by a test):
 *
 * <ul>
 *   <li>the top 1, 5, 10 and 20 % of titles have .24, .52, .68 and .83 of the hours, which comes of
 *       rank slopes of -.5, -.6, -1.0 and steeper one after another: it is no Zipf law;
 *   <li>the evening's peak is 1.9 to 2 times the mean, the trough a quarter of the peak;
 *   <li>a film keeps .8 and then .3 of the week before after its release, a series 1.0 and then .5;
 *       releases have some 30 % of the hours, and a third of those of a week's top 40 goes to
 *       titles never listed before;
 *   <li>half of all objects (42 to 56 %) are asked for once; their median size is 300 KB, the
 *       ninetieth percentile 2 MB.
 * </ul>
 *
 * <p>What is ours for want of a figure: a viewer asks for a title's pieces in their order, one a
 * minute, in one of six renditions that may change on the way; a fifth begin somewhere in the
 * middle; three in ten leave within three pieces and three in a hundred at each one after. The
 * number of titles grows with the number of requests so that the share of objects asked for once
 * stays. Nobody watches in agreement with others but by taste, hour and novelty.
 */
public final class VideoTrace implements Trace {
  static final int RENDITIONS = 6;
  static final int MOST_PIECES = 1 << 10;

  private static final int REQUESTS_PER_TITLE = 600;
  private static final double[] TOP = {0.01, 0.05, 0.10, 0.20, 1};
  private static final double[] SLOPE = {0.5, 0.65, 1.05, 1.2, 2.05};
  private static final double[] RENDITION_SHARE = {0.05, 0.10, 0.15, 0.25, 0.30, 0.15};
  private static final double[] HOUR_LOAD = {
    1.15, 0.80, 0.60, 0.52, 0.49, 0.49, 0.50, 0.55, 0.62, 0.68, 0.74, 0.80, 0.88, 0.92, 0.95, 1.00,
    1.08, 1.20, 1.40, 1.65, 1.88, 1.95, 1.80, 1.50
  };
  // Week by week after the release; the last ratio goes on until CATALOGUE is left.
  private static final double[] FILM = {1, 0.8, 0.3};
  private static final double[] SERIES = {1, 1.0, 0.5};
  private static final double CATALOGUE = 0.03;
  private static final int RELEASE_WEEKS = 4;
  private static final double NEW_IN_TOP = 0.075;
  private static final double NEW_BELOW = 0.03;

  private static final double MEDIAN_BYTES = 385_000;
  private static final double SIGMA = 1.48;
  private static final double OF_RENDITION = 0.8;
  private static final double EARLY_LEAVE = 0.11;
  private static final double LATE_LEAVE = 0.03;
  private static final double SWITCH = 0.04;

  private final long seed;
  private final long requests;
  private final int hours;
  private final int titles;
  private final double[] weight;
  private final double[] releasedAt;
  private final boolean[] film;
  private final int[] pieces;

  /** A viewer on the way through a title. */
  private static final class Viewer implements Comparable<Viewer> {
    private long at;
    private long number;
    private int title;
    private int rendition;
    private int piece;
    private int seen;

    @Override
    public int compareTo(Viewer other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  /**
   * Describes a trace; nothing is made before {@link #tell}.
   *
   * @param seed of everything
   * @param requests how many to tell, 1000 or more
   * @param days in which they come, 1 or more
   */
  public VideoTrace(long seed, long requests, int days) {
    if (requests < 1000) {
      throw new IllegalArgumentException(
          "a video trace needs 1000 requests or more, not " + requests);
    }
    this.seed = seed;
    this.requests = requests;
    hours = days * 24;
    double weeks = days / 7.0;
    titles = (int) Math.max(100, Math.min(requests / REQUESTS_PER_TITLE, 1 << 20));
    weight = new double[titles];
    releasedAt = new double[titles];
    film = new boolean[titles];
    pieces = new int[titles];
    SplittableRandom random = new SplittableRandom(seed);
    for (int title = 0; title < titles; title++) {
      double rank = (title + 0.5) / titles;
      weight[title] = popularity(rank);
      boolean fresh =
          random.nextDouble() < (rank < TOP[1] ? NEW_IN_TOP : NEW_BELOW) * (weeks + RELEASE_WEEKS);
      releasedAt[title] =
          fresh
              ? (random.nextDouble() * (weeks + RELEASE_WEEKS) - RELEASE_WEEKS) * 168
              : Double.NEGATIVE_INFINITY;
      film[title] = random.nextBoolean();
      pieces[title] = film[title] ? 80 + random.nextInt(60) : 20 + random.nextInt(40);
    }
  }

  /** How many titles there are. */
  int titles() {
    return titles;
  }

  /** The title an object belongs to. */
  static int titleOf(long low) {
    return (int) (low >>> 16);
  }

  /** Whether the title is a film; else it is a series. */
  boolean film(int title) {
    return film[title];
  }

  /** The hour of the title's release, negative infinity for the old stock. */
  double releasedAt(int title) {
    return releasedAt[title];
  }

  /** Hours per title at a rank from 0 to 1; the mean is about 1. */
  private static double popularity(double rank) {
    double value = 12;
    double from = TOP[0];
    if (rank <= from) {
      return value * Math.pow(rank / from, -SLOPE[0]);
    }
    for (int i = 1; ; i++) {
      double to = Math.min(rank, TOP[i]);
      value *= Math.pow(to / from, -SLOPE[i]);
      if (rank <= TOP[i]) {
        return value;
      }
      from = to;
    }
  }

  /** What an age does to a title's hours; 1 over all time for the old stock. */
  private double novelty(int title, double hour) {
    double age = (hour - releasedAt[title]) / 168;
    if (age == Double.POSITIVE_INFINITY) {
      return 1;
    }
    if (age < 0) {
      return 0;
    }
    double[] keeps = film[title] ? FILM : SERIES;
    double left = 1;
    double sum = 0;
    double now = 0;
    for (int week = 0; week < 2 * RELEASE_WEEKS; week++) {
      left = Math.max(CATALOGUE, left * keeps[Math.min(week, keeps.length - 1)]);
      sum += left;
      if (week == (int) age) {
        now = left;
      }
    }
    return now / sum * RELEASE_WEEKS;
  }

  @Override
  public void tell(Sink sink) throws IOException {
    SplittableRandom random = new SplittableRandom(seed ^ 0x5DEECE66DL);
    PriorityQueue<Viewer> watching = new PriorityQueue<>();
    double load = Arrays.stream(HOUR_LOAD).average().orElseThrow();
    double[] upTo = new double[titles];
    double perHour = requests / (double) hours / meanPieces(random.split());
    double owed = 0;
    long number = 0;
    long told = 0;
    for (int hour = 0; told < requests; hour++) {
      double total = 0;
      for (int title = 0; title < titles; title++) {
        total += weight[title] * novelty(title, Math.min(hour, hours));
        upTo[title] = total;
      }
      owed += perHour * HOUR_LOAD[hour % 24] / load;
      for (; owed >= 1; owed--) {
        watching.add(arrival(number++, hour, pick(upTo, random.nextDouble() * total), random));
      }
      long end = (hour + 1) * 3600L;
      while (told < requests && !watching.isEmpty() && watching.element().at < end) {
        Viewer viewer = watching.remove();
        sink.request(viewer.at, 0, object(viewer), bytes(viewer));
        told++;
        if (goesOn(viewer, random)) {
          watching.add(viewer);
        }
      }
    }
  }

  private Viewer arrival(long number, int hour, int title, SplittableRandom random) {
    Viewer viewer = new Viewer();
    viewer.number = number;
    viewer.at = hour * 3600L + random.nextInt(3600);
    viewer.title = title;
    viewer.rendition = pick(RENDITION_SHARE, random);
    viewer.piece = random.nextInt(5) == 0 ? random.nextInt(pieces[title]) : 0;
    return viewer;
  }

  private boolean goesOn(Viewer viewer, SplittableRandom random) {
    viewer.seen++;
    viewer.piece++;
    viewer.at += 60;
    if (random.nextDouble() < SWITCH) {
      int step = random.nextBoolean() ? 1 : -1;
      viewer.rendition = Math.clamp(viewer.rendition + step, 0, RENDITIONS - 1);
    }
    return viewer.piece < pieces[viewer.title]
        && random.nextDouble() >= (viewer.seen <= 3 ? EARLY_LEAVE : LATE_LEAVE);
  }

  /** How many pieces a viewer asks for, found by trying. */
  private double meanPieces(SplittableRandom random) {
    double[] upTo = new double[titles];
    double total = 0;
    for (int title = 0; title < titles; title++) {
      total += weight[title];
      upTo[title] = total;
    }
    long seen = 0;
    int viewers = 20_000;
    for (int i = 0; i < viewers; i++) {
      Viewer viewer = arrival(i, 0, pick(upTo, random.nextDouble() * total), random);
      do {
        seen++;
      } while (goesOn(viewer, random));
    }
    return seen / (double) viewers;
  }

  private static int pick(double[] upTo, double value) {
    int at = Arrays.binarySearch(upTo, value);
    return Math.min(at < 0 ? -at - 1 : at + 1, upTo.length - 1);
  }

  private static int pick(double[] share, SplittableRandom random) {
    double left = random.nextDouble();
    for (int i = 0; i < share.length - 1; i++) {
      left -= share[i];
      if (left < 0) {
        return i;
      }
    }
    return share.length - 1;
  }

  private static long object(Viewer viewer) {
    return (long) viewer.title << 16 | (long) viewer.rendition << 10 | viewer.piece;
  }

  /** Log-normal; most of the spread is the rendition's and the title's, the rest the piece's. */
  private long bytes(Viewer viewer) {
    double ladder = (viewer.rendition - 3.2) / 1.6;
    SplittableRandom ofTitle = new SplittableRandom(seed * 31 + viewer.title);
    double whole = 0.8 * ladder + 0.6 * ofTitle.nextGaussian();
    double piece = new SplittableRandom(seed * 37 + object(viewer)).nextGaussian();
    double z = OF_RENDITION * whole + Math.sqrt(1 - OF_RENDITION * OF_RENDITION) * piece;
    return Math.max(1000, (long) (MEDIAN_BYTES * Math.exp(SIGMA * z)));
  }
}
