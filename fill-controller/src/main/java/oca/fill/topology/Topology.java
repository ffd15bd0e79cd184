package oca.fill.topology;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import oca.model.ContentId;
import oca.model.SiteId;

/**
 * Regions of viewers, the sites near to them, the appliances there and the files that those hold,
 * as flat arrays of numbers: each step from one to the next is a run in an array. Immutable; safe
 * on any thread.
 *
 * <p>Who serves a file to a region is the first of the region's sites, in their order, at which
 * anybody holds it; else the first other site; else the origin.
 */
public final class Topology {
  private static final int NOBODY = -1;
  private static final double SECONDS_OF_A_DAY = 86_400;

  private final List<SiteId> sites;
  private final List<Region> regions;
  private final int[] siteOf;
  private final long[] spareBits;
  private final int[] holdersFrom;
  private final int[] holders;
  private final int[] demandFrom;
  private final int[] demandRegions;
  private final int[] demandFiles;
  private final long[] demandBytes;
  private final int[] filesAt;
  private final int[] filesOnlyAt;
  private final double peak;

  /** A region: its name, and the numbers of its sites, nearest first. */
  private record Region(SiteId id, int[] sites) {}

  private Topology(Maker maker, double peak) {
    this.sites = List.copyOf(maker.sites);
    this.regions = List.copyOf(maker.regions);
    this.siteOf = maker.siteOf.numbers();
    this.spareBits = Arrays.copyOf(maker.spareBits, siteOf.length);
    int[] files = maker.pairFiles.numbers();
    int[] appliances = maker.pairAppliances.numbers();
    this.holdersFrom = new int[maker.files.size() + 1];
    for (int file : files) {
      holdersFrom[file + 1]++;
    }
    for (int file = 0; file < maker.files.size(); file++) {
      holdersFrom[file + 1] += holdersFrom[file];
    }
    this.holders = new int[files.length];
    int[] next = holdersFrom.clone();
    for (int i = 0; i < files.length; i++) {
      holders[next[files[i]]++] = appliances[i];
    }
    this.filesAt = new int[sites.size()];
    this.filesOnlyAt = new int[sites.size()];
    countFiles();
    int size = maker.demand.stream().mapToInt(Map::size).sum();
    this.demandFrom = new int[sites.size() + 2];
    this.demandRegions = new int[size];
    this.demandFiles = new int[size];
    this.demandBytes = new long[size];
    sortDemand(maker.demand);
    this.peak = peak;
  }

  private void countFiles() {
    for (int file = 0; file + 1 < holdersFrom.length; file++) {
      int first = NOBODY;
      boolean several = false;
      for (int i = holdersFrom[file]; i < holdersFrom[file + 1]; i++) {
        int site = siteOf[holders[i]];
        if (!isBefore(file, i, site)) {
          filesAt[site]++;
          several |= first != NOBODY;
          first = site;
        }
      }
      if (first != NOBODY && !several) {
        filesOnlyAt[first]++;
      }
    }
  }

  /** Whether a holder of the file before that place stands at the site. */
  private boolean isBefore(int file, int place, int site) {
    for (int i = holdersFrom[file]; i < place; i++) {
      if (siteOf[holders[i]] == site) {
        return true;
      }
    }
    return false;
  }

  /** By who serves it, so that what a site serves is one run; the origin's is the last. */
  private void sortDemand(List<Map<Integer, Long>> demand) {
    int origin = sites.size();
    for (int region = 0; region < demand.size(); region++) {
      for (int file : demand.get(region).keySet()) {
        int server = server(regions.get(region), file, NOBODY);
        demandFrom[(server == NOBODY ? origin : server) + 1]++;
      }
    }
    for (int place = 0; place <= origin; place++) {
      demandFrom[place + 1] += demandFrom[place];
    }
    int[] next = demandFrom.clone();
    for (int region = 0; region < demand.size(); region++) {
      for (Map.Entry<Integer, Long> one : demand.get(region).entrySet()) {
        int server = server(regions.get(region), one.getKey(), NOBODY);
        int at = next[server == NOBODY ? origin : server]++;
        demandRegions[at] = region;
        demandFiles[at] = one.getKey();
        demandBytes[at] = one.getValue();
      }
    }
  }

  /** Edges from files to those who hold them, and from regions to files. */
  public long edges() {
    return (long) holders.length + demandFiles.length;
  }

  /**
   * What becomes of viewers without that site: from each region to the files it asks for, to those
   * who hold them, to their sites.
   *
   * @throws IllegalArgumentException when no appliance stands there
   */
  public Loss lose(SiteId site) {
    int gone = sites.indexOf(site);
    if (gone < 0) {
      throw new IllegalArgumentException("no appliance stands at " + site);
    }
    int places = sites.size() + 1;
    long[] taken = new long[places];
    long[] bytes = new long[regions.size() * places];
    int[] files = new int[regions.size() * places];
    long all = 0;
    for (int i = demandFrom[gone]; i < demandFrom[gone + 1]; i++) {
      int to = server(regions.get(demandRegions[i]), demandFiles[i], gone);
      int place = to == NOBODY ? sites.size() : to;
      bytes[demandRegions[i] * places + place] += demandBytes[i];
      files[demandRegions[i] * places + place]++;
      taken[place] += demandBytes[i];
      all += demandBytes[i];
    }
    List<Loss.Move> moves = new ArrayList<>();
    for (int i = 0; i < files.length; i++) {
      if (files[i] > 0) {
        SiteId region = regions.get(i / places).id();
        moves.add(new Loss.Move(region, name(i % places), bytes[i], files[i]));
      }
    }
    moves.sort(Comparator.comparingLong(Loss.Move::bytes).reversed());
    int appliances = (int) Arrays.stream(siteOf).filter(at -> at == gone).count();
    return new Loss(site, appliances, filesAt[gone], filesOnlyAt[gone], all, moves, takers(taken));
  }

  private List<Loss.Taker> takers(long[] taken) {
    List<Loss.Taker> takers = new ArrayList<>();
    for (int place = 0; place < taken.length; place++) {
      if (taken[place] > 0) {
        long extra = Math.round(taken[place] * 8 / SECONDS_OF_A_DAY * peak);
        long spare = 0;
        for (int i = 0; i < siteOf.length; i++) {
          spare += siteOf[i] == place ? spareBits[i] : 0;
        }
        boolean fits = place == sites.size() || extra <= spare;
        takers.add(new Loss.Taker(name(place), taken[place], extra, spare, fits));
      }
    }
    takers.sort(Comparator.comparingLong(Loss.Taker::bytes).reversed());
    return takers;
  }

  /** The number of the site that serves it, one being left out; {@link #NOBODY} for the origin. */
  private int server(Region region, int file, int without) {
    int best = NOBODY;
    int bestRank = Integer.MAX_VALUE;
    for (int i = holdersFrom[file]; i < holdersFrom[file + 1]; i++) {
      int site = siteOf[holders[i]];
      int rank = site == without ? Integer.MAX_VALUE : rank(region, site);
      if (rank < bestRank) {
        best = site;
        bestRank = rank;
        if (rank == 0) {
          break;
        }
      }
    }
    return best;
  }

  private static int rank(Region region, int site) {
    for (int i = 0; i < region.sites().length; i++) {
      if (region.sites()[i] == site) {
        return i;
      }
    }
    return region.sites().length + site;
  }

  private String name(int place) {
    return place == sites.size() ? Loss.ORIGIN : sites.get(place).value();
  }

  /** Takes in what there is, in any order but regions before their demand. For one thread. */
  public static final class Maker {
    private final List<SiteId> sites = new ArrayList<>();
    private final Map<SiteId, Integer> siteNumbers = new HashMap<>();
    private final List<Region> regions = new ArrayList<>();
    private final Map<SiteId, Integer> regionNumbers = new HashMap<>();
    private final List<Map<Integer, Long>> demand = new ArrayList<>();
    private final Map<ContentId, Integer> files = new HashMap<>();
    private final Numbers siteOf = new Numbers();
    private final Numbers pairFiles = new Numbers();
    private final Numbers pairAppliances = new Numbers();
    private long[] spareBits = new long[16];

    /** A region and the sites near to it, nearest first. */
    public Maker region(SiteId id, List<SiteId> near) {
      regionNumbers.put(id, regions.size());
      regions.add(new Region(id, near.stream().mapToInt(this::site).toArray()));
      demand.add(new HashMap<>());
      return this;
    }

    /** An appliance, what it could send besides, and what it holds. */
    public Maker appliance(SiteId site, long spareBitsPerSecond, Collection<ContentId> held) {
      int number = siteOf.size();
      siteOf.add(site(site));
      if (number == spareBits.length) {
        spareBits = Arrays.copyOf(spareBits, 2 * number);
      }
      spareBits[number] = spareBitsPerSecond;
      for (ContentId file : held) {
        pairFiles.add(file(file));
        pairAppliances.add(number);
      }
      return this;
    }

    /** What a region asks for of a file in a day; of a region not known it is left out. */
    public Maker demand(SiteId region, ContentId file, long bytes) {
      Integer number = regionNumbers.get(region);
      if (number != null) {
        demand.get(number).merge(file(file), bytes, Long::sum);
      }
      return this;
    }

    /**
     * The whole.
     *
     * @param peak by how much the peak is above the day's mean; 1 or more
     */
    public Topology make(double peak) {
      return new Topology(this, peak);
    }

    private int site(SiteId id) {
      return siteNumbers.computeIfAbsent(
          id,
          one -> {
            sites.add(one);
            return sites.size() - 1;
          });
    }

    private int file(ContentId id) {
      return files.computeIfAbsent(id, _ -> files.size());
    }
  }

  /** A list of numbers without boxes. */
  private static final class Numbers {
    private int[] numbers = new int[16];
    private int size;

    void add(int number) {
      if (size == numbers.length) {
        numbers = Arrays.copyOf(numbers, 2 * size);
      }
      numbers[size++] = number;
    }

    int size() {
      return size;
    }

    int[] numbers() {
      return Arrays.copyOf(numbers, size);
    }
  }
}
