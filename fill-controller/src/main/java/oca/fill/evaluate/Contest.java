package oca.fill.evaluate;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One method's stores for one region and capacity: one for each variant, and one that is counted.
 */
final class Contest {
  /** What a period's success counts one period later, when variants are compared. */
  private static final double KEEPS = 0.97;

  /** By how much another variant must lead to be followed. */
  private static final double LEAD = 1.001;

  private final List<String> variants;
  private final Source.Choice choice;
  private final Store[] shadows;
  private final double[] score;
  private final double[] servedByVariant;
  private final double[] filledByVariant;
  private final Map<String, Integer> followed = new TreeMap<>();
  private final Store store;
  private final long budget;
  private int leader;
  private double served;
  private double filled;

  Contest(
      List<String> variants, Source.Choice choice, long capacity, long budget, double hysteresis) {
    this.variants = List.copyOf(variants);
    this.choice = choice;
    this.budget = budget;
    int count = variants.size();
    boolean alone = count == 1;
    store = new Store(capacity, hysteresis);
    shadows = new Store[count];
    for (int variant = 0; variant < count; variant++) {
      shadows[variant] = alone ? store : new Store(capacity, hysteresis);
    }
    score = new double[count];
    servedByVariant = new double[count];
    filledByVariant = new double[count];
    leader = Math.min(1, count - 1);
  }

  /** Fills all stores alike, for nothing. */
  void start(float[] density, long[] sizes) {
    store.fill(density, sizes, Long.MAX_VALUE);
    for (Store shadow : shadows) {
      if (shadow != store) {
        shadow.fill(density, sizes, Long.MAX_VALUE);
      }
    }
  }

  void resized(int file, long before, long now) {
    store.resize(file, before, now);
    for (Store shadow : shadows) {
      if (shadow != store) {
        shadow.resize(file, before, now);
      }
    }
  }

  /** Variants one by one, for their densities may share memory. */
  void fill(int variant, float[] density, long[] sizes) {
    filledByVariant[variant] += shadows[variant].fill(density, sizes, budget);
    if (isFollowed() && variant == leader && shadows[variant] != store) {
      filled += store.fill(density, sizes, budget);
    }
  }

  void serve(Cell cell) {
    for (int variant = 0; variant < shadows.length; variant++) {
      double bytes = served(shadows[variant], cell);
      servedByVariant[variant] += bytes;
      score[variant] = score[variant] * KEEPS + bytes;
    }
    served += served(store, cell);
    followed.merge(variants.get(leader), 1, Integer::sum);
    for (int variant = 0; variant < shadows.length; variant++) {
      if (score[variant] > score[leader] * LEAD) {
        leader = variant;
      }
    }
  }

  private static double served(Store store, Cell cell) {
    double bytes = 0;
    for (int row = 0; row < cell.size(); row++) {
      if (store.holds(cell.file(row))) {
        bytes += cell.amount(row);
      }
    }
    return bytes;
  }

  private boolean isFollowed() {
    return choice == Source.Choice.FOLLOW;
  }

  /** The variant that counts when all is over, -1 for the store that followed. */
  private int counted() {
    if (isFollowed() && shadows.length > 1) {
      return -1;
    }
    int best = 0;
    for (int variant = 1; variant < shadows.length; variant++) {
      if (servedByVariant[variant] > servedByVariant[best]) {
        best = variant;
      }
    }
    return best;
  }

  double served() {
    int variant = counted();
    return variant < 0 ? served : servedByVariant[variant];
  }

  double filled() {
    int variant = counted();
    return variant < 0 ? filled : filledByVariant[variant];
  }

  Map<String, Integer> followed() {
    int variant = counted();
    return variant < 0 ? followed : Map.of(variants.get(variant), 1);
  }

  /** The variant to follow now. */
  int leader() {
    return leader;
  }

  /** What each variant served by itself. */
  double[] servedByVariant() {
    return servedByVariant.clone();
  }

  /** What is held; of a method with one variant or one that follows. */
  Store store() {
    return store;
  }
}
