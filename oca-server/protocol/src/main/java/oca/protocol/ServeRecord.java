package oca.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import oca.model.ContentId;
import org.jspecify.annotations.Nullable;

/**
 * One response that a server finished or broke off.
 *
 * @param at when it ended
 * @param file what was asked for, whether held or not
 * @param client the asker's network, not its address: the address with all but the first 24 bits
 *     (IPv4) or 48 bits (IPv6) set to zero
 * @param status the HTTP status sent
 * @param firstByte offset of the first body byte in the file; 0 when there is no body of the file
 * @param bodyBytes bytes of the file that were handed to the kernel
 * @param complete false when the connection ended before the whole answer was handed over
 * @param micros from the request's last byte read to the answer's last byte handed over
 * @param outcome the reason, one of a closed list; see the server's table of replies
 * @param playback what the player told of itself; null when it told nothing
 * @param source where the bytes were when they were asked for, one of {@link #SOURCES}; null when
 *     none of the file were sent, or the sender does not say
 * @param firstByteMicros from the request's last byte read to the first byte of the file handed to
 *     the kernel; null when none was, or the sender does not say
 */
public record ServeRecord(
    Instant at,
    ContentId file,
    String client,
    int status,
    long firstByte,
    long bodyBytes,
    boolean complete,
    long micros,
    String outcome,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Playback playback,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String source,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long firstByteMicros) {

  /** Held here whole. */
  public static final String DISK = "disk";

  /** Of a file that was still being filled. */
  public static final String FILLING = "filling";

  /** Fetched from an upstream for this answer. */
  public static final String PROXIED = "proxied";

  /** All that {@link #source} says. */
  public static final List<String> SOURCES = List.of(DISK, FILLING, PROXIED);

  /** A response of which nobody says when its first byte went out. */
  public ServeRecord(
      Instant at,
      ContentId file,
      String client,
      int status,
      long firstByte,
      long bodyBytes,
      boolean complete,
      long micros,
      String outcome,
      @Nullable Playback playback,
      @Nullable String source) {
    this(
        at, file, client, status, firstByte, bodyBytes, complete, micros, outcome, playback, source,
        null);
  }

  /** A response of which nobody says where its bytes were. */
  public ServeRecord(
      Instant at,
      ContentId file,
      String client,
      int status,
      long firstByte,
      long bodyBytes,
      boolean complete,
      long micros,
      String outcome,
      @Nullable Playback playback) {
    this(
        at, file, client, status, firstByte, bodyBytes, complete, micros, outcome, playback, null,
        null);
  }

  /** A response to somebody who told nothing of a playback. */
  public ServeRecord(
      Instant at,
      ContentId file,
      String client,
      int status,
      long firstByte,
      long bodyBytes,
      boolean complete,
      long micros,
      String outcome) {
    this(
        at, file, client, status, firstByte, bodyBytes, complete, micros, outcome, null, null,
        null);
  }
}
