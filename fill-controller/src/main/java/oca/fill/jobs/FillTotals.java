package oca.fill.jobs;

import java.util.List;

/**
 * What filling has cost and brought since the database was created.
 *
 * @param files filled, whole and verified
 * @param failed results that were not
 * @param bytes fetched over all attempts
 * @param originBytes the part of {@code bytes} that the origin sent
 * @param peerBytes the rest
 * @param filesFromPeers of {@code files}, those whose bytes came from a peer
 * @param filesFromOrigin of {@code files}, those whose bytes came from the origin
 * @param duplicates results that came twice and were counted once
 * @param lastFailures the newest failures, newest first
 */
public record FillTotals(
    long files,
    long failed,
    long bytes,
    long originBytes,
    long peerBytes,
    long filesFromPeers,
    long filesFromOrigin,
    long duplicates,
    List<Failure> lastFailures) {
  public FillTotals {
    lastFailures = List.copyOf(lastFailures);
  }

  /**
   * One file that was not filled.
   *
   * @param at when it was given up, ISO 8601
   * @param file its id
   */
  public record Failure(String at, String appliance, String file, String reason) {}
}
