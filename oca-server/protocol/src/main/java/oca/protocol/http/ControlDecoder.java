package oca.protocol.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;

/**
 * Netty's codec, strict: line ends are CR LF, a length is told once and in one way, and chunks are
 * what RFC 9112 has them be. A folded line (obs-fold) becomes one with a blank, as section 5.2
 * allows.
 */
final class ControlDecoder extends HttpRequestDecoder {
  private static final int PART = 64 << 10;

  private boolean heard;

  ControlDecoder(ConnectionLimits limits) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength((int) limits.head().bytes())
            .setMaxHeaderSize((int) limits.head().bytes())
            .setMaxChunkSize(PART)
            .setValidateHeaders(true)
            .setAllowDuplicateContentLengths(false)
            .setUseRfc9112TransferEncoding(true)
            .setStrictLineParsing(true));
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    heard = true;
    super.channelRead(ctx, message);
  }

  /** Whether something came since this was asked last. */
  boolean heard() {
    boolean was = heard;
    heard = false;
    return was;
  }
}
