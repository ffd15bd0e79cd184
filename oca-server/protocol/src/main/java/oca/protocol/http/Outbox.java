package oca.protocol.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where the answers of one connection gather until they are written, as one buffer. A long body is
 * written apart, uncopied until the socket takes it. On the connection's event loop only.
 */
final class Outbox {
  private static final int MANY = 48 << 10;
  private static final int APART = 16 << 10;
  private static final int STEP = 256 << 10;
  private static final byte[] CONTINUE =
      "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final AnswerEncoder encoder;
  private @Nullable ByteBuf gathered;

  Outbox(AnswerEncoder encoder) {
    this.encoder = encoder;
  }

  void goOn(ChannelHandlerContext ctx) {
    gather(ctx).writeBytes(CONTINUE);
  }

  /** Takes a whole answer. */
  void put(ChannelHandlerContext ctx, Response response, boolean headOnly, boolean close) {
    ByteBuf out = gather(ctx);
    encoder.head(out, response, AnswerEncoder.Framing.LENGTH, close);
    byte[] bytes = response.body();
    int status = response.status();
    if (headOnly || bytes.length == 0 || status == 204 || status == 304) {
      return;
    }
    if (bytes.length <= APART) {
      out.writeBytes(bytes);
    } else {
      // In steps, so that it can be seen whether the client takes them.
      write(ctx);
      for (int from = 0; from < bytes.length; from += STEP) {
        int length = Math.min(STEP, bytes.length - from);
        var _ = ctx.write(Unpooled.wrappedBuffer(bytes, from, length), ctx.voidPromise());
      }
    }
  }

  /** Takes the head of an answer that ends with the connection, or is chunked. */
  void putHead(ChannelHandlerContext ctx, Response response, AnswerEncoder.Framing framing) {
    encoder.head(gather(ctx), response, framing, true);
  }

  /** Whether it is better not to wait for the end of what was read. */
  boolean isFull() {
    return gathered != null && gathered.readableBytes() > MANY;
  }

  /** Hands over what has gathered; nothing is on its way before a flush. */
  void write(ChannelHandlerContext ctx) {
    ByteBuf out = gathered;
    if (out != null) {
      gathered = null;
      var _ = ctx.write(out, ctx.voidPromise());
    }
  }

  void flush(ChannelHandlerContext ctx) {
    write(ctx);
    ctx.flush();
  }

  /** Throws away what has gathered. */
  void clear() {
    if (gathered != null) {
      gathered.release();
      gathered = null;
    }
  }

  private ByteBuf gather(ChannelHandlerContext ctx) {
    ByteBuf out = gathered;
    if (out == null) {
      out = ctx.alloc().directBuffer(1024);
      gathered = out;
    }
    return out;
  }
}
