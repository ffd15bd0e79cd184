package oca.protocol;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a record can say at most, so that sums of records stay numbers and times can be reckoned
 * with. Wide: who is beyond it is broken or lies. Pure.
 */
public final class Plausible {
  /** A response, or a file, of a pebibyte. */
  public static final long MOST_BYTES = 1L << 50;

  /** Records dropped between two batches. */
  public static final long MOST_DROPPED = 1L << 40;

  private static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("3000-01-01T00:00:00Z");
  private static final long MOST_MICROS = Duration.ofDays(31).toMillis() * 1000;
  private static final long MOST_TTL_SECONDS = Duration.ofDays(366).toSeconds();
  private static final int MOST_WORD = 256;
  private static final int MOST_KEY = 4096;

  private Plausible() {}

  /** Whether a response can be so; what is below 0 is left to whoever counts it. */
  public static boolean isServed(ServeRecord record) {
    Playback told = record.playback();
    return isTime(record.at())
        && record.bodyBytes() <= MOST_BYTES
        && record.micros() <= MOST_MICROS
        && isShort(record.client())
        && isShort(record.outcome())
        && (told == null || (isShort(told.session()) && isShort(told.content())));
  }

  /** Whether an answer can be so. */
  public static boolean isAnswered(SteeringRecord record) {
    return isTime(record.at())
        && record.ttlSeconds() >= 0
        && record.ttlSeconds() <= MOST_TTL_SECONDS
        && isShort(record.session())
        && isShort(record.client())
        && isShort(record.network())
        && record.key().length() <= MOST_KEY;
  }

  /** Whether a file can have ended so. */
  public static boolean isFilled(FillReport.Result result) {
    return isTime(result.at())
        && isAmount(result.bytesFetched())
        && isAmount(result.bytesFromOrigin())
        && result.originReasons().values().stream().allMatch(Plausible::isAmount);
  }

  /** Whether a batch can have that number, and tell of so many lost. */
  public static boolean isNumbered(long sequence, long dropped) {
    return sequence > 0 && sequence < Long.MAX_VALUE >> 1 && dropped <= MOST_DROPPED;
  }

  private static boolean isTime(Instant at) {
    return !at.isBefore(EARLIEST) && at.isBefore(LATEST);
  }

  private static boolean isAmount(long bytes) {
    return bytes >= 0 && bytes <= MOST_BYTES;
  }

  private static boolean isShort(@Nullable String word) {
    return word == null || word.length() <= MOST_WORD;
  }
}
