package oca.fill.jobs;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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
 * @param originReasons bytes from the origin by the reason for which they were fetched there
 * @param badPeers how often an appliance said of another that it sent wrong bytes
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
    Map<String, Long> originReasons,
    long badPeers,
    List<Failure> lastFailures) {
  public FillTotals {
    originReasons = Collections.unmodifiableMap(new TreeMap<>(originReasons));
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
