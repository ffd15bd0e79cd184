package oca.store;

import java.io.IOException;

/** A writer was refused because one of a higher generation took its file over. */
public final class FencedException extends IOException {
  private static final long serialVersionUID = 1;

  /** Of that content. */
  public FencedException(ContentKey key) {
    super("content " + key + " was taken over by a newer writer");
  }
}
