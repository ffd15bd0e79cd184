package oca.bench.fill;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import oca.fill.topology.Loss;
import oca.fill.topology.Topology;
import oca.model.ContentId;
import oca.model.SiteId;

/**
 * How long does the topology take to tell what a lost site means, at ten million edges: 500 sites
 * of 4 appliances, 1,000,000 files, 9,000,000 copies and 1,000,000 pairs of region and file with
 * demand?
 */
public final class Losses {
  private static final int SITES = 500;
  private static final int PER_SITE = 4;
  private static final int FILES = 1_000_000;
  private static final int COPIES = 9_000_000;
  private static final int DEMANDS = 1_000_000;
  private static final int LOOKS = 500;

  private Losses() {}

  /** Measures and prints. */
  public static void main(String[] arguments) {
    SplittableRandom random = new SplittableRandom(1);
    List<ContentId> files = new ArrayList<>(FILES);
    for (int i = 0; i < FILES; i++) {
      files.add(new ContentId(random.nextLong(), random.nextLong()));
    }
    long begun = System.nanoTime();
    Topology.Maker maker = new Topology.Maker();
    for (int i = 0; i < SITES; i++) {
      maker.region(
          new SiteId("region-" + i),
          List.of(site(i), site((i + 1) % SITES), site((i + 2) % SITES)));
    }
    int each = COPIES / (SITES * PER_SITE);
    for (int i = 0; i < SITES * PER_SITE; i++) {
      List<ContentId> held = new ArrayList<>(each);
      for (int j = 0; j < each; j++) {
        held.add(files.get(random.nextInt(FILES)));
      }
      maker.appliance(site(i / PER_SITE), 1_000_000_000L, held);
    }
    for (int i = 0; i < DEMANDS; i++) {
      maker.demand(
          new SiteId("region-" + random.nextInt(SITES)),
          files.get(random.nextInt(FILES)),
          1L + random.nextInt(1_000_000));
    }
    Topology topology = maker.make(2);
    System.out.printf(
        Locale.ROOT,
        "%,d edges, made in %.1f s%n",
        topology.edges(),
        (System.nanoTime() - begun) / 1e9);
    look(topology, "the first time");
    look(topology, "again, the code compiled");
  }

  private static void look(Topology topology, String when) {
    double[] millis = new double[LOOKS];
    double[] worked = new double[LOOKS];
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long moved = 0;
    for (int i = 0; i < LOOKS; i++) {
      long start = System.nanoTime();
      long had = threads.getCurrentThreadCpuTime();
      Loss loss = topology.lose(site(i % SITES));
      worked[i] = (threads.getCurrentThreadCpuTime() - had) / 1e6;
      millis[i] = (System.nanoTime() - start) / 1e6;
      moved += loss.bytes();
    }
    System.out.printf(
        Locale.ROOT,
        "a lost site, %s: %s; of a processor: %s; %,d sites, %,d bytes moved%n",
        when,
        told(millis),
        told(worked),
        LOOKS,
        moved);
  }

  private static String told(double[] millis) {
    Arrays.sort(millis);
    return String.format(
        Locale.ROOT,
        "median %.2f ms, p99 %.2f ms, longest %.2f ms",
        millis[LOOKS / 2],
        millis[LOOKS * 99 / 100],
        millis[LOOKS - 1]);
  }

  private static SiteId site(int number) {
    return new SiteId("site-" + number);
  }
}
