package oca.server;

import java.time.Duration;
import oca.config.Default;

/**
 * How much is told of where bytes came from, and how many recalls are remembered.
 *
 * @param listed files and runs of blocks that one answer lists; all are counted
 * @param patience so long an answer looks at files, or waits for a recall, before it says how far
 *     it has come; a recall goes on
 * @param recalls orders that are remembered, those that are not done on all volumes among them
 */
public record LineageConfig(
    @Default("1000") int listed, @Default("30s") Duration patience, @Default("100") int recalls) {
  public LineageConfig {
    require(listed >= 1 && listed <= 100_000, "listed must be 1 to 100000, not " + listed);
    require(patience.isPositive(), "patience must be above zero");
    require(recalls >= 1 && recalls <= 10_000, "recalls must be 1 to 10000, not " + recalls);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
