package oca.fill.causes;

import java.util.Locale;

/** What misses are broken down by. */
public enum Dimension {
  LABEL,
  /** The site nearest to the viewers. */
  SITE,
  /** Where it was served instead. */
  FROM,
  /** Who served it. */
  APPLIANCE,
  TITLE,
  FILE,
  /** The hour, UTC, in which it ended. */
  HOUR;

  /** One word, as in a query. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * That of the word.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static Dimension of(String word) {
    for (Dimension dimension : values()) {
      if (dimension.label().equals(word)) {
        return dimension;
      }
    }
    throw new IllegalArgumentException(
        "misses are not broken down by "
            + word
            + ", but by label, site, from, appliance, title,"
            + " file and hour");
  }
}
