package oca.server.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.unix.UnixChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lets new connections in, and finds out which protocol each speaks. One for each address that is
 * listened on; each call is on the connection's event loop, before anything is read from it.
 */
final class Entrance extends ChannelInitializer<Channel> {
  private final Serving serving;
  private final Transport transport;
  private final AdmissionGate gate;
  private final ChannelGroup connections;
  private final @Nullable Certificates certificates;
  private final FastThreadLocal<EventLoopState> loops;

  /**
   * @param connections those let in are added
   * @param certificates for TLS; null for an address in the clear
   * @param loops what each event loop has of its own
   */
  Entrance(
      Serving serving,
      Transport transport,
      AdmissionGate gate,
      ChannelGroup connections,
      @Nullable Certificates certificates,
      FastThreadLocal<EventLoopState> loops) {
    this.serving = serving;
    this.transport = transport;
    this.gate = gate;
    this.connections = connections;
    this.certificates = certificates;
    this.loops = loops;
  }

  @Override
  protected void initChannel(Channel connection) throws IOException {
    Asker asker = Asker.of(connection.remoteAddress());
    AdmissionGate.Verdict verdict = gate.enter(asker.network());
    if (verdict == AdmissionGate.Verdict.SHED) {
      connection.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
      return;
    }
    connection.closeFuture().addListener(_ -> gate.leave(verdict, asker.network()));
    boolean refusing = verdict == AdmissionGate.Verdict.REFUSE;
    Certificates identity = certificates;
    if (identity == null) {
      inTheClear(connection, asker, refusing);
    } else {
      overTls(connection, asker, identity, refusing);
    }
    connections.add(connection);
  }

  /**
   * @param looks asked after each read, whether the peer may have gone behind it
   */
  private void watch(Channel connection, EventLoopState loop, BooleanSupplier looks) {
    if (transport == Transport.IO_URING) {
      int socket = ((UnixChannel) connection).fd().intValue();
      connection.pipeline().addFirst(new ResetWatch(loop.calls(), socket, looks));
    }
  }

  private void inTheClear(Channel connection, Asker asker, boolean refusing) throws IOException {
    EventLoopState loop = loops.get();
    if (transport == Transport.IO_URING) {
      unblock(connection, loop.calls());
    }
    if (serving.config().http2().enabled()) {
      connection
          .pipeline()
          .addLast(new PrefaceSniffer(ctx -> priorKnowledge(ctx, loop, asker, refusing)));
    }
    http1(
        connection, loop, asker, refusing, Protocol.HTTP_1, told -> bodies(connection, loop, told));
  }

  private void priorKnowledge(
      ChannelHandlerContext ctx, EventLoopState loop, Asker asker, boolean refusing) {
    ctx.pipeline().remove(Http1Connection.class);
    http2(ctx.channel(), loop, asker, refusing, Protocol.HTTP_2);
  }

  private void overTls(Channel connection, Asker asker, Certificates identity, boolean refusing) {
    EventLoopState loop = loops.get();
    watch(connection, loop, () -> true);
    SslHandler tls = identity.handler(connection.alloc());
    tls.setCloseNotifyFlushTimeoutMillis(serving.config().lingerTimeout().toMillis());
    connection
        .pipeline()
        .addLast(
            tls,
            new AlpnChoice(
                serving.tally(),
                (ctx, isHttp2) -> {
                  if (isHttp2) {
                    http2(connection, loop, asker, refusing, Protocol.HTTP_2_TLS);
                  } else {
                    encryptedHttp1(connection, loop, asker, refusing);
                  }
                }));
  }

  private void encryptedHttp1(
      Channel connection, EventLoopState loop, Asker asker, boolean refusing) {
    HttpConfig config = serving.config();
    int piece = (int) config.piece().bytes();
    Executor turns = loop.turns().on(connection.eventLoop());
    long chunk = config.chunk().bytes();
    http1(
        connection,
        loop,
        asker,
        refusing,
        Protocol.HTTP_1_TLS,
        told -> new CopyBody(connection, told, loop.pieces(), turns, piece, chunk));
  }

  private void http1(
      Channel connection,
      EventLoopState loop,
      Asker asker,
      boolean refusing,
      Protocol protocol,
      Function<BodySender.Listener, BodySender> bodies) {
    Http1Connection http1 =
        new Http1Connection(serving, connection, loop, asker, refusing, protocol, bodies);
    connection.pipeline().addLast(http1);
    if (protocol == Protocol.HTTP_1) {
      watch(connection, loop, http1::tookWithoutAnswer);
    }
  }

  private void http2(
      Channel connection, EventLoopState loop, Asker asker, boolean refusing, Protocol protocol) {
    connection
        .pipeline()
        .addLast(
            new Http2Session(
                serving, connection, loop, asker, refusing, protocol, Http2Framing.of(serving)));
  }

  private BodySender bodies(Channel connection, EventLoopState loop, BodySender.Listener told) {
    long chunk = serving.config().chunk().bytes();
    Function<Runnable, Supply> supplies =
        resume ->
            new Supply(serving.residency(), loop.pages(), connection.eventLoop(), chunk, resume);
    Executor turns = loop.turns().on(connection.eventLoop());
    return switch (transport) {
      case IO_URING -> new UringBody(connection, told, loop.calls(), turns, supplies);
      case EPOLL -> new EpollBody(connection, told, loop.calls(), turns, supplies);
      case NIO -> new RegionBody(connection, told, turns, supplies);
    };
  }

  private static void unblock(Channel connection, Sendfile calls) throws IOException {
    long result = calls.unblock(((UnixChannel) connection).fd().intValue());
    if (result < 0) {
      throw new IOException("fcntl(O_NONBLOCK) failed with errno " + -result);
    }
  }
}
