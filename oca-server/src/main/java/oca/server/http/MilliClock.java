package oca.server.http;

import java.time.Instant;
import java.time.InstantSource;

/** A clock that gives one instant for each millisecond, for answers end many at once. */
final class MilliClock implements InstantSource {
  private final InstantSource clock;
  private volatile Instant last = Instant.EPOCH;

  MilliClock(InstantSource clock) {
    this.clock = clock;
  }

  /** The time, without what is less than a millisecond. Any thread. */
  @Override
  public Instant instant() {
    long millis = clock.millis();
    Instant known = last;
    if (known.toEpochMilli() != millis) {
      known = Instant.ofEpochMilli(millis);
      last = known;
    }
    return known;
  }

  @Override
  public long millis() {
    return clock.millis();
  }
}
