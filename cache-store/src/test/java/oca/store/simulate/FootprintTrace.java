package oca.store.simulate;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A trace with the reuse of real traffic, from its footprint descriptor (Sabnis and Sitaraman,
 * "TRAGEN: A Synthetic Trace Generator for Realistic Cache Simulations", IMC 2021).
 *
 * <p>The descriptor says how many other bytes were asked for between two requests for the same
 * object: the distribution of stack distances, and with it the byte hits of LRU at every size. As
 * in the paper, all objects stand in a list; the first is asked for and goes back in as deep as a
 * distance drawn from the distribution, or, when its next request was never seen, leaves the list,
 * and a new object comes in at its end. Each object's distances are drawn independently, so what an
 * object did says nothing of what it will do, and no policy can do much better than LRU: a trace to
 * find out what a policy loses. Times between requests are the mean one; sizes, which the
 * descriptor has not, are log-normal about its mean.
 */
final class FootprintTrace implements Trace {
  private static final double SIGMA = 1;
  // Objects of the list stand in runs, so that one is put in by moving a run's and not all.
  private static final int RUN = 512;

  private final long seed;
  private final long requests;
  private final double meanBytes;
  private final double secondsEach;
  private final long[] distance;
  private final double[] upTo;
  private final long width;

  private static final class Run {
    private final long[] objects = new long[RUN];
    private final long[] sizes = new long[RUN];
    private int from;
    private int to;
    private long bytes;

    void put(int at, long object, long size) {
      objects[at] = object;
      sizes[at] = size;
      bytes += size;
      to++;
    }
  }

  private FootprintTrace(long seed, long requests, List<String> lines, double scale) {
    this.seed = seed;
    this.requests = requests;
    String[] head = lines.getFirst().split(" ", -1);
    meanBytes = Double.parseDouble(head[1]) * 1e3 / Double.parseDouble(head[0]);
    secondsEach =
        (Double.parseDouble(head[3]) - Double.parseDouble(head[2])) / Double.parseDouble(head[0]);
    distance = new long[lines.size() - 1];
    upTo = new double[distance.length];
    double sum = 0;
    long least = Long.MAX_VALUE;
    for (int i = 0; i < distance.length; i++) {
      String[] fields = lines.get(i + 1).split(" ", -1);
      distance[i] = (long) (Double.parseDouble(fields[1]) * 1e3 * scale);
      least = distance[i] > 0 ? Math.min(least, distance[i]) : least;
      sum += Double.parseDouble(fields[2]);
      upTo[i] = sum;
    }
    width = least;
  }

  /**
   * Reads a descriptor: a line of totals, then lines of {@code seconds distance-in-KB probability}.
   *
   * @param scale what distances are multiplied with, more than 0 and at most 1: a short trace
   *     stands for a long one when caches are as much smaller
   */
  static FootprintTrace of(Path descriptor, long seed, long requests, double scale)
      throws IOException {
    List<String> lines = new ArrayList<>();
    try (BufferedReader in = Files.newBufferedReader(descriptor, StandardCharsets.US_ASCII)) {
      in.lines().filter(line -> !line.isBlank()).forEach(lines::add);
    }
    try {
      return new FootprintTrace(seed, requests, lines, scale);
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new TraceException(
          descriptor + ": not a footprint descriptor; take one of TRAGEN's (" + e + ")");
    }
  }

  @Override
  public void tell(Sink sink) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    long deepest = Arrays.stream(distance).max().orElseThrow();
    List<Run> list = new ArrayList<>();
    long total = 0;
    long created = 0;
    // Twice as many are played as are told: at first all in the list are new.
    for (long i = -requests; i < requests; i++) {
      while (total <= deepest) {
        total += append(list, created++);
      }
      Run first = list.getFirst();
      long bytes = first.sizes[first.from];
      long object = first.objects[first.from++];
      first.bytes -= bytes;
      total -= bytes;
      if (first.from == first.to) {
        list.removeFirst();
      }
      if (i >= 0) {
        sink.request((long) (i * secondsEach), 0, object, bytes);
      }
      long deep = draw(random);
      if (deep >= 0) {
        insert(list, object, bytes, deep);
        total += bytes;
      }
    }
  }

  /** A distance, evenly from those that the descriptor rounds up to one; -1 for none. */
  private long draw(SplittableRandom random) {
    double drawn = random.nextDouble();
    int at = Arrays.binarySearch(upTo, drawn);
    int line = at < 0 ? -at - 1 : at + 1;
    if (line >= distance.length) {
      return -1;
    }
    return distance[line] == 0 ? 0 : distance[line] - random.nextLong(width);
  }

  private long append(List<Run> list, long object) {
    Run last = list.isEmpty() ? null : list.getLast();
    if (last == null || last.to == RUN) {
      last = new Run();
      list.add(last);
    }
    long bytes = bytes(object);
    last.put(last.to, object, bytes);
    return bytes;
  }

  private void insert(List<Run> list, long object, long bytes, long deep) {
    long left = deep;
    int at = 0;
    while (at < list.size() - 1 && list.get(at).bytes <= left) {
      left -= list.get(at++).bytes;
    }
    if (list.get(at).to == RUN) {
      split(list, at);
      if (list.get(at).bytes <= left) {
        left -= list.get(at++).bytes;
      }
    }
    Run run = list.get(at);
    int place = run.from;
    while (place < run.to && run.sizes[place] <= left) {
      left -= run.sizes[place++];
    }
    System.arraycopy(run.objects, place, run.objects, place + 1, run.to - place);
    System.arraycopy(run.sizes, place, run.sizes, place + 1, run.to - place);
    run.put(place, object, bytes);
  }

  /** Makes two runs of one that has no room. */
  private void split(List<Run> list, int at) {
    Run run = list.get(at);
    Run whole = new Run();
    Run half = new Run();
    int middle = (run.from + run.to) / 2;
    for (int i = run.from; i < run.to; i++) {
      Run into = i < middle ? whole : half;
      into.put(into.to, run.objects[i], run.sizes[i]);
    }
    list.set(at, whole);
    list.add(at + 1, half);
  }

  private long bytes(long object) {
    double z = new SplittableRandom(seed * 43 + object).nextGaussian();
    return Math.max(1, (long) (meanBytes * Math.exp(SIGMA * z - SIGMA * SIGMA / 2)));
  }
}
