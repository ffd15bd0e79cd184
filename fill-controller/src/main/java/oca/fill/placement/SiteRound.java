package oca.fill.placement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import oca.fill.placement.PlacementTask.Room;
import oca.model.RendezvousScore;

/**
 * Places units on the appliances of one site.
 *
 * <p>Pinned units first, then copy after copy in the order of {@link Ranking}. A copy stays where
 * it is already; else it goes to the appliance with the best weighted rendezvous score of those
 * that have room and have not got it. Of the head, an appliance takes no more than its part of the
 * load and a little: the next in the rendezvous order is taken then (consistent hashing with
 * bounded loads, Mirrokni, Thorup and Zadimoghaddam, 2018), and where nobody has load to spare,
 * whoever is least over. What is new may exceed its part by a quarter of what is in place may, so
 * that small changes move nothing.
 *
 * <p>When a second or later copy finds no room, no unit gets that many copies any more: otherwise a
 * less popular one might end with more copies than a more popular one, having its first copy
 * elsewhere by luck of the hash. First copies go on to be tried, for smaller units may fit.
 */
final class SiteRound {
  /**
   * How a copy of the unit that is looked at fared.
   *
   * @param free bytes by room when its turn came
   * @param load bytes of the head by room, then
   * @param room that took it; -1 when none
   * @param barred whether as many copies had been given up for all before
   */
  record Turn(int number, long[] free, double[] load, int room, boolean barred) {}

  private static final int NONE = -1;

  /** What is new may exceed its part by this part of what is in place may. */
  static final int NEWCOMERS = 4;

  final SiteTask task;
  final Ranking ranking;

  /** By unit, its rank from 1. */
  final int[] rank;

  /** By unit, how many copies are placed. */
  final short[] placed;

  /** How the copies of the unit that is looked at fared, in their order. */
  final List<Turn> turns = new ArrayList<>();

  private final int watched;
  private final long[] nodes;
  private final long[] free;
  private final double[] load;
  private final List<BitSet> now = new ArrayList<>();
  private final int[][] held;
  private final int[] heldCount;
  private long mostFree;

  private SiteRound(SiteTask task, int watched) {
    this.task = task;
    this.watched = watched;
    this.ranking = new Ranking(task);
    int units = task.bytes().length;
    int rooms = task.rooms().size();
    this.rank = new int[units];
    this.placed = new short[units];
    this.nodes = new long[rooms];
    this.free = new long[rooms];
    this.load = new double[rooms];
    this.held = new int[rooms][16];
    this.heldCount = new int[rooms];
    for (int i = 0; i < rooms; i++) {
      Room room = task.rooms().get(i);
      nodes[i] = RendezvousScore.hash(room.appliance().value());
      free[i] = room.usable(task.rules());
      now.add(new BitSet(units));
    }
    mostFree = Arrays.stream(free).max().orElse(0);
  }

  /** Places everything. */
  static SiteRound of(SiteTask task) {
    return of(task, NONE);
  }

  /** Places everything and notes how the copies of one unit fare. */
  static SiteRound of(SiteTask task, int watched) {
    SiteRound round = new SiteRound(task, watched);
    round.placePinned();
    round.placeRanked();
    return round;
  }

  boolean holds(int room, int unit) {
    return now.get(room).get(unit);
  }

  /** What a room holds, most valuable first but for pinned units, which lead. */
  int[] held(int room) {
    return Arrays.copyOf(held[room], heldCount[room]);
  }

  long plannedBytes(int room) {
    return task.rooms().get(room).usable(task.rules()) - free[room];
  }

  /** By how much the copies of {@code unit} that are pinned but find no room are too many. */
  int unplacedPins(int unit) {
    int asked = Math.min(task.pins().getOrDefault(unit, 0), task.rooms().size());
    return Math.max(0, asked - placed[unit]);
  }

  /** By which the rooms are ordered for a unit. */
  double score(int room, int unit) {
    Room of = task.rooms().get(room);
    double weight = ranking.head[unit] ? of.throughput() : of.storage();
    return RendezvousScore.of(task.keys()[unit], nodes[room], weight);
  }

  /** Largest first, so that they find room while there is some. */
  private void placePinned() {
    task.pins().entrySet().stream()
        .sorted(
            Map.Entry.<Integer, Integer>comparingByKey(
                    (a, b) -> Long.compare(task.bytes()[b], task.bytes()[a]))
                .thenComparing(Map.Entry.comparingByKey()))
        .forEach(
            pin -> {
              int copies = Math.min(pin.getValue(), task.rooms().size());
              for (int i = 0; i < copies; i++) {
                if (!place(pin.getKey(), i + 1)) {
                  return;
                }
              }
            });
  }

  private void placeRanked() {
    int next = 0;
    int mostCopies = Integer.MAX_VALUE;
    for (int copy : ranking.order) {
      int unit = ranking.copyUnit[copy];
      int number = ranking.copyNumber[copy];
      if (number == 1) {
        rank[unit] = ++next;
      }
      if (placed[unit] != number - 1) {
        continue;
      }
      if (number > mostCopies) {
        watch(unit, number, NONE, true);
      } else if (!place(unit, number) && number > 1) {
        mostCopies = number - 1;
      }
    }
  }

  private boolean place(int unit, int number) {
    int room = choose(unit);
    watch(unit, number, room, false);
    if (room == NONE) {
      return false;
    }
    boolean hadMost = free[room] == mostFree;
    free[room] -= task.bytes()[unit];
    if (hadMost) {
      mostFree = Arrays.stream(free).max().orElse(0);
    }
    if (ranking.head[unit]) {
      load[room] += ranking.load(unit);
    }
    now.get(room).set(unit);
    placed[unit]++;
    if (heldCount[room] == held[room].length) {
      held[room] = Arrays.copyOf(held[room], 2 * held[room].length);
    }
    held[room][heldCount[room]++] = unit;
    return true;
  }

  private int choose(int unit) {
    if (task.bytes()[unit] > mostFree) {
      return NONE;
    }
    double slack = task.rules().balance() - 1;
    int stays = best(unit, true, 1 + slack);
    if (stays != NONE) {
      return stays;
    }
    int comes = best(unit, false, 1 + slack / NEWCOMERS);
    return comes != NONE || !ranking.head[unit] ? comes : leastLoaded(unit);
  }

  private int best(int unit, boolean incumbents, double bound) {
    int best = NONE;
    double bestScore = -1;
    boolean bounded = ranking.head[unit];
    double more = bounded ? ranking.load(unit) : 0;
    for (int room = 0; room < free.length; room++) {
      if (hasRoom(room, unit)
          && (!incumbents || task.before().get(room).get(unit))
          && (!bounded || load[room] + more <= bound * ranking.targets[room])) {
        double score = score(room, unit);
        if (score > bestScore) {
          best = room;
          bestScore = score;
        }
      }
    }
    return best;
  }

  private int leastLoaded(int unit) {
    int best = NONE;
    double least = Double.POSITIVE_INFINITY;
    for (int room = 0; room < free.length; room++) {
      if (hasRoom(room, unit)) {
        double filled = (load[room] + ranking.load(unit)) / ranking.targets[room];
        if (best == NONE || filled < least) {
          best = room;
          least = filled;
        }
      }
    }
    return best;
  }

  private boolean hasRoom(int room, int unit) {
    return free[room] >= task.bytes()[unit] && !now.get(room).get(unit);
  }

  private void watch(int unit, int number, int room, boolean barred) {
    if (unit == watched) {
      turns.add(new Turn(number, free.clone(), load.clone(), room, barred));
    }
  }
}
