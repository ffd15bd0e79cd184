package oca.server.http;

import java.time.Duration;
import oca.config.ByteSize;
import oca.config.Default;
import oca.config.Live;

/**
 * HTTP/2 (RFC 9113): the limits of one connection. A peer that oversteps one of frames is told
 * ENHANCE_YOUR_CALM and its connection closed. The longest header section and the most fields are
 * those of HTTP/1.
 *
 * @param enabled whether it is spoken: over TLS by ALPN, in the clear by prior knowledge
 * @param maxStreams requests that one connection may have open
 * @param initialWindow what a peer may send of a body before we say more; bodies are refused
 * @param maxFrame the longest frame we take
 * @param buffer bytes of answers that wait for a connection's socket. With a head of about 1 KiB
 *     for each open stream it is all that a connection whose reader stalls holds in memory: file
 *     bytes are read only when windows and the socket take them
 * @param maxResets RST_STREAM frames that may come, and as many that we may have to send, in a
 *     window of frames (rapid reset, CVE-2023-44487)
 * @param maxControlFrames SETTINGS frames, PING frames, and frames of other kinds that carry no
 *     request, each counted for itself, in a window of frames
 * @param frameWindow the time over which frames are counted
 * @param maxEmptyFrames DATA frames without a byte, one after the other
 * @param maxSmallContinuations CONTINUATION frames of less than 8 KiB in one header section
 */
public record Http2Config(
    @Default("true") boolean enabled,
    @Live @Default("100") int maxStreams,
    @Live @Default("64KiB") ByteSize initialWindow,
    @Live @Default("16KiB") ByteSize maxFrame,
    @Default("256KiB") ByteSize buffer,
    @Default("200") int maxResets,
    @Default("200") int maxControlFrames,
    @Default("10s") Duration frameWindow,
    @Default("10") int maxEmptyFrames,
    @Default("16") int maxSmallContinuations) {

  public Http2Config {
    HttpConfig.within("maxStreams", maxStreams, 1, 10_000);
    HttpConfig.within("initialWindow", initialWindow.bytes(), 0, 16 << 20);
    HttpConfig.within("maxFrame", maxFrame.bytes(), 16_384, (1 << 24) - 1);
    HttpConfig.within("buffer", buffer.bytes(), 32_768, 64 << 20);
    HttpConfig.within("maxResets", maxResets, 1, 1_000_000);
    HttpConfig.within("maxControlFrames", maxControlFrames, 10, 1_000_000);
    HttpConfig.within("frameWindow in ms", frameWindow.toMillis(), 100, 600_000);
    HttpConfig.within("maxEmptyFrames", maxEmptyFrames, 1, 10_000);
    HttpConfig.within("maxSmallContinuations", maxSmallContinuations, 1, 10_000);
  }
}
