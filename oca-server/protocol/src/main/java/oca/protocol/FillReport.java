package oca.protocol;

import java.time.Instant;
import java.util.List;
import oca.model.ApplianceId;
import oca.model.ContentId;

/**
 * What became of the files that an appliance was told to hold.
 *
 * @param appliance the sender
 * @param results in the order in which they ended
 */
public record FillReport(ApplianceId appliance, List<Result> results) {
  public FillReport {
    results = List.copyOf(results);
  }

  /** Where the bytes came from. */
  public enum Source {
    /** Another appliance. */
    PEER,
    /** The publisher's origin. */
    ORIGIN,
    /** Nowhere: every source failed, or the file was refused locally. */
    NONE
  }

  /**
   * How one file ended.
   *
   * @param at when it ended
   * @param manifestVersion the manifest that asked for it
   * @param file which one
   * @param filled true when it is now held, whole and verified
   * @param source where the bytes came from; {@link Source#NONE} when not filled
   * @param bytesFetched over all attempts, good or bad: what the links carried
   * @param bytesFromOrigin the part of {@code bytesFetched} that the origin sent
   * @param reason why it was not filled, for a reader; empty when it was
   */
  public record Result(
      Instant at,
      long manifestVersion,
      ContentId file,
      boolean filled,
      Source source,
      long bytesFetched,
      long bytesFromOrigin,
      String reason) {}
}
