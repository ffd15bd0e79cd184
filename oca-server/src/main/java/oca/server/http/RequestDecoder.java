package oca.server.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;

/** Reads requests, strictly, and knows whether one has begun that has not come to its end. */
final class RequestDecoder extends HttpRequestDecoder {
  private boolean begun;

  RequestDecoder(int maxHeadBytes) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(maxHeadBytes)
            .setMaxHeaderSize(maxHeadBytes)
            .setValidateHeaders(true)
            .setStrictLineParsing(true)
            .setAllowDuplicateContentLengths(false));
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object bytes) throws Exception {
    begun = true;
    super.channelRead(ctx, bytes);
  }

  /**
   * Whether bytes came in since the last head was complete. Bytes that came in together with that
   * head's end are not seen; then a head counts as begun with its next bytes.
   */
  boolean hasBegun() {
    return begun;
  }

  /** A head is complete. */
  void taken() {
    begun = false;
  }
}
