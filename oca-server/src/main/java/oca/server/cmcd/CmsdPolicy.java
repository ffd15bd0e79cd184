package oca.server.cmcd;

import oca.config.Default;

/**
 * When players are told of the server's load, and what they are asked to do.
 *
 * @param enabled whether the field is sent at all
 * @param duressAt load from which players are asked to go elsewhere, above 0 to 1
 * @param suggestAt load from which they are told a bitrate to stay within, above 0 to 1; below it a
 *     suggestion would only make pictures worse
 * @param share of the line that may be planned with, above 0 to 1
 * @param minKbps no suggestion is lower than this, kbit/s
 * @param maxKbps a suggestion above this is not made, for no media is that large, kbit/s
 */
public record CmsdPolicy(
    @Default("true") boolean enabled,
    @Default("0.95") double duressAt,
    @Default("0.8") double suggestAt,
    @Default("0.9") double share,
    @Default("500") int minKbps,
    @Default("50000") int maxKbps) {
  /** The defaults. */
  public static final CmsdPolicy DEFAULTS = new CmsdPolicy(true, 0.95, 0.8, 0.9, 500, 50_000);

  public CmsdPolicy {
    share("duressAt", duressAt);
    share("suggestAt", suggestAt);
    share("share", share);
    if (minKbps < 1 || maxKbps < minKbps) {
      throw new IllegalArgumentException(
          "minKbps must be 1 or more and maxKbps not below it, not " + minKbps + ", " + maxKbps);
    }
  }

  private static void share(String name, double value) {
    if (!(value > 0 && value <= 1)) {
      throw new IllegalArgumentException(name + " must be above 0, up to 1, not " + value);
    }
  }
}
