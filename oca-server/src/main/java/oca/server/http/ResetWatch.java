package oca.server.http;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.BooleanSupplier;

/**
 * Finds out, on io_uring, that the peer reset a connection behind bytes which were still being
 * read. Netty 4.2 passes over what its poll tells while a read is under way, and a poll for many
 * reads does not tell twice: without a look of our own such a connection stays until it has been
 * idle for too long. (A poll for each read would tell, for a third more garbage a request, and
 * holds sockets whose close waits for a write.)
 *
 * <p>The first handler of a connection's pipeline. It looks after reads that led to no answer; the
 * sending of an answer finds out by itself.
 */
final class ResetWatch extends ChannelInboundHandlerAdapter {
  private final Sendfile calls;
  private final int socket;
  private final BooleanSupplier looks;

  /**
   * @param looks asked after each read, whether to look
   */
  ResetWatch(Sendfile calls, int socket, BooleanSupplier looks) {
    this.calls = calls;
    this.socket = socket;
    this.looks = looks;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.fireChannelReadComplete();
    // A socket that is not open any more has given its number back.
    if (ctx.channel().isOpen() && looks.getAsBoolean() && isReset()) {
      ctx.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    }
  }

  private boolean isReset() {
    long peeked = calls.peek(socket);
    return peeked < 0 && peeked != -Errno.EAGAIN && peeked != -Errno.EINTR;
  }
}
