package oca.server.cmcd;

import oca.config.Default;
import oca.config.Live;

/**
 * How much a player may tell.
 *
 * @param maxChars the longest CMCD argument as it is sent, and again the four header fields
 *     together; longer ones are not read at all and count as one malformed key. Browsers send up to
 *     about 700
 * @param maxKeys keys that are looked at in one request, unknown ones included; more are not read
 *     and count as one malformed key. CTA-5004-B has about 50
 * @param maxNext objects taken from {@code nor}; more are left out
 */
public record CmcdLimits(
    @Live @Default("4096") int maxChars,
    @Live @Default("64") int maxKeys,
    @Default("4") int maxNext) {
  /** The defaults. */
  public static final CmcdLimits DEFAULTS = new CmcdLimits(4096, 64, 4);

  /** The longest session id, in characters (CTA-5004, Table 1); a longer one is dropped. */
  public static final int MAX_SESSION_ID = 64;

  /** The longest content id of version 1, in characters; a longer one is dropped. */
  public static final int MAX_CONTENT_ID_V1 = 64;

  /** The longest content id since version 2, in characters (CTA-5004-A, Table 1). */
  public static final int MAX_CONTENT_ID = 128;

  public CmcdLimits {
    within("maxChars", maxChars, 0, 65_536);
    within("maxKeys", maxKeys, 0, 1024);
    within("maxNext", maxNext, 0, 64);
  }

  private static void within(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " must be " + least + " to " + most + ", not " + value);
    }
  }
}
