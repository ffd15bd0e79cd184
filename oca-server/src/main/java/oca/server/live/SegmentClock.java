package oca.server.live;

/**
 * When an event's segments come and go. Whole milliseconds throughout; what would not fit into a
 * long is so far away that it makes no difference, and stays there ({@link #FAR}).
 *
 * <p>Segment {@code i}, counted from 0, ends at {@code start + (i + 1) * segment}, or with the
 * event. That is its nominal time. It is due {@code early} before, held for {@code 1 + ahead}
 * segments before it is due, and leaves {@code window + segment} after its nominal time.
 */
final class SegmentClock {
  /** Beyond all times: about 36 million years, with room for sums. */
  static final long FAR = 1L << 60;

  private static final int MILLIS = 1000;
  private static final int LEAST_TICKS = 4;

  private final long start;
  private final long segment;
  private final long length;
  private final long segments;
  private final long window;
  private final long early;
  private final long late;
  private final long hold;
  private final long held;
  private final long firstNumber;
  private final long firstTime;
  private final long timescale;

  SegmentClock(EventConfig config) {
    start = config.start().toEpochMilli();
    segment = config.segmentDuration().toMillis();
    length = config.duration().map(it -> it.toMillis()).orElse(FAR);
    segments = length == FAR ? Long.MAX_VALUE : Math.ceilDiv(length, segment);
    window = config.window().toMillis();
    early = config.early().toMillis();
    late = config.late().map(it -> it.toMillis()).orElse(segment);
    hold = config.hold().map(it -> it.toMillis()).orElse(segment);
    held = (1L + config.ahead()) * segment;
    firstNumber = config.firstNumber();
    firstTime = config.firstTime();
    timescale = config.timescale();
  }

  /** Whether times tell segments apart: whole ticks each, or enough of them to round. */
  static boolean canTell(long segmentMillis, long timescale) {
    long milliTicks = segmentMillis * timescale;
    return milliTicks % MILLIS == 0 || milliTicks >= LEAST_TICKS * MILLIS;
  }

  /** The decision on the segment with that number. */
  LiveDecision ofNumber(Edition edition, long number, long now) {
    return decide(edition, number - firstNumber, now);
  }

  /** The decision on the segment that begins at that time, in ticks. */
  LiveDecision ofTime(Edition edition, long time, long now) {
    long milliTicks = segment * timescale;
    // 2^53 thousand still fit into a long, and so does one segment more.
    long since = (time - firstTime) * MILLIS;
    if (since < 0) {
      return new LiveDecision.NoSuch(edition);
    }
    long index = (since + milliTicks / 2) / milliTicks;
    long off = Math.abs(since - index * milliTicks);
    long tolerated = milliTicks % MILLIS == 0 ? 0 : MILLIS;
    return off > tolerated ? new LiveDecision.NoSuch(edition) : decide(edition, index, now);
  }

  private LiveDecision decide(Edition edition, long index, long now) {
    long number = firstNumber + index;
    if (index < 0 || index >= segments || number > PathTemplate.MAX_NUMBER) {
      return new LiveDecision.NoSuch(edition);
    }
    long nominal = start + Math.min(length, index >= FAR / segment ? FAR : (index + 1) * segment);
    long due = nominal - early;
    long leaves = nominal + window + segment;
    if (now < due - held) {
      return new LiveDecision.TooEarly(edition, number, due, due - held);
    }
    if (now < due) {
      return new LiveDecision.Next(edition, number, due, due + hold);
    }
    if (now < leaves) {
      return new LiveDecision.Available(edition, number, due, leaves, nominal + late, hold);
    }
    return new LiveDecision.Gone(edition, number);
  }
}
