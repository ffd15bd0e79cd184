package oca.protocol.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import oca.model.Endpoint;
import oca.protocol.WireException;
import oca.protocol.service.Probe;
import org.jspecify.annotations.Nullable;

/**
 * A listener of the control plane: HTTP/1.1 (RFC 9112), a few routes, each answered on a virtual
 * thread of its own or, where that never blocks, on the event loop.
 *
 * <p>Routes are added before {@link #start}. Bodies beyond {@link Limits#bodyBytes} are refused
 * with 413, more than {@link Limits#requestsAtOnce} with 503; a handler that throws costs its own
 * request a 500 and a line in the log, nothing else. What else is refused, {@link ListenerReason}
 * lists and {@link #reasons} counts.
 */
public final class ControlListener implements AutoCloseable {
  private static final int BACKLOG = 1024;
  private static final int MOST_LOOPS = 4;
  private static final WriteBufferWaterMark WATER = new WriteBufferWaterMark(64 << 10, 256 << 10);

  /** Answers one request; may block, unless it was added by {@link #routeInline}. */
  @FunctionalInterface
  public interface Handler {
    /**
     * The answer.
     *
     * @throws WireException answered with 400 and its message
     * @throws IOException answered with 502 and its message
     */
    Response answer(Request request) throws IOException;
  }

  /**
   * What one listener may take in.
   *
   * @param bodyBytes the largest request body
   * @param requestsAtOnce requests being read for or answered by handlers that may block
   */
  public record Limits(int bodyBytes, int requestsAtOnce) {
    /** 64 MiB, which is an inventory of 1.9 million files, and 256 at once. */
    public static final Limits DEFAULT = new Limits(64 << 20, 256);
  }

  private final String host;
  private final ListenerState state;
  private final @Nullable TlsContext tls;
  private final Transport transport = Transport.best();
  private final EventLoopGroup loops;
  private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Entrance entrance;
  private final Channel server;
  private final AtomicBoolean closed = new AtomicBoolean();

  private ControlListener(
      Endpoint listen, InetSocketAddress address, ListenerState state, @Nullable TlsContext tls)
      throws IOException {
    this.host = listen.host();
    this.state = state;
    this.tls = tls;
    this.loops =
        new MultiThreadIoEventLoopGroup(
            Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MOST_LOOPS),
            new DefaultThreadFactory("control-loop", true),
            transport.ioHandlers());
    this.entrance = new Entrance(state, open, tls);
    try {
      this.server = bind(transport.inet(), address, entrance, tls == null);
    } catch (IOException e) {
      stop();
      throw new IOException("cannot listen on " + listen + ": " + e.getMessage(), e);
    }
  }

  /**
   * Takes the address; nothing is answered before {@link #start}.
   *
   * @throws IOException when the address cannot be had; the message names it
   */
  public static ControlListener bind(Endpoint listen, Limits limits) throws IOException {
    return bind(listen, limits, ConnectionLimits.DEFAULT, Optional.empty());
  }

  /**
   * Takes the address; nothing is answered before {@link #start}.
   *
   * @param tls to speak TLS, and nothing else
   * @throws IOException when the address cannot be had, or what TLS needs; the message names it
   */
  public static ControlListener bind(
      Endpoint listen, Limits limits, ConnectionLimits connections, Optional<ListenerTls> tls)
      throws IOException {
    InetSocketAddress address = listen.resolve();
    if (address.isUnresolved()) {
      throw new IOException("cannot listen on " + listen + ": the host name does not resolve");
    }
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("control-", 0).factory());
    ListenerState state =
        new ListenerState(
            new Routes(),
            limits,
            connections,
            threads,
            new Semaphore(limits.requestsAtOnce()),
            new Semaphore(connections.eventStreams()),
            new ListenerCounts(),
            new DateLine(InstantSource.system()));
    TlsContext context = tls.isPresent() ? TlsContext.open(tls.get()) : null;
    return new ControlListener(listen, address, state, context);
  }

  /**
   * Adds a route. A request goes to the longest path that it equals or, where the route's path ends
   * with a slash, starts with.
   */
  public ControlListener route(String method, String path, Handler handler) {
    state.routes().add(method, path, new Routes.Target(handler, false));
    return this;
  }

  /**
   * Adds a route whose handler answers from memory: it runs on the event loop, is not counted among
   * {@link Limits#requestsAtOnce}, and stops everybody else when it blocks or takes long.
   */
  public ControlListener routeInline(String method, String path, Handler handler) {
    state.routes().add(method, path, new Routes.Target(handler, true));
    return this;
  }

  /**
   * Has a gate decide on every request for that path or, where it ends with a slash, for paths that
   * start with it, whatever route they go to. Gates are asked in the order they were added.
   */
  public ControlListener guard(String path, Gate gate) {
    state.routes().guard(path, gate);
    return this;
  }

  /** Begins to answer. */
  public void start() {
    server.config().setAutoRead(true);
  }

  /** Where it listens, with the port that was taken. */
  public Endpoint endpoint() {
    return new Endpoint(host, ((InetSocketAddress) server.localAddress()).getPort());
  }

  /** What is answered, as "METHOD path" in order; complete once it was started. */
  public SortedSet<String> routes() {
    return state.routes().names();
  }

  /** Requests refused because too many were under way. */
  public long refused() {
    return state.counts().of(ListenerReason.BUSY);
  }

  /** How often each reason came up since the start. */
  public Map<ListenerReason, Long> reasons() {
    return state.counts().all();
  }

  /** Connections open now, those through a {@link UnixDoor} not counted. */
  public int connections() {
    return entrance.count();
  }

  /** Whether every event loop takes a task within {@code patience}. */
  public boolean turns(Duration patience) throws InterruptedException {
    return Probe.turn(loops, patience);
  }

  /**
   * Reads certificates and key again, for connections that begin from now on; others go on. Does
   * nothing without TLS.
   *
   * @throws IOException when a file is not fit; all stays as it was then
   */
  public void reload() throws IOException {
    if (tls != null) {
      tls.reload();
    }
  }

  /** Stops listening; requests under way have a second to end. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    var _ = server.close().syncUninterruptibly();
    stop();
  }

  /** Another way in, on a Unix domain socket; begins to answer at once. */
  Channel open(Path path, ChannelHandler door) throws IOException {
    Channel opened = bind(transport.unix(), transport.unixAddress(path), door, true);
    opened.config().setAutoRead(true);
    return opened;
  }

  ListenerState state() {
    return state;
  }

  private Channel bind(
      Class<? extends ServerChannel> type,
      SocketAddress address,
      ChannelHandler child,
      boolean halfClosure)
      throws IOException {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(type)
            .option(ChannelOption.AUTO_READ, false)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, halfClosure)
            .childHandler(child);
    if (address instanceof InetSocketAddress) {
      bootstrap.childOption(ChannelOption.TCP_NODELAY, true);
    }
    var bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      Throwable cause = bound.cause();
      throw new IOException(cause.getMessage(), cause);
    }
    return bound.channel();
  }

  private void stop() {
    state.threads().shutdown();
    try {
      if (!state.threads().awaitTermination(1, TimeUnit.SECONDS)) {
        state.threads().shutdownNow();
      }
    } catch (InterruptedException e) {
      state.threads().shutdownNow();
      Thread.currentThread().interrupt();
    }
    var _ = open.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
    var _ =
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    if (tls != null) {
      tls.close();
    }
  }
}
