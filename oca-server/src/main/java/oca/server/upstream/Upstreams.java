package oca.server.upstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The upstreams of one service, and the connections to them. All methods are safe on any thread;
 * {@link #close} waits.
 */
public final class Upstreams implements AutoCloseable {
  private final List<Upstream> peers;
  private final List<Upstream> origins;
  private final Wiring wiring;
  private final @Nullable SslContext tls;
  private final List<ActiveCheck> checks = new ArrayList<>();
  private volatile boolean isClosed;

  private Upstreams(
      UpstreamsConfig config,
      Wiring wiring,
      @Nullable SslContext tls,
      Resolver resolver,
      InstantSource clock) {
    this.wiring = wiring;
    this.tls = tls;
    this.peers = made(config.peers(), true, config, resolver, tls, clock);
    this.origins = made(config.origins(), false, config, resolver, tls, clock);
  }

  private static List<Upstream> made(
      List<UpstreamsConfig.Server> servers,
      boolean arePeers,
      UpstreamsConfig config,
      Resolver resolver,
      @Nullable SslContext tls,
      InstantSource clock) {
    return servers.stream()
        .map(server -> Upstream.of(server, arePeers, config, resolver, tls, clock))
        .toList();
  }

  /**
   * Begins to look up names and, if so configured, to look at upstreams. No connection is made yet.
   *
   * @param loops where upstreams are looked at
   * @param channels makes client sockets that fit those loops, and all that questions come from
   * @param resolver looks names up
   * @param clock for waits that upstreams ask for, and for the breakers
   * @throws IOException when TLS is needed and cannot be set up; the message says why
   */
  public static Upstreams open(
      UpstreamsConfig config,
      EventLoopGroup loops,
      ChannelFactory<? extends Channel> channels,
      Resolver resolver,
      InstantSource clock)
      throws IOException {
    boolean needsTls =
        Stream.concat(config.peers().stream(), config.origins().stream())
            .anyMatch(server -> Authority.of(server.url()).tls());
    SslContext tls = needsTls ? ClientTls.context(config.tls()) : null;
    // What is made while it closes is closed too.
    ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    Wiring wiring =
        new Wiring(config, channels, open, new RetryBudget(config.retry(), clock), clock);
    Upstreams upstreams = new Upstreams(config, wiring, tls, resolver, clock);
    upstreams.all().forEach(upstream -> upstream.addresses().start());
    config
        .check()
        .ifPresent(
            check ->
                upstreams
                    .all()
                    .forEach(
                        it -> {
                          ActiveCheck looks = new ActiveCheck(check, wiring, it, loops.next());
                          upstreams.checks.add(looks);
                          looks.start();
                        }));
    return upstreams;
  }

  private Stream<Upstream> all() {
    return Stream.concat(peers.stream(), origins.stream());
  }

  /**
   * Asks.
   *
   * @param loop on which the receiver is called, and on which the call is to be used
   */
  public Call send(EventLoop loop, Question question, Receiver receiver) {
    Ask ask = new Ask(wiring, order(question.affinity()), loop, question, receiver);
    loop.execute(ask::start);
    return ask;
  }

  /** In which order upstreams are tried: peers before origins, and each by its score. */
  private List<Upstream> order(long affinity) {
    if (isClosed) {
      return List.of();
    }
    if (peers.isEmpty() && origins.size() == 1) {
      return origins;
    }
    Comparator<Upstream> best =
        Comparator.comparingDouble((Upstream upstream) -> upstream.score(affinity)).reversed();
    return Stream.concat(peers.stream().sorted(best), origins.stream().sorted(best)).toList();
  }

  /** How each upstream stands, the peers first. */
  public List<UpstreamStatus> status() {
    return all().map(Upstream::status).toList();
  }

  /**
   * Ends all connections; questions under way fail, later ones find no upstream. Waits for it, a
   * few seconds at most, so not to be called on an event loop.
   */
  @Override
  public void close() {
    isClosed = true;
    checks.forEach(ActiveCheck::close);
    all()
        .forEach(
            upstream -> {
              upstream.addresses().close();
              upstream.pool().close();
            });
    var _ = wiring.open().close().awaitUninterruptibly(Duration.ofSeconds(5).toMillis());
    ReferenceCountUtil.release(tls);
  }
}
