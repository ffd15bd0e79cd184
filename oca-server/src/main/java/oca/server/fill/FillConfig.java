package oca.server.fill;

import java.time.Duration;
import java.util.List;
import oca.config.ByteSize;
import oca.config.Default;
import oca.config.Live;
import oca.model.Endpoint;
import oca.server.fill.s3.S3Config;

/**
 * How files are fetched. When and how fast is said by the manifest.
 *
 * @param manifestInterval between two looks at the manifest
 * @param workers files fetched at once
 * @param origins where origins listen: bytes from there count as the origin's, all others as a
 *     peer's
 * @param s3 buckets that sources of the form {@code s3://BUCKET/KEY} are in
 * @param connect the longest that connecting to a source may take
 * @param stall the longest wait for a source's next bytes, its answer's head included
 * @param buffer the most bytes handed to the store at once, and so the most held in memory by a
 *     worker beside what the HTTP client has read ahead
 * @param maxBlockList the longest block list that is read into memory, by each worker; a file whose
 *     list is longer comes in without it and is shown only when whole. The default is enough for a
 *     file of 64 GiB in blocks of 1 MiB
 * @param maxRepairs files with damaged blocks that wait to be repaired at most; the others are
 *     fetched in the next window
 * @param attempts rounds over all sources of a file within one window, after which it is given up
 * @param retry the pause after the first failed round; it doubles with each
 * @param patience how long to wait for those who have not a file yet, or cannot be relied on
 * @param yield how filling makes way for viewers
 * @param grants whether a controller says when files are begun
 * @param reportInterval the longest that a result waits to be reported
 * @param reportBacklog results kept while the controller is down; more are dropped
 * @param reportFlush the longest that closing waits for the last reports
 */
public record FillConfig(
    @Live @Default("10s") Duration manifestInterval,
    @Default("4") int workers,
    List<Endpoint> origins,
    List<S3Config> s3,
    @Default("5s") Duration connect,
    @Default("20s") Duration stall,
    @Default("256KiB") ByteSize buffer,
    @Default("2MiB") ByteSize maxBlockList,
    @Default("1000") int maxRepairs,
    @Default("4") int attempts,
    @Default("30s") Duration retry,
    @Default("{}") Patience patience,
    @Default("{}") YieldConfig yield,
    @Default("{}") GrantConfig grants,
    @Default("1s") Duration reportInterval,
    @Default("10000") int reportBacklog,
    @Default("3s") Duration reportFlush) {

  public FillConfig {
    requireBetween("workers", workers, 1, 64);
    requireBetween("maxRepairs", maxRepairs, 1, 1_000_000);
    requireBetween("attempts", attempts, 1, 100);
    requireBetween("reportBacklog", reportBacklog, 1, 1_000_000);
    requireBetween("buffer", buffer.bytes(), 4096, 16 << 20);
    requireBetween("maxBlockList", maxBlockList.bytes(), 32, 64 << 20);
    requirePositive("manifestInterval", manifestInterval);
    requirePositive("connect", connect);
    requirePositive("stall", stall);
    requirePositive("retry", retry);
    requirePositive("reportInterval", reportInterval);
  }

  private static void requireBetween(String key, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          key + " must be " + least + " to " + most + ", not " + value);
    }
  }

  private static void requirePositive(String key, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(key + " must be above zero");
    }
  }
}
