package oca.fill.viewers;

import java.util.Arrays;
import oca.protocol.Playback;
import oca.protocol.ServeRecord;
import org.jspecify.annotations.Nullable;

/** Sums of responses; grows. */
final class ViewerSums {
  /** Upper ends in microseconds, each included; the last bucket has no end. */
  private static final long[] MICROS = {
    100,
    250,
    500,
    1_000,
    2_500,
    5_000,
    10_000,
    25_000,
    50_000,
    100_000,
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000
  };

  /** Said for what took longer than all of them; ten minutes, so that it can be drawn. */
  private static final long LONGEST = 600_000_000;

  private static final int SERVER_FAULT = 500;

  private final int[] firstBytes = new int[MICROS.length + 1];
  private long starts;
  private long responses;
  private long told;
  private long bytes;
  private long failed;
  private long brokenOff;
  private long starved;
  private long timedBytes;
  private long lateBytes;

  void add(ServeRecord record, boolean isStart) {
    responses++;
    bytes += record.bodyBytes();
    starts += isStart ? 1 : 0;
    failed += record.status() >= SERVER_FAULT ? 1 : 0;
    brokenOff += record.complete() ? 0 : 1;
    Long first = record.firstByteMicros();
    if (first != null) {
      int at = Arrays.binarySearch(MICROS, first);
      firstBytes[at < 0 ? -at - 1 : at]++;
    }
    Playback playback = record.playback();
    if (playback != null) {
      told++;
      starved += playback.starved() ? 1 : 0;
      time(record, playback);
    }
  }

  /** Late is what took longer to be taken than it plays; of what was broken off nobody can say. */
  private void time(ServeRecord record, Playback playback) {
    Integer kbps = playback.bitrateKbps();
    if (kbps == null || kbps <= 0 || record.bodyBytes() == 0 || !record.complete()) {
      return;
    }
    timedBytes += record.bodyBytes();
    double playsMicros = record.bodyBytes() * 8000.0 / kbps;
    if (record.micros() > playsMicros) {
      lateBytes += record.bodyBytes();
    }
  }

  void add(ViewerSums other) {
    for (int i = 0; i < firstBytes.length; i++) {
      firstBytes[i] += other.firstBytes[i];
    }
    starts += other.starts;
    responses += other.responses;
    told += other.told;
    bytes += other.bytes;
    failed += other.failed;
    brokenOff += other.brokenOff;
    starved += other.starved;
    timedBytes += other.timedBytes;
    lateBytes += other.lateBytes;
  }

  ViewerFigure over(double seconds) {
    return new ViewerFigure(
        starts,
        starts / seconds,
        responses,
        told,
        bytes,
        bytes * 8 / seconds,
        failed,
        brokenOff,
        starved,
        timedBytes,
        lateBytes,
        firstByte(0.5),
        firstByte(0.95),
        firstByte(0.99));
  }

  /** The end of the bucket in which that share of all is reached; null when nothing was timed. */
  private @Nullable Long firstByte(double share) {
    long all = Arrays.stream(firstBytes).asLongStream().sum();
    if (all == 0) {
      return null;
    }
    long due = (long) Math.ceil(all * share);
    long seen = 0;
    for (int i = 0; i < MICROS.length; i++) {
      seen += firstBytes[i];
      if (seen >= due) {
        return MICROS[i];
      }
    }
    return LONGEST;
  }
}
