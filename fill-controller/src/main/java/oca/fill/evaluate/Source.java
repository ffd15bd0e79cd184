package oca.fill.evaluate;

import java.util.List;

/**
 * A forecast under evaluation, in one or several variants.
 *
 * <p>It is told each period after the stores have served it. What it says is plays expected a
 * period, by file; of two files the one of more plays is worth more of the disk.
 */
interface Source {
  /** How a method's variants come to one figure. */
  enum Choice {
    /** Each period the variant that would have served most until then, lately above all. */
    FOLLOW,
    /** The one that served most in the end: for bounds alone. */
    HINDSIGHT
  }

  String name();

  Choice choice();

  /** What each variant is, one at least. */
  List<String> variants();

  /** Plays expected of the period {@code period}, before it was observed; not to be changed. */
  float[] density(int period, int region, int variant);

  /** Takes a period that is over. */
  void observe(int period);

  /** Whether it knows sizes of files that were not asked for yet. */
  default boolean isClairvoyant() {
    return false;
  }

  /** Whether its fetching is free of the budget. */
  default boolean isUnbounded() {
    return false;
  }
}
