package oca.server.upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gets one connection to one upstream: one that is kept, or else leave for one more, the addresses
 * of the name, and each of them in turn until one answers. All of it within one time. On one event
 * loop, but for {@link #granted}.
 */
final class Acquisition {
  /** Who wants the connection. Told once, and within {@link Acquisition#start} if it is at hand. */
  interface Taker {
    /** It is the taker's until it gives it up. */
    void connected(Connection connection);

    void notConnected(UpstreamFailure failure, String detail);
  }

  private final Wiring wiring;
  private final Upstream upstream;
  private final EventLoop loop;
  private final Taker taker;
  private final Alarm alarm;
  private final Runnable whenLookedUp;
  private long deadline;
  private boolean isOver;
  private boolean hasLeave;
  private List<InetSocketAddress> addresses = List.of();
  private int next;
  private @Nullable Channel making;

  Acquisition(Wiring wiring, Upstream upstream, EventLoop loop, Taker taker) {
    this.wiring = wiring;
    this.upstream = upstream;
    this.loop = loop;
    this.taker = taker;
    this.alarm = new Alarm(loop, this::expired);
    this.whenLookedUp = () -> loop.execute(this::lookedUp);
  }

  EventLoop loop() {
    return loop;
  }

  /**
   * Begins.
   *
   * @param fresh whether a connection that was kept will not do
   * @param nanos for all of it
   */
  void start(boolean fresh, long nanos) {
    deadline = System.nanoTime() + nanos;
    Connection kept = fresh ? null : kept();
    if (kept != null) {
      isOver = true;
      taker.connected(kept);
      return;
    }
    switch (upstream.pool().admit(this)) {
      case GRANTED -> leave();
      case QUEUED -> alarm.set(nanos);
      case FULL -> fail(UpstreamFailure.BUSY, "too many wait for a connection");
    }
  }

  private @Nullable Connection kept() {
    while (true) {
      Connection connection = upstream.pool().takeIdle(loop);
      if (connection == null || connection.isFit()) {
        return connection;
      }
      connection.close();
    }
  }

  /** A connection may be made now. On any thread. */
  void granted() {
    loop.execute(this::leave);
  }

  /** Here is a connection that another does not need any more. On the loop. */
  void handed(Connection connection) {
    loop.execute(
        () -> {
          if (isOver) {
            upstream.pool().released(connection);
          } else if (!connection.isFit()) {
            // Its end makes room for another, and this one has waited already.
            connection.close();
            readmit();
          } else {
            over();
            taker.connected(connection);
          }
        });
  }

  private void readmit() {
    switch (upstream.pool().admit(this)) {
      case GRANTED -> leave();
      case QUEUED -> {}
      case FULL -> fail(UpstreamFailure.BUSY, "too many wait for a connection");
    }
  }

  private void leave() {
    if (isOver) {
      upstream.pool().gone(null);
      return;
    }
    hasLeave = true;
    if (upstream.addresses().isLookedUpOrTell(whenLookedUp)) {
      lookedUp();
    } else {
      alarm.set(Math.max(0, deadline - System.nanoTime()));
    }
  }

  private void lookedUp() {
    if (isOver) {
      return;
    }
    addresses = upstream.addresses().inTurn();
    if (addresses.isEmpty()) {
      fail(UpstreamFailure.NO_ADDRESS, upstream.authority().host() + " has no address");
    } else {
      connect();
    }
  }

  private void connect() {
    InetSocketAddress address = addresses.get(next++);
    // Those that follow are to have their time too.
    long left = Math.max(0, deadline - System.nanoTime()) / (addresses.size() - next + 1);
    alarm.set(Math.min(left, wiring.config().connect().toNanos()));
    Connection connection = new Connection(wiring, upstream, address, loop);
    ChannelFuture connecting = bootstrap(connection).connect(address);
    making = connecting.channel();
    connecting.addListener(
        (ChannelFuture done) -> {
          if (!done.channel().equals(making)) {
            return; // it was given up, and is closed
          }
          if (done.isSuccess()) {
            shakeHands(connection, done.channel(), address);
          } else {
            failed(UpstreamFailure.CONNECT, address, done.cause());
          }
        });
  }

  private Bootstrap bootstrap(Connection connection) {
    return new Bootstrap()
        .group(loop)
        .channelFactory(wiring.channels())
        .disableResolver()
        .option(ChannelOption.AUTO_READ, false)
        .option(ChannelOption.TCP_NODELAY, true)
        // The alarm bounds it, and with it the handshake.
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                if (upstream.tls() != null) {
                  Authority to = upstream.authority();
                  SslHandler tls = upstream.tls().newHandler(channel.alloc(), to.host(), to.port());
                  tls.setHandshakeTimeoutMillis(0);
                  channel.pipeline().addLast(tls);
                }
                channel.pipeline().addLast(connection);
              }
            });
  }

  private void shakeHands(Connection connection, Channel channel, InetSocketAddress address) {
    // Reads what comes of the handshake, or that an idle peer ends.
    channel.read();
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      stands(connection, address);
      return;
    }
    tls.handshakeFuture()
        .addListener(
            (Future<Channel> done) -> {
              if (!channel.equals(making)) {
                return;
              }
              if (done.isSuccess()) {
                stands(connection, address);
              } else {
                failed(UpstreamFailure.TLS, address, done.cause());
              }
            });
  }

  private void stands(Connection connection, InetSocketAddress address) {
    upstream.addresses().reached(address);
    hasLeave = false;
    over();
    connection.stands();
    taker.connected(connection);
  }

  private void failed(UpstreamFailure failure, InetSocketAddress address, Throwable cause) {
    upstream.addresses().notReached(address);
    drop();
    if (next < addresses.size() && deadline - System.nanoTime() > 0) {
      connect();
    } else {
      fail(failure, address + ": " + cause);
    }
  }

  private void expired() {
    if (making != null) {
      InetSocketAddress address = addresses.get(next - 1);
      failed(
          UpstreamFailure.CONNECT_TIMEOUT,
          address,
          new java.net.SocketTimeoutException("no connection in time"));
    } else if (hasLeave) {
      fail(UpstreamFailure.NO_ADDRESS, upstream.authority().host() + " was not resolved in time");
    } else {
      fail(UpstreamFailure.BUSY, "no connection became free in time");
    }
  }

  private void fail(UpstreamFailure failure, String detail) {
    if (!isOver) {
      cancel();
      taker.notConnected(failure, detail);
    }
  }

  /** Gives it up; the taker is not told. */
  void cancel() {
    if (isOver) {
      return;
    }
    over();
    drop();
    upstream.pool().withdraw(this);
    upstream.addresses().forget(whenLookedUp);
    if (hasLeave) {
      hasLeave = false;
      upstream.pool().gone(null);
    }
  }

  private void over() {
    isOver = true;
    alarm.end();
  }

  private void drop() {
    Channel unwanted = making;
    making = null;
    if (unwanted != null) {
      var _ = unwanted.close();
    }
  }
}
