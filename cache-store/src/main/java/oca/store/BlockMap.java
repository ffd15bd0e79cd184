package oca.store;

/**
 * Which blocks of a file that is being filled may be read. Blocks only come. Safe on any thread.
 */
public interface BlockMap {

  /**
   * How many bytes may be read from an offset on, without a gap.
   *
   * @param from an offset in the content, in bytes
   * @return 0 or more; never beyond the content's end
   */
  long readable(long from);
}
