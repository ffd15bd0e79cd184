package oca.fill.ledger;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sums of a day: of an appliance, a site, or all. Whole numbers only, so that the same is written
 * everywhere.
 *
 * @param bytes of bodies, handed to the kernel for viewers
 * @param beyondBytes of those, what came from beyond: served by an origin, or fetched for the
 *     answer. Offload is 1 - beyondBytes / bytes
 * @param otherBytes of bodies for other appliances and monitors; in no other figure
 * @param responses to viewers
 * @param peakBitsPerSecond the most that appliances served in five minutes and did not come from
 *     beyond: so much lower was the peak on the link upwards
 * @param p95BitsPerSecond what 95 % of all five minutes did not exceed, of the same
 * @param contentBytes of {@code bytes}, those not served by the nearest site because no appliance
 *     there held them. The content shed ratio is contentBytes / bytes
 * @param unlabelledBytes of {@code bytes}, those whose cause was not known when the day was closed
 * @param causes the others by the label of their cause, {@code nearest} among them
 */
public record LedgerLine(
    long bytes,
    long beyondBytes,
    long otherBytes,
    long responses,
    long peakBitsPerSecond,
    long p95BitsPerSecond,
    long contentBytes,
    long unlabelledBytes,
    Map<String, Long> causes,
    Fill fill,
    Wasted wasted,
    Doubt doubt) {
  public LedgerLine {
    causes = Collections.unmodifiableMap(new TreeMap<>(causes));
  }

  /**
   * What filling cost: bytes that links carried, good or bad, by who sent them and whether the
   * window was open when the file ended.
   */
  public record Fill(
      long originBytesInWindow,
      long originBytesOutside,
      long peerBytesInWindow,
      long peerBytesOutside,
      long files,
      long failed) {}

  /**
   * What was filled for nothing, by the day on which that was found out.
   *
   * @param evictedFiles taken out and not served since they were filled
   * @param evictedBytes fetched for them
   * @param agedFiles not served for {@code ledger.wasteAfterDays} since they were filled
   * @param agedBytes fetched for them
   * @param untrackedFiles that could not be watched, for want of room
   */
  public record Wasted(
      long evictedFiles, long evictedBytes, long agedFiles, long agedBytes, long untrackedFiles) {}

  /**
   * What may be missing from these sums, or in the wrong day.
   *
   * @param droppedRecords responses that their server could not tell of
   * @param futureRecords from the future, taken as of their arrival
   * @param malformedRecords left out
   * @param lateFills results of filling of a day that was closed, in this day's sums
   */
  public record Doubt(
      long droppedRecords, long futureRecords, long malformedRecords, long lateFills) {}
}
