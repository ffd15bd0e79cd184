package oca.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Tells HTTP/2 with prior knowledge (RFC 9113, section 3.3) from HTTP/1 by the first bytes of a
 * connection, and then goes.
 *
 * <p>A connection whose first byte is no {@code P} is left alone after that comparison. At most 23
 * bytes are kept to see whether the preface goes on; meanwhile the time for a head runs. On the
 * connection's event loop only.
 */
final class PrefaceSniffer extends ChannelInboundHandlerAdapter {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final Consumer<ChannelHandlerContext> toHttp2;
  private ByteBuf kept = Unpooled.EMPTY_BUFFER;

  /**
   * @param toHttp2 makes the connection one of HTTP/2; what came in is passed on after that
   */
  PrefaceSniffer(Consumer<ChannelHandlerContext> toHttp2) {
    this.toHttp2 = toHttp2;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof ByteBuf bytes)) {
      ctx.fireChannelRead(message);
      return;
    }
    if (!kept.isReadable() && bytes.isReadable() && bytes.getByte(bytes.readerIndex()) != 'P') {
      passOn(ctx, bytes);
      return;
    }
    kept = kept.isReadable() ? Unpooled.wrappedBuffer(kept, bytes) : bytes;
    int same = same(kept);
    if (same == PREFACE.length) {
      toHttp2.accept(ctx);
    } else if (same == kept.readableBytes()) {
      return;
    }
    ByteBuf all = kept;
    kept = Unpooled.EMPTY_BUFFER;
    passOn(ctx, all);
  }

  private void passOn(ChannelHandlerContext ctx, ByteBuf bytes) {
    ctx.fireChannelRead(bytes);
    ctx.pipeline().remove(this);
  }

  /** How many of the first bytes are the preface's. */
  private static int same(ByteBuf bytes) {
    int most = Math.min(bytes.readableBytes(), PREFACE.length);
    int from = bytes.readerIndex();
    int same = 0;
    while (same < most && bytes.getByte(from + same) == PREFACE[same]) {
      same++;
    }
    return same;
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    kept.release();
  }
}
