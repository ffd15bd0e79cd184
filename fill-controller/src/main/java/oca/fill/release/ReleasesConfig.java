package oca.fill.release;

import oca.config.Default;

/**
 * How many releases may be announced over HTTP.
 *
 * @param most entries, 1 or more
 * @param filesOfOne paths that one entry names, 1 or more
 * @param filesInAll paths that all entries name together
 */
public record ReleasesConfig(
    @Default("10000") int most,
    @Default("1000") int filesOfOne,
    @Default("100000") int filesInAll) {
  public ReleasesConfig {
    if (most < 1 || filesOfOne < 1 || filesInAll < filesOfOne) {
      throw new IllegalArgumentException(
          "most and filesOfOne must be 1 or more, and filesInAll not below filesOfOne");
    }
  }
}
