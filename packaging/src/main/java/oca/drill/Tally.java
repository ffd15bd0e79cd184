package oca.drill;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import oca.demo.Viewer;
import oca.demo.World;
import org.jspecify.annotations.Nullable;

/** Adds up what many sessions see. Safe on any thread. */
final class Tally {
  private static final int FAULTS_TOLD = 5;

  private final @Nullable Tally whole;
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

  Tally() {
    this.whole = null;
  }

  /** Of some of those whom another counts: what is counted here is counted there, too. */
  Tally(Tally whole) {
    this.whole = whole;
  }

  void arrived() {
    count(tally -> tally.sessions++);
  }

  void failed(String why) {
    count(
        tally -> {
          tally.failed++;
          if (tally.faults.size() < FAULTS_TOLD) {
            tally.faults.add(why);
          }
        });
  }

  void moved() {
    count(tally -> tally.moves++);
  }

  void ranged(long millis) {
    count(tally -> tally.rangeMillis.add(millis));
  }

  void late(long nanos) {
    count(tally -> tally.lateNanos += nanos);
  }

  private void count(Consumer<Tally> what) {
    synchronized (this) {
      what.accept(this);
    }
    Tally all = whole;
    if (all != null) {
      all.count(what);
    }
  }

  /**
   * Counts a range.
   *
   * @param box that sent it; null when the origin did
   */
  void fetched(long length, long wrongBytes, World.@Nullable Box box, Viewer viewer) {
    boolean isNear = box != null && box.site().equals(viewer.home().id());
    String server = box == null ? Sight.ORIGIN : box.id().value();
    count(
        tally -> {
          tally.bytes += length;
          tally.wrong += wrongBytes;
          tally.byServer.merge(server, length, Long::sum);
          tally.near += isNear ? length : 0;
        });
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
