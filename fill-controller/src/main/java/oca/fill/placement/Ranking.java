package oca.fill.placement;

import oca.fill.placement.PlacementPlanner.Rules;
import oca.fill.placement.PlacementTask.Room;

/**
 * In which order the copies at a site are placed, how many each unit is to have, and what each
 * appliance's fair part of the load is.
 *
 * <p>A unit's popularity {@code p} is the bytes expected to be asked for by the bytes stored. Its
 * copies compete one by one: the first {@code minCopies} at {@code p}, the n-th further one at
 * {@code p / (n + 1)}, since that is how many plays each copy then serves (the d'Hondt divisors). A
 * copy that is in place already competes at {@code hysteresis} times that. Units that nobody is
 * expected to ask for come last, whatever their size, with one copy.
 *
 * <p>The head are the most popular units that together serve {@code headShare} of what the site's
 * disks can serve at all. It alone is shared out by load: it is nearly all of the load in few
 * bytes, so that keeping load even moves few of them.
 */
final class Ranking {
  /** Less than this a day, in bytes, counts as nobody asking. */
  static final double FAINT_BYTES = 1024;

  /** By unit: how many copies are wanted. */
  final short[] wanted;

  /** By unit: how many its popularity alone asks for, whatever is in place. */
  final short[] fair;

  /** By unit: on how many appliances it was. */
  final short[] before;

  /** By unit: whether it is of the head. */
  final boolean[] head;

  /** How many units the head has. */
  final int headUnits;

  /** By room: the bytes of the head that are its part to serve. */
  final double[] targets;

  /** Of each copy, its unit and its number from 1; {@code order} has them best first. */
  final int[] copyUnit;

  final short[] copyNumber;
  final int[] order;

  private final SiteTask task;
  private final double plays;
  private final double total;

  Ranking(SiteTask task) {
    this.task = task;
    int units = task.bytes().length;
    double sumOfPlays = 0;
    double sumOfDemand = 0;
    for (int unit = 0; unit < units; unit++) {
      sumOfPlays += task.popularity(unit);
      sumOfDemand += task.demand()[unit];
    }
    plays = sumOfPlays;
    total = sumOfDemand;
    before = new short[units];
    task.before()
        .forEach(
            held -> {
              for (int unit = held.nextSetBit(0); unit >= 0; unit = held.nextSetBit(unit + 1)) {
                before[unit]++;
              }
            });
    wanted = new short[units];
    fair = new short[units];
    int copies = 0;
    for (int unit = 0; unit < units; unit++) {
      fair[unit] = (short) fair(unit);
      wanted[unit] = (short) wanted(unit);
      copies += wanted[unit];
    }
    head = new boolean[units];
    targets = new double[task.rooms().size()];
    headUnits = cut();
    copyUnit = new int[copies];
    copyNumber = new short[copies];
    order = order();
  }

  /** What the n-th copy competes with. */
  double key(int unit, int number) {
    double divisor = Math.max(1, number - task.rules().minCopies() + 1);
    double advantage = number <= before[unit] ? task.rules().hysteresis() : 1;
    return task.popularity(unit) * advantage / divisor;
  }

  boolean isFaint(int unit) {
    return task.demand()[unit] < FAINT_BYTES;
  }

  /** The larger of its shares of the site's plays and of its bytes. */
  double share(int unit) {
    double ofPlays = plays > 0 ? task.popularity(unit) / plays : 0;
    double ofBytes = total > 0 ? task.demand()[unit] / total : 0;
    return Math.max(ofPlays, ofBytes);
  }

  /** What one copy serves when viewers are spread evenly over all. */
  double load(int unit) {
    return task.demand()[unit] / Math.max(1, fair[unit]);
  }

  private int fair(int unit) {
    int rooms = task.rooms().size();
    int byDemand = isFaint(unit) ? 1 : task.rules().copiesWanted(share(unit), rooms);
    return Math.min(rooms, Math.max(byDemand, task.pins().getOrDefault(unit, 0)));
  }

  /**
   * What is in place stays as long as it is within the hysteresis, half of it to either side: else
   * a title next to a step would gain and lose a copy every other night.
   */
  private int wanted(int unit) {
    if (before[unit] == 0 || isFaint(unit)) {
      return fair[unit];
    }
    Rules rules = task.rules();
    int rooms = task.rooms().size();
    double half = Math.sqrt(rules.hysteresis());
    int least = Math.max(1, rules.copiesWanted(share(unit) / half, rooms));
    int most = Math.max(least, rules.copiesWanted(share(unit) * half, rooms));
    int stays = Math.clamp(before[unit], least, most);
    return Math.min(rooms, Math.max(stays, task.pins().getOrDefault(unit, 0)));
  }

  /** Finds the head and the targets, by demand alone: what is in place must not move the cutoff. */
  private int cut() {
    int units = task.bytes().length;
    long[] keys = new long[units];
    for (int unit = 0; unit < units; unit++) {
      keys[unit] = SortedOrder.descending(task.popularity(unit));
    }
    int[] popular = SortedOrder.ascending(task.bySize(), keys, units);
    long usable = 0;
    double throughput = 0;
    double storage = 0;
    for (Room room : task.rooms()) {
      usable += room.usable(task.rules());
      throughput += room.throughput();
      storage += room.storage();
    }
    double servable = 0;
    double bytes = 0;
    for (int unit : popular) {
      bytes += (double) task.bytes()[unit] * fair[unit];
      if (bytes > usable || isFaint(unit)) {
        break;
      }
      servable += task.demand()[unit];
    }
    int count = 0;
    double headDemand = 0;
    for (int unit : popular) {
      if (isFaint(unit) || headDemand >= task.rules().headShare() * servable) {
        break;
      }
      head[unit] = true;
      headDemand += task.demand()[unit];
      count++;
    }
    setTargets(headDemand, Math.max(headDemand, servable), throughput, storage);
    return count;
  }

  /** Of all load each appliance gets by throughput, less what it has from the tail by storage. */
  private void setTargets(double ofHead, double ofAll, double throughput, double storage) {
    double sum = 0;
    for (int i = 0; i < targets.length; i++) {
      Room room = task.rooms().get(i);
      double byThroughput = ofAll * room.throughput() / throughput;
      double byStorage = (ofAll - ofHead) * room.storage() / storage;
      targets[i] = Math.max(byThroughput - byStorage, byThroughput / 100);
      sum += targets[i];
    }
    for (int i = 0; i < targets.length; i++) {
      targets[i] *= sum > 0 ? ofHead / sum : 0;
    }
  }

  private int[] order() {
    int asked = 0;
    int[] first = new int[copyUnit.length];
    int[] last = new int[copyUnit.length];
    int faint = 0;
    long[] keys = new long[copyUnit.length];
    int copy = 0;
    for (int unit : task.bySize()) {
      for (int number = 1; number <= wanted[unit]; number++) {
        copyUnit[copy] = unit;
        copyNumber[copy] = (short) number;
        keys[copy] = SortedOrder.descending(key(unit, number));
        if (isFaint(unit)) {
          last[faint++] = copy++;
        } else {
          first[asked++] = copy++;
        }
      }
    }
    int[] best = new int[copyUnit.length];
    System.arraycopy(SortedOrder.ascending(first, keys, asked), 0, best, 0, asked);
    System.arraycopy(SortedOrder.ascending(last, keys, faint), 0, best, asked, faint);
    return best;
  }
}
