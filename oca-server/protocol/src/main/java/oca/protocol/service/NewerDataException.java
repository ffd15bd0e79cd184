package oca.protocol.service;

import java.io.IOException;

/**
 * Data that a newer release left, which this one must not touch: it does not know what they mean.
 * No restart mends it. The message names the place, the layout found, the newest one known, and the
 * remedy.
 */
public final class NewerDataException extends IOException {
  private static final long serialVersionUID = 1;

  /**
   * @param place a file or database, as an operator knows it
   * @param found the layout that it has
   * @param known the newest layout that this release reads
   * @param otherwise what can be done instead of running the newer release, as a clause
   */
  public NewerDataException(String place, int found, int known, String otherwise) {
    super(
        place
            + " has layout "
            + found
            + " of a newer release and this one knows up to "
            + known
            + "; run the newer release, or "
            + otherwise);
  }
}
