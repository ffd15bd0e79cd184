package oca.store;

import java.util.List;

/**
 * Where the blocks of one file came from that are here.
 *
 * @param meta what the file is
 * @param blockBytes the size of a block; the last one may be shorter
 * @param state how much of it is here
 * @param runs of blocks that share their origin, in order; blocks that are not here are in none
 */
public record FileLineage(ContentMeta meta, int blockBytes, State state, List<LineageRun> runs) {
  public FileLineage {
    runs = List.copyOf(runs);
  }

  /** How much of a file is here. */
  public enum State {
    /** All of it, and it is served. */
    WHOLE,
    /** A session is filling it; blocks that were announced are served. */
    FILLING,
    /** Some of it, which nobody is served until a session goes on with it. */
    PARTIAL
  }

  /** How many bytes blocks have. */
  public long bytes(long fromBlock, long toBlock) {
    return Math.min(toBlock * blockBytes, meta.length()) - fromBlock * blockBytes;
  }
}
