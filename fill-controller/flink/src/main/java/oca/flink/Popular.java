package oca.flink;

import java.time.Instant;
import java.util.List;
import oca.model.ContentId;

/**
 * The rank of files in a region.
 *
 * @param at when it was made
 * @param files that were asked for in the 24 hours of plan time that end with the current one
 * @param rank the first of them
 */
record Popular(String region, Instant at, long files, List<Line> rank) {
  Popular {
    rank = List.copyOf(rank);
  }

  /**
   * One file.
   *
   * @param plays bytes by its length
   */
  record Line(ContentId file, double plays, long bytes) {}
}
