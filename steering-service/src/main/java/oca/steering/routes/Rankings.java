package oca.steering.routes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import oca.steering.routes.ForwardingTable.SitePath;
import org.jspecify.annotations.Nullable;

/**
 * The distinct rankings of sites: which sites lead to a network, best first, by which paths. Many
 * networks share one. Immutable; safe on any thread.
 *
 * <p>Twelve bytes a path: the view's number and the length of the AS path in one int, MED, origin.
 */
final class Rankings {
  static final int HOP = 3;

  private final @Nullable View[] views;
  private final int[] starts;
  private final int[] hops;

  private Rankings(Pool pool, @Nullable View[] views) {
    this.views = views;
    starts = Arrays.copyOf(pool.starts, pool.count + 1);
    hops = Arrays.copyOf(pool.hops, starts[pool.count]);
  }

  /** The paths of one ranking, best first. */
  List<SitePath> paths(int ranking) {
    List<SitePath> paths = new ArrayList<>();
    for (int at = starts[ranking]; at < starts[ranking + 1]; at += HOP) {
      View view = Objects.requireNonNull(views[hops[at] >>> 16]);
      PathAttributes attributes =
          new PathAttributes(
              hops[at] & 0xffff,
              Integer.toUnsignedLong(hops[at + 1]),
              Integer.toUnsignedLong(hops[at + 2]));
      paths.add(new SitePath(view.site(), attributes, view.name()));
    }
    return paths;
  }

  int size() {
    return starts.length - 1;
  }

  /** What the arrays take. */
  long bytes() {
    return 4L * starts.length + 4L * hops.length;
  }

  /** Gives equal rankings one number. For one thread. */
  static final class Pool {
    private int[] starts = new int[17];
    private int[] hops = new int[64];
    private int count;

    /** 1 + the number of a ranking, where its hash falls; 0 where none does. */
    private int[] table = new int[64];

    /**
     * The number of the ranking that the first ints are.
     *
     * @param ranking three for each path, as {@link Rankings} keeps them
     */
    int number(int[] ranking, int ints) {
      int mask = table.length - 1;
      int at = hash(ranking, ints) & mask;
      while (table[at] != 0) {
        if (same(table[at] - 1, ranking, ints)) {
          return table[at] - 1;
        }
        at = at + 1 & mask;
      }
      table[at] = count + 1;
      return append(ranking, ints);
    }

    /**
     * All of them.
     *
     * @param views by number, those that stand in a ranking at least; never written again
     */
    Rankings done(@Nullable View[] views) {
      return new Rankings(this, views);
    }

    private int append(int[] ranking, int ints) {
      int start = starts[count];
      if (start + ints > hops.length) {
        hops = Arrays.copyOf(hops, Math.max(start + ints, hops.length + (hops.length >> 1)));
      }
      System.arraycopy(ranking, 0, hops, start, ints);
      if (count + 2 > starts.length) {
        starts = Arrays.copyOf(starts, starts.length + (starts.length >> 1));
      }
      starts[++count] = start + ints;
      if (2 * count > table.length) {
        rehash();
      }
      return count - 1;
    }

    private boolean same(int number, int[] ranking, int ints) {
      return Arrays.equals(hops, starts[number], starts[number + 1], ranking, 0, ints);
    }

    private void rehash() {
      table = new int[2 * table.length];
      int mask = table.length - 1;
      for (int number = 0; number < count; number++) {
        int[] ranking = Arrays.copyOfRange(hops, starts[number], starts[number + 1]);
        int at = hash(ranking, ranking.length) & mask;
        while (table[at] != 0) {
          at = at + 1 & mask;
        }
        table[at] = number + 1;
      }
    }

    private static int hash(int[] ranking, int ints) {
      long hash = ints;
      for (int i = 0; i < ints; i++) {
        hash = (hash ^ ranking[i]) * 0x9e37_79b9_7f4a_7c15L;
        hash ^= hash >>> 32;
      }
      return (int) hash;
    }
  }
}
