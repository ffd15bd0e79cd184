package oca.store;

import java.util.List;

/**
 * Files with blocks that came from one source in a time.
 *
 * @param files with such blocks
 * @param blocks of that kind
 * @param bytes they have
 * @param uncertainBlocks blocks, of all files that were read, of which it is not known any more
 *     where they came from
 * @param read files that were looked at
 * @param unread files whose disk did not let them be read
 * @param complete false when the time for it was over before all were looked at
 * @param listed the first of those files, as many as were asked for
 */
public record SourceTrace(
    long files,
    long blocks,
    long bytes,
    long uncertainBlocks,
    long read,
    long unread,
    boolean complete,
    List<Traced> listed) {
  public SourceTrace {
    listed = List.copyOf(listed);
  }

  /** The same, with files beyond it that were not looked at. */
  SourceTrace cutShort() {
    return new SourceTrace(files, blocks, bytes, uncertainBlocks, read, unread, false, listed);
  }

  /**
   * One file.
   *
   * @param blocks that came from there then
   * @param bytes they have
   */
  public record Traced(ContentMeta meta, FileLineage.State state, long blocks, long bytes) {}
}
