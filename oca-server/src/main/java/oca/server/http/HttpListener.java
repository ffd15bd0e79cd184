package oca.server.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.unix.UnixChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import oca.model.Endpoint;
import oca.protocol.ServeRecord;
import oca.server.range.Outcome;
import oca.store.ContentSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves files over HTTP/1.1 from the moment it is opened. All methods are safe on any thread;
 * {@link #close} waits.
 */
public final class HttpListener implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HttpListener.class);
  private static final int BACKLOG = 4096;

  private final Serving serving;
  private final Transport transport;
  private final AdmissionGate gate;
  private final EventLoopGroup loops;
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final AtomicBoolean closed = new AtomicBoolean();
  private final FastThreadLocal<Sendfile> sendfile =
      new FastThreadLocal<>() {
        @Override
        protected Sendfile initialValue() {
          return new Sendfile();
        }
      };
  private @Nullable Channel socket;

  private HttpListener(Serving serving, Transport transport) {
    HttpConfig config = serving.config();
    this.serving = serving;
    this.transport = transport;
    this.gate = new AdmissionGate(config.maxConnections(), config.maxRefusals());
    this.loops =
        new MultiThreadIoEventLoopGroup(
            config.eventLoops() == 0
                ? Runtime.getRuntime().availableProcessors()
                : config.eventLoops(),
            new DefaultThreadFactory("serve", true),
            transport.ioHandlers());
  }

  /**
   * Takes the address and starts to serve.
   *
   * @param content asked on event loops, where it must not block
   * @param records told of each answer once, on event loops, where it must not block
   * @param clock for the Date field and the records
   * @throws IOException when the address cannot be had or the transport is not available here; the
   *     message names it
   */
  public static HttpListener open(
      HttpConfig config, ContentSource content, Consumer<ServeRecord> records, InstantSource clock)
      throws IOException {
    Transport transport = Transport.choose(config.transport());
    Serving serving =
        new Serving(
            config,
            content,
            new ReplyWriter(clock, config.retryAfter()),
            records,
            clock,
            new Tally(),
            new AtomicBoolean());
    HttpListener listener = new HttpListener(serving, transport);
    try {
      listener.bind();
      return listener;
    } catch (IOException | RuntimeException e) {
      listener.close();
      throw e;
    }
  }

  private void bind() throws IOException {
    Endpoint listen = serving.config().listen();
    InetSocketAddress address = listen.resolve();
    if (address.isUnresolved()) {
      throw new IOException("cannot listen on " + listen + ": the host name does not resolve");
    }
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channelFactory(transport::newServerChannel)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel connection) throws IOException {
                    accept(connection);
                  }
                })
            .bind(address)
            .awaitUninterruptibly();
    if (bound.cause() != null) {
      throw new IOException(
          "cannot listen on " + listen + ": " + bound.cause().getMessage(), bound.cause());
    }
    socket = bound.channel();
    log.info("serving on {} over {}", endpoint(), transport.label());
  }

  /** On the connection's event loop, before anything is read from it. */
  private void accept(Channel connection) throws IOException {
    AdmissionGate.Verdict verdict = gate.enter();
    if (verdict == AdmissionGate.Verdict.SHED) {
      connection.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
      return;
    }
    connection.closeFuture().addListener(_ -> gate.leave(verdict));
    RequestDecoder decoder = new RequestDecoder((int) serving.config().maxHeadBytes().bytes());
    if (transport == Transport.IO_URING) {
      unblock(connection);
    }
    connection
        .pipeline()
        .addLast(
            decoder,
            new ContentHandler(
                serving,
                connection,
                decoder,
                verdict == AdmissionGate.Verdict.REFUSE,
                listener -> bodies(connection, listener)));
    connections.add(connection);
  }

  private BodySender bodies(Channel connection, BodySender.Listener listener) {
    long chunk = serving.config().chunk().bytes();
    return switch (transport) {
      case IO_URING -> new SendfileBody(connection, listener, sendfile.get(), chunk);
      case EPOLL, NIO -> new RegionBody(connection, listener, chunk);
    };
  }

  private void unblock(Channel connection) throws IOException {
    long result = sendfile.get().unblock(((UnixChannel) connection).fd().intValue());
    if (result < 0) {
      throw new IOException("fcntl(O_NONBLOCK) failed with errno " + -result);
    }
  }

  /** Where it listens, with the port that was given when any was asked for. */
  public Endpoint endpoint() {
    Channel bound = socket;
    return bound != null && bound.localAddress() instanceof InetSocketAddress address
        ? new Endpoint(serving.config().listen().host(), address.getPort())
        : serving.config().listen();
  }

  /** {@code io_uring}, {@code epoll} or {@code nio}. */
  public String transport() {
    return transport.label();
  }

  /** Connections being served now; those being refused do not count. */
  public int connections() {
    return gate.served();
  }

  /** Connections closed unanswered because even the places for refusals were taken. */
  public long connectionsShed() {
    return gate.shed();
  }

  /** Bytes of files handed to the kernel. */
  public long bytesSent() {
    return serving.tally().bytes();
  }

  /** Requests whose answer has ended, one way or another. */
  public long requests() {
    return serving.tally().requests();
  }

  /** Those by how they were answered; every outcome has an entry. */
  public Map<Outcome, Long> outcomes() {
    return serving.tally().outcomes();
  }

  /** Answers that ended before their last byte was handed over. */
  public long brokenOff() {
    return serving.tally().brokenOff();
  }

  /** Answers broken off because the file could not be read. */
  public long readErrors() {
    return serving.tally().readErrors();
  }

  /** Serve records that their receiver did not take. */
  public long recordsLost() {
    return serving.tally().recordsLost();
  }

  /** Connections that sent more requests ahead than may wait. */
  public long pipelineOverruns() {
    return serving.tally().overruns();
  }

  /** While draining, each answer is its connection's last; new connections are still served. */
  public void drain(boolean draining) {
    serving.draining().set(draining);
  }

  /**
   * Takes no more connections, ends idle ones, and gives answers under way the drain timeout to end
   * before they are broken off. Further calls do nothing.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    drain(true);
    Channel bound = socket;
    if (bound != null) {
      bound.close().awaitUninterruptibly();
    }
    for (Channel connection : connections) {
      ContentHandler handler = connection.pipeline().get(ContentHandler.class);
      if (handler != null) {
        connection.eventLoop().execute(handler::drain);
      }
    }
    long drainMillis = serving.config().drainTimeout().toMillis();
    if (!connections.newCloseFuture().awaitUninterruptibly(drainMillis)) {
      log.info("breaking off {} connections after {} ms", connections.size(), drainMillis);
      connections.close().awaitUninterruptibly();
    }
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
