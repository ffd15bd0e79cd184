package oca.store.disk;

import java.io.IOException;

/**
 * A store that must not be opened as things are: in use by another process, written by a newer
 * version, or a folder of something else. The message names the place and the remedy.
 */
public final class StoreRefusedException extends IOException {
  private static final long serialVersionUID = 1;

  private final boolean newer;

  /**
   * @param message the place, what is wrong with it, and what to do
   */
  public StoreRefusedException(String message) {
    this(message, false);
  }

  private StoreRefusedException(String message, boolean newer) {
    super(message);
    this.newer = newer;
  }

  /**
   * Of what a newer version wrote, which this one leaves as it is.
   *
   * @param place a file or folder
   * @param found the format it has
   * @param known the newest format that this version reads
   * @param otherwise what can be done instead of running the newer version, as a clause
   */
  public static StoreRefusedException newer(Object place, int found, int known, String otherwise) {
    return new StoreRefusedException(
        "%s has format %d, this version reads up to %d: install the newer version, or %s"
            .formatted(place, found, known, otherwise),
        true);
  }

  /** The same refusal with its place before it. */
  public StoreRefusedException at(Object place) {
    return new StoreRefusedException(place + ": " + getMessage(), newer);
  }

  /** Whether a newer version wrote it, so that no restart of this one will do better. */
  public boolean isNewer() {
    return newer;
  }
}
