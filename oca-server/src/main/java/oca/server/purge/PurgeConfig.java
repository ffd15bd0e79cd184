package oca.server.purge;

import oca.config.Default;

/**
 * What is remembered of purges, and of tags.
 *
 * @param maxRules rules of single paths, prefixes and tags that are remembered; beyond, the oldest
 *     become one of their whole service. One of a path of 60 characters takes about 170 bytes
 * @param maxServices services of which anything was purged
 * @param maxTarget the longest path or prefix that can be purged, in characters
 * @param maxTags tags of an object that are told apart; one with more is purged by every tag
 * @param maxTagLength the longest tag, in characters; an object with a longer one is purged by
 *     every tag
 */
public record PurgeConfig(
    @Default("100000") int maxRules,
    @Default("1000") int maxServices,
    @Default("8192") int maxTarget,
    @Default("256") int maxTags,
    @Default("1024") int maxTagLength) {
  /** What counts where nothing is said. */
  public static final PurgeConfig DEFAULTS = new PurgeConfig(100_000, 1000, 8192, 256, 1024);

  public PurgeConfig {
    within("maxRules", maxRules, 16, 10_000_000);
    within("maxServices", maxServices, 1, 100_000);
    within("maxTarget", maxTarget, 64, 65_536);
    within("maxTags", maxTags, 1, 10_000);
    within("maxTagLength", maxTagLength, 16, 16_384);
  }

  private static void within(String key, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          key + " must be " + least + " to " + most + ", not " + value);
    }
  }
}
