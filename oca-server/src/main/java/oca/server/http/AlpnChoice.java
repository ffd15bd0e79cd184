package oca.server.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the end of a TLS handshake and makes the connection one of the protocol that was agreed
 * on (RFC 7301); HTTP/1.1 when none was. On the connection's event loop only.
 */
final class AlpnChoice extends ApplicationProtocolNegotiationHandler {
  private static final Logger log = LoggerFactory.getLogger(AlpnChoice.class);

  private final Tally tally;
  private final BiConsumer<ChannelHandlerContext, Boolean> begin;
  private boolean failed;

  /**
   * @param begin told whether it is HTTP/2
   */
  AlpnChoice(Tally tally, BiConsumer<ChannelHandlerContext, Boolean> begin) {
    super(ApplicationProtocolNames.HTTP_1_1);
    this.tally = tally;
    this.begin = begin;
  }

  @Override
  protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
    begin.accept(ctx, protocol.equals(ApplicationProtocolNames.HTTP_2));
  }

  /** Every scanner fails at it, so it is counted and not told. */
  @Override
  protected void handshakeFailure(ChannelHandlerContext ctx, Throwable cause) {
    fail(ctx, cause);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event instanceof SslHandshakeCompletionEvent end && !end.isSuccess()) {
      fail(ctx, end.cause()); // not in time
    }
    super.userEventTriggered(ctx, event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(ctx, cause);
  }

  private void fail(ChannelHandlerContext ctx, Throwable cause) {
    if (!failed) {
      failed = true;
      tally.handshakeFailed();
    }
    log.debug("a TLS handshake failed: {}", cause.toString());
    var _ = ctx.close();
  }
}
