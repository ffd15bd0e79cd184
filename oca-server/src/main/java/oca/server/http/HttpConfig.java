package oca.server.http;

import java.time.Duration;
import oca.config.ByteSize;
import oca.config.Default;
import oca.model.Endpoint;

/**
 * How files are served. Each limit is per listener unless it says otherwise.
 *
 * @param listen where; loopback unless told otherwise
 * @param transport which system interface moves the bytes
 * @param eventLoops threads that serve; 0 for one per core
 * @param maxConnections connections that are served at once
 * @param maxRefusals connections beyond those that are answered 503; any more are closed unanswered
 * @param retryAfter what a 503 tells the client to wait, in whole seconds
 * @param maxHeadBytes the longest request line, and again the longest header section
 * @param maxPipelined requests of one connection that may wait for an answer; when more come in,
 *     those are answered and the connection is closed
 * @param maxRequestsPerConnection after so many answers a connection is closed
 * @param headTimeout from a request's first byte to the end of its head, and to a new connection's
 *     first request
 * @param idleTimeout from an answer's end to the next request, and without any progress in an
 *     answer
 * @param lingerTimeout how long a connection that we end may take to end from the other side, so
 *     that the last answer is not lost to a reset (RFC 9112, section 9.6)
 * @param chunk of one body, handed over before another connection has its turn; 4 KiB to 1 GiB
 * @param drainTimeout how long answers under way may take once the listener is closed
 */
public record HttpConfig(
    @Default("127.0.0.1:8080") Endpoint listen,
    @Default("auto") Choice transport,
    @Default("0") int eventLoops,
    @Default("10000") int maxConnections,
    @Default("256") int maxRefusals,
    @Default("5s") Duration retryAfter,
    @Default("16KiB") ByteSize maxHeadBytes,
    @Default("64") int maxPipelined,
    @Default("10000") int maxRequestsPerConnection,
    @Default("10s") Duration headTimeout,
    @Default("30s") Duration idleTimeout,
    @Default("2s") Duration lingerTimeout,
    @Default("2MiB") ByteSize chunk,
    @Default("30s") Duration drainTimeout) {

  /** Which transport is wanted. */
  public enum Choice {
    /** io_uring where the kernel allows it, else epoll, else NIO. */
    AUTO,
    IO_URING,
    EPOLL,
    NIO
  }

  public HttpConfig {
    within("eventLoops", eventLoops, 0, 1024);
    within("maxConnections", maxConnections, 1, 1_000_000);
    within("maxRefusals", maxRefusals, 0, 100_000);
    within("maxHeadBytes", maxHeadBytes.bytes(), 256, 1 << 20);
    within("maxPipelined", maxPipelined, 1, 10_000);
    within("maxRequestsPerConnection", maxRequestsPerConnection, 1, Integer.MAX_VALUE);
    within("chunk", chunk.bytes(), 4096, 1 << 30);
    within("retryAfter in seconds", retryAfter.toSeconds(), 1, 3600);
    within("headTimeout in ms", headTimeout.toMillis(), 10, 3_600_000);
    within("idleTimeout in ms", idleTimeout.toMillis(), 10, 3_600_000);
    within("lingerTimeout in ms", lingerTimeout.toMillis(), 10, 60_000);
    within("drainTimeout in ms", drainTimeout.toMillis(), 0, 3_600_000);
  }

  private static void within(String what, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          what + " must be " + least + " to " + most + ", not " + value);
    }
  }
}
