package oca.server.http;

import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2PromisedRequestVerifier;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;

/**
 * Netty's parts that read and write the frames of one connection, with every limit set.
 *
 * @param budget counts frames before anything is made of them
 */
record Http2Framing(
    Http2ConnectionDecoder decoder,
    Http2ConnectionEncoder encoder,
    Http2Settings settings,
    FrameBudget budget) {

  /** What one stream writes before another has its turn. */
  private static final int LEAST_TURN = 16_384;

  /** The parts for a new connection. */
  static Http2Framing of(Serving serving) {
    Http2Config limits = serving.config().http2();
    Http2Connection connection = new DefaultHttp2Connection(true, 0);
    connection.remote().maxActiveStreams(limits.maxStreams());
    // Priorities are out of use (RFC 9113, section 5.3), so all streams are alike.
    UniformStreamByteDistributor turns = new UniformStreamByteDistributor(connection);
    turns.minAllocationChunk(LEAST_TURN);
    connection.remote().flowController(new DefaultHttp2RemoteFlowController(connection, turns));
    Http2ConnectionEncoder encoder =
        new DefaultHttp2ConnectionEncoder(connection, new DefaultHttp2FrameWriter());
    FrameBudget budget = new FrameBudget(limits, serving.tally(), System.nanoTime());
    Http2FrameReader reader =
        new CountedFrames(
            new DefaultHttp2FrameReader(
                new DefaultHttp2HeadersDecoder(true, serving.maxHeadBytes()),
                limits.maxSmallContinuations()),
            budget);
    Http2ConnectionDecoder decoder =
        new DefaultHttp2ConnectionDecoder(
            connection,
            encoder,
            reader,
            Http2PromisedRequestVerifier.ALWAYS_VERIFY,
            true,
            true,
            true,
            true);
    Http2Settings settings =
        new Http2Settings()
            .maxConcurrentStreams(limits.maxStreams())
            .initialWindowSize((int) limits.initialWindow().bytes())
            .maxFrameSize((int) limits.maxFrame().bytes())
            .maxHeaderListSize(serving.maxHeadBytes());
    return new Http2Framing(decoder, encoder, settings, budget);
  }
}
