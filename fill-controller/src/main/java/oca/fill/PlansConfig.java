package oca.fill;

import java.nio.file.Path;
import java.util.Optional;
import oca.config.Default;
import oca.config.Live;

/**
 * What becomes of plans.
 *
 * @param automatic whether a plan that was made because a window opened comes into force by itself;
 *     else it waits as a draft
 * @param maxEvictedShare a plan that takes more than this share of any appliance's capacity away
 *     from what it holds does not come into force by itself, and by hand only with a flag; what
 *     merely filled room does not count. 0 to 1, 1 for no limit
 * @param kept how many plans are kept besides the one in force and the one before it
 * @param key signs plans: a file with an Ed25519 key in PEM. Without it one is made and kept beside
 *     the database
 */
public record PlansConfig(
    @Live @Default("true") boolean automatic,
    @Live @Default("0.5") double maxEvictedShare,
    @Default("10") int kept,
    Optional<Path> key) {
  public PlansConfig {
    require(
        maxEvictedShare >= 0 && maxEvictedShare <= 1,
        "maxEvictedShare must be 0 to 1, not " + maxEvictedShare);
    require(kept >= 1 && kept <= 1000, "kept must be 1 to 1000, not " + kept);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
