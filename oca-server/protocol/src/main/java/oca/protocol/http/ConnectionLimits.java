package oca.protocol.http;

import java.time.Duration;
import oca.config.ByteSize;
import oca.config.Default;

/**
 * What one listener takes of connections; what goes beyond is refused for a {@link ListenerReason}
 * and counted.
 *
 * @param connections open at once
 * @param perAddress open at once from one address
 * @param idle between two requests, and for a client that takes nothing of its answer
 * @param head the longest request line, and the longest header section
 * @param requestTime from the first byte of a request to its last, and for a TLS handshake
 * @param eventStreams of server-sent events, open at once
 * @param eventQueue events that wait for one reader; one more, and it is dropped
 * @param eventHeartbeat between two comments on an event stream, for those in between
 */
public record ConnectionLimits(
    @Default("4096") int connections,
    @Default("1024") int perAddress,
    @Default("75s") Duration idle,
    @Default("32KiB") ByteSize head,
    @Default("60s") Duration requestTime,
    @Default("256") int eventStreams,
    @Default("256") int eventQueue,
    @Default("15s") Duration eventHeartbeat) {

  private static final Duration LONGEST = Duration.ofDays(1);

  /** Those of a configuration that says nothing. */
  public static final ConnectionLimits DEFAULT =
      new ConnectionLimits(
          4096,
          1024,
          Duration.ofSeconds(75),
          new ByteSize(32 << 10),
          Duration.ofSeconds(60),
          256,
          256,
          Duration.ofSeconds(15));

  public ConnectionLimits {
    require(connections > 0, "connections must be above 0");
    require(perAddress > 0, "perAddress must be above 0");
    require(head.bytes() >= 256 && head.bytes() <= 1 << 20, "head must be 256B to 1MiB");
    require(eventStreams > 0, "eventStreams must be above 0");
    require(eventQueue > 0, "eventQueue must be above 0");
    require(within(idle), "idle must be 10ms to 1d");
    require(within(requestTime), "requestTime must be 10ms to 1d");
    require(within(eventHeartbeat), "eventHeartbeat must be 10ms to 1d");
  }

  private static boolean within(Duration time) {
    return time.toMillis() >= 10 && time.compareTo(LONGEST) <= 0;
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
