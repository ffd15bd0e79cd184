package oca.store.disk;

import java.io.IOException;

/** A file that is not what it should be: torn, altered, or not ours. Not the disk's I/O failing. */
public sealed class BadFileException extends IOException permits OutdatedFileException {
  private static final long serialVersionUID = 1;

  /**
   * @param why a clause for logs: what is wrong with the file
   */
  public BadFileException(String why) {
    super(why);
  }
}
