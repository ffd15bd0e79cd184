package oca.store;

import java.io.IOException;

/** A block of a file is not what was written, and must not be sent. The store was told already. */
public final class DamagedBlockException extends IOException {
  private static final long serialVersionUID = 1;

  /**
   * @param file which, in words
   */
  public DamagedBlockException(String file, long block) {
    super("block " + block + " of " + file + " does not match its checksum");
  }
}
