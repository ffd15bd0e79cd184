package oca.protocol.flight;

import java.time.Duration;
import oca.config.Default;

/**
 * When an objective is missed, so that the recording of the minutes before is kept.
 *
 * @param firstByte of an appliance's answers with content, 99 of a hundred have their first byte
 *     handed over within that time; compared by buckets, see {@code oca_first_byte_seconds}
 * @param errors the share of requests answered 5xx by an appliance that is borne, 0 to 1
 * @param stall an event loop does a task within that time, and the process is never paused for
 *     longer
 * @param over the time over which the first two are looked at
 * @param least requests within that time; of fewer nothing is said
 * @param after so long after its start a process is not held to anything
 */
public record SloConfig(
    @Default("1s") Duration firstByte,
    @Default("0.02") double errors,
    @Default("500ms") Duration stall,
    @Default("10s") Duration over,
    @Default("100") int least,
    @Default("1min") Duration after) {

  /** What is not configured. */
  public static final SloConfig DEFAULT =
      new SloConfig(
          Duration.ofSeconds(1),
          0.02,
          Duration.ofMillis(500),
          Duration.ofSeconds(10),
          100,
          Duration.ofMinutes(1));

  public SloConfig {
    require(firstByte.isPositive(), "firstByte must be above zero");
    require(errors >= 0 && errors <= 1, "errors must be 0 to 1");
    require(stall.toMillis() >= 10, "stall must be 10ms or more");
    require(
        over.compareTo(Duration.ofSeconds(1)) >= 0 && over.compareTo(Duration.ofMinutes(10)) <= 0,
        "over must be 1s to 10min");
    require(least >= 1, "least must be 1 or more");
    require(!after.isNegative(), "after must not be below zero");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
