package oca.server.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import oca.config.ConfigException;
import oca.config.Current;
import oca.model.Endpoint;
import oca.protocol.ServeRecord;
import oca.protocol.service.Probe;
import oca.protocol.token.Reason;
import oca.server.authorize.LiveAuthorizer;
import oca.server.cmcd.CmsdDynamic;
import oca.server.pull.PullSource;
import oca.server.range.Outcome;
import oca.store.ContentSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves files over HTTP/1.1 and HTTP/2, with TLS and without, from the moment it is opened. All
 * methods are safe on any thread; {@link #close} waits.
 */
public final class HttpListener implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HttpListener.class);
  private static final int BACKLOG = 4096;
  private static final int BOUNDARY_BYTES = 16;

  private final Serving serving;
  private final Transport transport;
  private final AdmissionGate gate;
  private final EventLoopGroup loops;
  private final PooledByteBufAllocator memory;
  private final @Nullable Certificates certificates;
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final AtomicBoolean closed = new AtomicBoolean();
  private final FastThreadLocal<EventLoopState> loopStates =
      new FastThreadLocal<>() {
        @Override
        protected EventLoopState initialValue() {
          return new EventLoopState(serving);
        }
      };
  private @Nullable Channel socket;
  private @Nullable Channel tlsSocket;

  private HttpListener(
      Serving serving,
      Transport transport,
      AdmissionGate gate,
      @Nullable Certificates certificates) {
    HttpConfig config = serving.config();
    this.serving = serving;
    this.transport = transport;
    this.gate = gate;
    this.certificates = certificates;
    int threads =
        config.eventLoops() == 0 ? Runtime.getRuntime().availableProcessors() : config.eventLoops();
    this.memory = Memory.forLoops(threads);
    this.loops =
        new MultiThreadIoEventLoopGroup(
            threads, new DefaultThreadFactory("serve", true), transport.ioHandlers());
  }

  /**
   * Takes the address, or both when TLS is configured, and starts to serve.
   *
   * @param content asked on event loops, where it must not block
   * @param records told of each answer once, on event loops, where it must not block
   * @param clock for the Date field, the records and the age of certificates
   * @throws IOException when an address or a certificate cannot be had or the transport is not
   *     available here; the message names it
   */
  public static HttpListener open(
      HttpConfig config, ContentSource content, Consumer<ServeRecord> records, InstantSource clock)
      throws IOException {
    return open(
        Current.of(config), content, PullSource.NONE, records, clock, InheritedSockets.none());
  }

  /**
   * The same.
   *
   * @param settings asked for each connection, request or timer, whatever a key is about
   * @param pulls asked first, on event loops, where it must not block
   * @param inherited sockets that listen already, each on the port of an address that is configured
   */
  public static HttpListener open(
      Current<HttpConfig> settings,
      ContentSource content,
      PullSource pulls,
      Consumer<ServeRecord> records,
      InstantSource clock,
      InheritedSockets inherited)
      throws IOException {
    return open(settings, content, pulls, records, clock, inherited, KernelPageCache.instances());
  }

  /**
   * The same.
   *
   * @param caches makes a view of what is in memory for each thread
   */
  static HttpListener open(
      Current<HttpConfig> settings,
      ContentSource content,
      PullSource pulls,
      Consumer<ServeRecord> records,
      InstantSource clock,
      InheritedSockets inherited,
      Supplier<PageCache> caches)
      throws IOException {
    HttpConfig config = settings.get();
    Transport transport =
        inherited.isEmpty()
            ? Transport.choose(config.transport())
            : Transport.forInherited(config.transport());
    AdmissionGate gate =
        new AdmissionGate(
            settings.map(
                it ->
                    new AdmissionGate.Bounds(
                        it.maxConnections(), it.maxRefusals(), it.maxConnectionsPerNetwork())));
    AtomicReference<FieldLines> cmsd = new AtomicReference<>(FieldLines.of());
    ReplyFields fields =
        new ReplyFields(
            clock,
            settings.map(it -> ReplyFields.retryAfter(it.retryAfter())),
            config.cacheName(),
            cmsd::get);
    Serving serving =
        new Serving(
            settings,
            content,
            pulls,
            new ReplyWriter(fields),
            new Http2Heads(fields),
            records,
            new MilliClock(clock),
            new Tally(),
            new BulkGate(() -> settings.get().maxBulk(), gate::isNearlyFull),
            boundaries(),
            new AtomicBoolean(),
            new Residency(config.reading(), caches),
            keys(config),
            cmsd,
            new ContentRoom(() -> settings.get().maxContentHeld().bytes()));
    TlsConfig tls = config.tls().orElse(null);
    Certificates certificates =
        tls == null ? null : Certificates.open(tls, config.http2().enabled(), clock);
    HttpListener listener = new HttpListener(serving, transport, gate, certificates);
    try {
      listener.socket = listener.bind(config.listen(), inherited, null);
      if (tls != null) {
        listener.tlsSocket = listener.bind(tls.listen(), inherited, certificates);
      }
      inherited.refuseRest();
      return listener;
    } catch (IOException | RuntimeException e) {
      listener.close();
      throw e;
    }
  }

  private static LiveAuthorizer keys(HttpConfig config) throws IOException {
    try {
      return LiveAuthorizer.open(config.authorize());
    } catch (ConfigException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static Supplier<String> boundaries() {
    SecureRandom random = new SecureRandom();
    return () -> {
      byte[] drawn = new byte[BOUNDARY_BYTES];
      random.nextBytes(drawn);
      return HexFormat.of().formatHex(drawn);
    };
  }

  private Channel bind(Endpoint listen, InheritedSockets inherited, @Nullable Certificates identity)
      throws IOException {
    ServerBootstrap acceptor =
        new ServerBootstrap()
            .group(loops)
            .option(ChannelOption.ALLOCATOR, memory)
            .childOption(ChannelOption.ALLOCATOR, memory)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new Entrance(serving, transport, gate, connections, identity, loopStates));
    OptionalInt passed = inherited.take(listen.port());
    ChannelFuture bound =
        (passed.isPresent() ? takeOver(acceptor, passed.getAsInt()) : take(acceptor, listen))
            .awaitUninterruptibly();
    if (bound.cause() != null) {
      throw new IOException(
          "cannot listen on " + listen + ": " + bound.cause().getMessage(), bound.cause());
    }
    Channel taken = bound.channel();
    log.info(
        "serving on {}{} over {}{}",
        at(taken, listen),
        identity == null ? "" : " with TLS",
        transport.label(),
        passed.isPresent() ? ", a socket that was passed" : "");
    return taken;
  }

  private ChannelFuture take(ServerBootstrap acceptor, Endpoint listen) throws IOException {
    InetSocketAddress address = listen.resolve();
    if (address.isUnresolved()) {
      throw new IOException("cannot listen on " + listen + ": the host name does not resolve");
    }
    return acceptor
        .channelFactory(transport::newServerChannel)
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .option(ChannelOption.SO_REUSEADDR, true)
        .bind(address);
  }

  /** Goes on with a socket that listens already, whose queue is whoever's made it. */
  private static ChannelFuture takeOver(ServerBootstrap acceptor, int socket) throws IOException {
    long result = new Sendfile().unblock(socket);
    if (result < 0) {
      throw new IOException("fcntl(O_NONBLOCK) failed with errno " + -result);
    }
    return acceptor.channelFactory(() -> new EpollServerSocketChannel(socket)).register();
  }

  /** Where it listens, with the port that was given when any was asked for. */
  public Endpoint endpoint() {
    return at(socket, serving.config().listen());
  }

  /** Where it listens for TLS, if it does. */
  public Optional<Endpoint> tlsEndpoint() {
    return serving.config().tls().map(tls -> at(tlsSocket, tls.listen()));
  }

  private static Endpoint at(@Nullable Channel bound, Endpoint asked) {
    return bound != null && bound.localAddress() instanceof InetSocketAddress address
        ? new Endpoint(asked.host(), address.getPort())
        : asked;
  }

  /** {@code io_uring}, {@code epoll} or {@code nio}. */
  public String transport() {
    return transport.label();
  }

  /** Bytes of the contents of requests that are being read or passed on. */
  public long contentHeld() {
    return serving.contents().taken();
  }

  /** How long answers took to their first byte. */
  public FirstBytes.Snapshot firstBytes() {
    return serving.tally().firstBytes().snapshot();
  }

  /** Whether every event loop takes a task within {@code patience}. */
  public boolean turns(Duration patience) throws InterruptedException {
    return Probe.turn(loops, patience);
  }

  /** Connections being served now; those being refused do not count. */
  public int connections() {
    return gate.served();
  }

  /** Connections closed unanswered because even the places for refusals were taken. */
  public long connectionsShed() {
    return gate.shed();
  }

  /** Connections refused because their network had its share. */
  public long connectionsCrowded() {
    return gate.crowded();
  }

  /** Bulk requests that were told to come later. */
  public long bulkRefused() {
    return serving.bulk().refused();
  }

  /** Connections cut off because the client took too little. */
  public long slowReaders() {
    return serving.tally().slowReaders();
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

  /** What was read from disks because it was asked for and not in memory. */
  public ReadingTotals reading() {
    return serving.residency().totals();
  }

  /** Requests by the protocol they came in by; every protocol has an entry. */
  public Map<Protocol, Long> protocols() {
    return serving.tally().protocols();
  }

  /** HTTP/2 connections and streams that we broke off, by the reason; every one has an entry. */
  public Map<Http2Fault, Long> http2Faults() {
    return serving.tally().http2Faults();
  }

  /** What can be said of TLS, if it is served. */
  public Optional<TlsStatus> tls() {
    Certificates identity = certificates;
    return identity == null
        ? Optional.empty()
        : Optional.of(
            new TlsStatus(
                identity.expires(),
                identity.secondsLeft(),
                identity.reloads(),
                identity.reloadFailures(),
                serving.tally().handshakeFailures(),
                identity.fault()));
  }

  /**
   * Reads the certificate and its key now; connections that are open keep what they have.
   *
   * @throws IOException when they are not fit, and the certificate in use is the one before; or
   *     when there is no TLS
   */
  public void reloadCertificate() throws IOException {
    Certificates identity = certificates;
    if (identity == null) {
      throw new IOException("there is no certificate: http.tls is not configured");
    }
    identity.reload();
  }

  /**
   * Reads the keys of tokens now; sessions of keys that are still there go on.
   *
   * @throws IOException when the file is not fit, and the keys in use are those before
   */
  public void reloadKeys() throws IOException {
    if (serving.keys().reload(serving.clock().instant())
        instanceof LiveAuthorizer.Reload.Kept(String why)) {
      throw new IOException("the keys are those before: " + why);
    }
  }

  /** Requests refused for want of a token, by reason; every reason has an entry. */
  public Map<Reason, Long> denials() {
    return serving.tally().denials();
  }

  /**
   * What players that tell how they fare are told in turn, until told anew.
   *
   * @param cmsdDynamic the value of CMSD-Dynamic (CTA-5006); null for nothing
   */
  public void tellPlayers(@Nullable String cmsdDynamic) {
    serving
        .cmsd()
        .set(cmsdDynamic == null ? FieldLines.of() : FieldLines.of(CmsdDynamic.FIELD, cmsdDynamic));
  }

  /** Direct memory that the listener's pool has taken, in bytes, in use or not. */
  public long directMemory() {
    return memory.metric().usedDirectMemory();
  }

  /**
   * Processor time that each event loop has used since it began, in nanoseconds; empty where it is
   * not measured. One call of the system for each.
   */
  public List<Long> loopCpuNanos() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    if (!threads.isThreadCpuTimeSupported() || !threads.isThreadCpuTimeEnabled()) {
      return List.of();
    }
    List<Long> used = new ArrayList<>();
    for (EventExecutor loop : loops) {
      if (loop instanceof SingleThreadEventExecutor one && !one.isShuttingDown()) {
        used.add(Math.max(0, threads.getThreadCpuTime(one.threadProperties().id())));
      }
    }
    return List.copyOf(used);
  }

  /** While draining, each answer is its connection's last; new connections are still served. */
  public void drain(boolean draining) {
    serving.draining().set(draining);
  }

  /**
   * Takes no more connections, gives those it has time for one more request, and answers under way
   * the drain timeout to end before they are broken off. Further calls do nothing.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    drain(true);
    close(socket);
    close(tlsSocket);
    for (EventExecutor loop : loops) {
      // What was accepted before is among the connections after this.
      loop.submit(() -> {}).awaitUninterruptibly();
    }
    for (Channel connection : connections) {
      connection.eventLoop().execute(() -> drain(connection));
    }
    long drainMillis = serving.config().drainTimeout().toMillis();
    if (!connections.newCloseFuture().awaitUninterruptibly(drainMillis)) {
      log.info("breaking off {} connections after {} ms", connections.size(), drainMillis);
      connections.close().awaitUninterruptibly();
    }
    serving.residency().close();
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    Certificates identity = certificates;
    if (identity != null) {
      identity.close();
    }
  }

  private static void close(@Nullable Channel bound) {
    if (bound != null) {
      bound.close().awaitUninterruptibly();
    }
  }

  /** On the connection's event loop. */
  private void drain(Channel connection) {
    if (!isDrained(connection)) {
      // It is still shaking hands; whoever is honest is done with it in this time.
      var _ =
          connection
              .eventLoop()
              .schedule(
                  () -> {
                    if (!isDrained(connection)) {
                      connection
                          .close()
                          .addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
                    }
                  },
                  serving.config().drainIdle().toMillis(),
                  TimeUnit.MILLISECONDS);
    }
  }

  private static boolean isDrained(Channel connection) {
    for (var named : connection.pipeline()) {
      if (named.getValue() instanceof Drainable protocol) {
        protocol.drain();
        return true;
      }
    }
    return false;
  }
}
