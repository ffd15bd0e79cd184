package oca.store.disk;

import java.io.IOException;

/**
 * A store that must not be opened as things are: in use by another process, written by a newer
 * version, or a folder of something else. The message names the place and the remedy.
 */
public final class StoreRefusedException extends IOException {
  private static final long serialVersionUID = 1;

  /**
   * @param message the place, what is wrong with it, and what to do
   */
  public StoreRefusedException(String message) {
    super(message);
  }
}
