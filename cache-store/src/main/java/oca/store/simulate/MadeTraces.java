package oca.store.simulate;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * The traces that can be made, by name. The hard cases are each the bane of some policy; sizes are
 * log-normal with a median of 300 KB but where one size makes the case clearer.
 */
public enum MadeTraces {
  /** A week of {@link VideoTrace}. */
  VOD,
  /** Four weeks of it: four times less is asked for each title in a week, and more is new. */
  VOD4,
  /** The same objects over and over, each as often: LRU hits nothing until all fit. */
  LOOP,
  /** Popular objects, with long runs of others asked for once in their midst. */
  SCAN,
  /** What is popular changes altogether, five times. */
  SHIFT,
  /** Three requests in four are for something never asked for again. */
  FLOOD,
  /** The next object is most likely one of the latest: what LRU was made for. */
  STACK;

  private static final double SIGMA = 1.48;
  private static final int MEDIAN = 300_000;
  private static final int SHIFTS = 5;

  /** As it is written on a command line. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The trace of a label.
   *
   * @throws IllegalArgumentException naming the label and those that there are
   */
  public static MadeTraces of(String label) {
    List<MadeTraces> all = List.of(values());
    return all.stream()
        .filter(made -> made.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown kind of trace \""
                        + label
                        + "\"; use one of "
                        + all.stream().map(MadeTraces::label).collect(Collectors.joining(", "))));
  }

  /**
   * Describes a trace; nothing is made before it is told.
   *
   * @param requests 1000 or more
   */
  public Trace make(long seed, long requests) {
    if (requests < 1000) {
      throw new IllegalArgumentException(
          "a trace needs 1000 requests or more, not " + requests + "; ask for more");
    }
    return switch (this) {
      case VOD -> new VideoTrace(seed, requests, 7);
      case VOD4 -> new VideoTrace(seed, requests, 28);
      case LOOP -> loop(seed, requests);
      case SCAN -> scan(seed, requests);
      case SHIFT -> shift(seed, requests);
      case FLOOD -> flood(seed, requests);
      case STACK -> stack(seed, requests);
    };
  }

  private static Trace loop(long seed, long requests) {
    long objects = requests / 20;
    return sink -> {
      for (long i = 0; i < requests; i++) {
        sink.request(i, 0, i % objects, bytes(seed, i % objects));
      }
    };
  }

  private static Trace scan(long seed, long requests) {
    int objects = (int) Math.max(100, requests / 40);
    long run = requests / 50;
    return sink -> {
      SplittableRandom random = new SplittableRandom(seed);
      double[] upTo = zipf(objects, 0.8);
      for (long i = 0; i < requests; i++) {
        boolean scanning = i / run % 2 == 1;
        long object = scanning ? objects + i : pick(upTo, random);
        sink.request(i, 0, object, bytes(seed, object));
      }
    };
  }

  private static Trace shift(long seed, long requests) {
    int objects = (int) Math.max(100, requests / 40);
    return sink -> {
      SplittableRandom random = new SplittableRandom(seed);
      double[] upTo = zipf(objects, 0.9);
      for (long i = 0; i < requests; i++) {
        long object = pick(upTo, random) + i * SHIFTS / requests * objects;
        sink.request(i, 0, object, bytes(seed, object));
      }
    };
  }

  private static Trace flood(long seed, long requests) {
    int objects = (int) Math.max(100, requests / 100);
    return sink -> {
      SplittableRandom random = new SplittableRandom(seed);
      double[] upTo = zipf(objects, 0.7);
      for (long i = 0; i < requests; i++) {
        long object = random.nextInt(4) == 0 ? pick(upTo, random) : objects + i;
        sink.request(i, 0, object, bytes(seed, object));
      }
    };
  }

  /** Half of the requests go back by a distance whose logarithm is even; the rest are new. */
  private static Trace stack(long seed, long requests) {
    int memory = (int) Math.max(100, Math.min(requests / 10, 1 << 20));
    return sink -> {
      SplittableRandom random = new SplittableRandom(seed);
      long[] latest = new long[memory];
      Arrays.setAll(latest, i -> -1 - i);
      for (long i = 0; i < requests; i++) {
        long back = (long) Math.exp(random.nextDouble() * Math.log(memory));
        long object =
            random.nextBoolean() ? i : latest[Math.floorMod(i - Math.max(1, back), memory)];
        latest[(int) (i % memory)] = object;
        sink.request(i, 0, object, bytes(seed, object));
      }
    };
  }

  private static double[] zipf(int objects, double slope) {
    double[] upTo = new double[objects];
    double total = 0;
    for (int i = 0; i < objects; i++) {
      total += Math.pow(i + 1, -slope);
      upTo[i] = total;
    }
    return upTo;
  }

  private static int pick(double[] upTo, SplittableRandom random) {
    int at = Arrays.binarySearch(upTo, random.nextDouble() * upTo[upTo.length - 1]);
    return Math.min(at < 0 ? -at - 1 : at, upTo.length - 1);
  }

  private static long bytes(long seed, long object) {
    double z = new SplittableRandom(seed * 41 + object).nextGaussian();
    return Math.max(1000, (long) (MEDIAN * Math.exp(SIGMA * z)));
  }
}
