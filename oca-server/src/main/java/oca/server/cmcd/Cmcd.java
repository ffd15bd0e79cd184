package oca.server.cmcd;

import java.util.List;
import oca.protocol.Playback;
import org.jspecify.annotations.Nullable;

/**
 * What one request tells of the player behind it (CTA-5004 and its revisions A and B). Numbers that
 * were not told are -1, words null. Where version 2 tells a number per object type, it is the one
 * that goes with this object, see {@link Amounts}.
 *
 * @param source where it was told
 * @param version of the specification that the player follows, 1 when it does not say; 0 in {@link
 *     #NONE}
 * @param malformed keys that were dropped: wrong type, out of range, too long, or unreadable
 * @param sessionId {@code sid}, one playback on one device, at most 64 printable ASCII characters
 * @param contentId {@code cid}, at most 64 (version 1) or 128 printable ASCII characters
 * @param objectType {@code ot}
 * @param streamingFormat {@code sf}
 * @param streamType {@code st}
 * @param playerState {@code sta}
 * @param encodedKbps {@code br}, or else {@code ab}: bitrate of the object, kbit/s
 * @param topKbps {@code tb}: highest bitrate on offer, kbit/s
 * @param requestedKbps {@code rtp}: what is enough for this answer, kbit/s
 * @param measuredKbps {@code mtp}: what the player measured, kbit/s
 * @param bufferMillis {@code bl}: media in the buffer, ms
 * @param deadlineMillis {@code dl}: when the object is needed, ms from the request
 * @param objectMillis {@code d}: how long the object plays, ms
 * @param playbackRate {@code pr}: 1 for normal, 0 when not playing; -1 when not told, which means 1
 * @param starved {@code bs}: the buffer ran dry since the last request
 * @param startup {@code su}: urgent, for a start, a seek, or after running dry
 * @param next {@code nor} and {@code nrr}, in the player's order
 */
public record Cmcd(
    Source source,
    int version,
    int malformed,
    @Nullable String sessionId,
    @Nullable String contentId,
    @Nullable ObjectType objectType,
    @Nullable StreamingFormat streamingFormat,
    @Nullable StreamType streamType,
    @Nullable PlayerState playerState,
    int encodedKbps,
    int topKbps,
    int requestedKbps,
    int measuredKbps,
    int bufferMillis,
    int deadlineMillis,
    int objectMillis,
    double playbackRate,
    boolean starved,
    boolean startup,
    List<NextObject> next) {

  /** Where it was told. */
  public enum Source {
    NONE,
    QUERY,
    HEADERS
  }

  /** A request that tells nothing. */
  public static final Cmcd NONE =
      new Cmcd(
          Source.NONE,
          0,
          0,
          null,
          null,
          null,
          null,
          null,
          null,
          -1,
          -1,
          -1,
          -1,
          -1,
          -1,
          -1,
          -1,
          false,
          false,
          List.of());

  public Cmcd {
    next = List.copyOf(next);
  }

  /** What of it goes into a serve record; null when the request told nothing that was readable. */
  public @Nullable Playback playback() {
    boolean numbers = encodedKbps >= 0 || measuredKbps >= 0 || bufferMillis >= 0;
    boolean words = objectType != null || streamType != null;
    boolean ids = sessionId != null || contentId != null;
    if (!numbers && !words && !ids && !starved && !startup) {
      return null;
    }
    return new Playback(
        sessionId,
        contentId,
        objectType == null ? null : objectType.label(),
        streamType == null ? null : streamType.label(),
        told(encodedKbps),
        told(measuredKbps),
        told(bufferMillis),
        starved,
        startup);
  }

  private static @Nullable Integer told(int number) {
    return number < 0 ? null : Integer.valueOf(number);
  }
}
