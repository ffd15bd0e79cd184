package oca.fill.viewers;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What viewers got in some time.
 *
 * @param starts sessions of players that were heard of for the first time, where that was
 * @param startsPerSecond the same as a rate
 * @param responses that ended
 * @param told of these, those whose player told something of itself (CMCD)
 * @param bytes of files that were handed over
 * @param bitsPerSecond the same as a rate
 * @param failed answered with a 5xx
 * @param brokenOff ended before their last byte; viewers who seek do that, too
 * @param starved whose player had run out of media before
 * @param timedBytes of whole responses whose player told the bitrate
 * @param lateBytes of these, those that took longer than they play
 * @param firstByteP50Micros half of the responses with content had their first byte within this,
 *     from the request's last byte read to the first byte handed over; the upper end of a bucket;
 *     null when none is known
 * @param firstByteP95Micros the same of 95 in a hundred
 * @param firstByteP99Micros the same of 99 in a hundred
 */
public record ViewerFigure(
    long starts,
    double startsPerSecond,
    long responses,
    long told,
    long bytes,
    double bitsPerSecond,
    long failed,
    long brokenOff,
    long starved,
    long timedBytes,
    long lateBytes,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long firstByteP50Micros,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long firstByteP95Micros,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long firstByteP99Micros) {

  /** Late bytes of those timed, 0 to 1. */
  public double late() {
    return timedBytes == 0 ? 0 : (double) lateBytes / timedBytes;
  }
}
