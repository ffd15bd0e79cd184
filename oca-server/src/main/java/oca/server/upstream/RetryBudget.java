package oca.server.upstream;

import java.time.InstantSource;

/**
 * How many retries and hedges there may be, so that upstreams in trouble are not asked twice as
 * much by all: a share of the questions of the last seconds, and a few a second beside. Safe on any
 * thread; the lock is held for a few additions.
 */
final class RetryBudget {
  private static final int SECONDS = 10;

  private final int share;
  private final int perSecond;
  private final InstantSource clock;
  private final long[] second = new long[SECONDS];
  private final long[] questions = new long[SECONDS];
  private final long[] retries = new long[SECONDS];

  RetryBudget(UpstreamsConfig.Retry config, InstantSource clock) {
    this.share = config.share();
    this.perSecond = config.perSecond();
    this.clock = clock;
  }

  /** A question came. */
  synchronized void asked() {
    questions[bucket(now())]++;
  }

  /** Whether there may be one more retry; it is counted if so. */
  synchronized boolean take() {
    long now = now();
    int bucket = bucket(now);
    long asked = 0;
    long again = 0;
    for (int i = 0; i < SECONDS; i++) {
      if (now - second[i] < SECONDS) {
        asked += questions[i];
        again += retries[i];
      }
    }
    if (retries[bucket] >= perSecond && (again + 1) * 100 > asked * share) {
      return false;
    }
    retries[bucket]++;
    return true;
  }

  private long now() {
    return Math.floorDiv(clock.millis(), 1000L);
  }

  private int bucket(long now) {
    int bucket = (int) Math.floorMod(now, (long) SECONDS);
    if (second[bucket] != now) {
      second[bucket] = now;
      questions[bucket] = 0;
      retries[bucket] = 0;
    }
    return bucket;
  }
}
