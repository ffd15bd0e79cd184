package oca.store.disk;

/** A file was written by an older version in a form that is not read any more: it is refilled. */
public final class OutdatedFileException extends BadFileException {
  private static final long serialVersionUID = 1;

  /** With a clause that says what it is, as in {@link BadFileException}. */
  public OutdatedFileException(String clause) {
    super(clause);
  }
}
