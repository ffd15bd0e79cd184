package oca.drill;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import oca.demo.Viewer;
import oca.demo.World;
import org.jspecify.annotations.Nullable;

/** Adds up what many sessions see. Safe on any thread. */
final class Tally {
  private static final int FAULTS_TOLD = 5;

  private final List<Long> rangeMillis = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private int sessions;
  private int failed;
  private int moves;
  private long bytes;
  private long near;
  private final Map<String, Long> byServer = new TreeMap<>();
  private long wrong;
  private long lateNanos;

  synchronized void arrived() {
    sessions++;
  }

  synchronized void failed(String why) {
    failed++;
    if (faults.size() < FAULTS_TOLD) {
      faults.add(why);
    }
  }

  synchronized void moved() {
    moves++;
  }

  synchronized void ranged(long millis) {
    rangeMillis.add(millis);
  }

  synchronized void late(long nanos) {
    lateNanos += nanos;
  }

  /**
   * Counts a range.
   *
   * @param box that sent it; null when the origin did
   */
  synchronized void fetched(long length, long wrongBytes, World.@Nullable Box box, Viewer viewer) {
    bytes += length;
    wrong += wrongBytes;
    byServer.merge(box == null ? Sight.ORIGIN : box.id().value(), length, Long::sum);
    if (box != null && box.site().equals(viewer.home().id())) {
      near += length;
    }
  }

  /** So far. */
  synchronized Sight sight() {
    List<Long> sorted = rangeMillis.stream().sorted().toList();
    return new Sight(
        sessions,
        failed,
        sorted.size(),
        wrong,
        bytes,
        byServer,
        near,
        moves,
        Math.round(lateNanos / 1e7) / 100.0,
        quantile(sorted, 0.5),
        quantile(sorted, 0.99),
        faults);
  }

  private static long quantile(List<Long> sorted, double share) {
    return sorted.isEmpty() ? 0 : sorted.get((int) (share * (sorted.size() - 1)));
  }
}
