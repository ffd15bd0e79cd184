package oca.store;

/**
 * A lease on a file of content, which says what it is. Each lookup that returned it is to be
 * answered by exactly one {@link #close}.
 */
public interface ContentLease extends FileLease {

  /** What the file says of itself. */
  ContentMeta meta();

  @Override
  ContentLease share();
}
