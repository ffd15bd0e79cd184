package oca.steering.routes.bgp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import oca.model.Address;
import oca.model.Endpoint;
import oca.steering.routes.Acceptor;
import oca.steering.routes.RouteSource;
import oca.steering.routes.RouteViews;
import oca.steering.routes.Tally;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the routers of sites and learns their routes: one view per router, named {@code bgp}
 * and its address. Passive: it never connects and announces nothing.
 */
public final class BgpListener implements RouteSource {
  private static final Logger log = LoggerFactory.getLogger(BgpListener.class);

  /** How late a timer may be, and a session may hear that it is to end. */
  private static final Duration TICK = Duration.ofMillis(200);

  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final BgpConfig config;
  private final Address routerId;
  private final Tally<BgpReason> tally = new Tally<>(BgpReason.class);
  private final Neighbor.Surroundings around;
  private final Duration tick;
  private final Map<Address, Neighbor> neighbors = new ConcurrentHashMap<>();
  private final Semaphore places;
  private final CountDownLatch closing = new CountDownLatch(1);
  private @Nullable Acceptor acceptor;

  /**
   * A listener that {@link #start} opens.
   *
   * @param clock for what people read
   * @param nanoClock monotonic; all timers are measured with it
   */
  public BgpListener(
      BgpConfig config, RouteViews views, InstantSource clock, LongSupplier nanoClock) {
    this(config, views, clock, nanoClock, TICK);
  }

  BgpListener(
      BgpConfig config,
      RouteViews views,
      InstantSource clock,
      LongSupplier nanoClock,
      Duration tick) {
    this.config = config;
    this.routerId = Address.parse(config.routerId());
    this.tick = tick;
    this.places = new Semaphore(config.limits().sessions());
    this.around = new Neighbor.Surroundings(config.limits(), views, tally, clock, nanoClock);
  }

  @Override
  public String name() {
    return "bgp";
  }

  @Override
  public void start() throws IOException {
    acceptor = Acceptor.start(name(), config.listen(), this::accepted);
    Thread.ofVirtual().name("bgp-timers").start(this::keepTime);
    log.info("bgp listens on {}", endpoint());
  }

  /** Where it listens, with the port that was taken. */
  public Endpoint endpoint() {
    return acceptor == null
        ? config.listen()
        : new Endpoint(config.listen().host(), acceptor.port());
  }

  /** Each router that has connected, by address. */
  public List<SessionStatus> status() {
    return neighbors.values().stream()
        .map(Neighbor::status)
        .sorted(Comparator.comparing(status -> status.address().toString()))
        .toList();
  }

  /** How often that was a reason, since the start. */
  public long count(BgpReason reason) {
    return tally.of(reason);
  }

  /** Those above 0, by {@link BgpReason#label}. */
  public Map<String, Long> counts() {
    return tally.byLabel(BgpReason::label);
  }

  /** Tells all peers, waits for up to {@link #PATIENCE}, and lets go of all routes. */
  @Override
  public void close() {
    closing.countDown();
    if (acceptor != null) {
      acceptor.close();
    }
    neighbors.values().forEach(Neighbor::stop);
    try {
      // All places are free once all sessions have ended.
      if (!places.tryAcquire(
          config.limits().sessions(), PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        log.debug("bgp: sessions did not end within {}, and are cut off", PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    neighbors.values().forEach(Neighbor::close);
  }

  private void accepted(SocketChannel channel) {
    Neighbor neighbor = neighbor(channel);
    if (neighbor == null) {
      try {
        channel.close();
      } catch (IOException e) {
        log.debug("bgp: closing a refused connection failed: {}", e.getMessage());
      }
      return;
    }
    Session session =
        new Session(
            neighbor, channel, routerId, config.limits().openTimeout(), around.nanoClock(), tick);
    Optional<Ending> refused = neighbor.admit(session);
    refused.ifPresent(session::stop);
    // Seen to be free just before, and only this thread takes any.
    places.acquireUninterruptibly();
    Thread.ofVirtual()
        .name("bgp-" + neighbor.address())
        .start(
            () -> {
              try {
                session.run();
              } finally {
                places.release();
              }
            });
  }

  /** Whose connection it is; null when it is to be closed, which is counted. */
  private @Nullable Neighbor neighbor(SocketChannel channel) {
    Address address;
    try {
      address = Address.of(((InetSocketAddress) channel.getRemoteAddress()).getAddress());
    } catch (IOException e) {
      tally.count(BgpReason.CONNECTION_LOST);
      return null;
    }
    BgpConfig.Peer peer = config.peer(address);
    if (peer == null) {
      log.debug("bgp: {} is refused, for no peer is configured with that address", address);
      tally.count(BgpReason.UNKNOWN_PEER);
      return null;
    }
    Neighbor known = neighbors.get(address);
    if (known == null && neighbors.size() >= config.limits().neighbors()) {
      neighbors.values().removeIf(Neighbor::idle);
    }
    if (places.availablePermits() == 0
        || (known == null && neighbors.size() >= config.limits().neighbors())) {
      log.debug("bgp: {} is refused: {}", address, BgpReason.TOO_MANY_SESSIONS.sentence());
      tally.count(BgpReason.TOO_MANY_SESSIONS);
      return null;
    }
    return neighbors.computeIfAbsent(address, _ -> new Neighbor(address, peer, around));
  }

  private void keepTime() {
    try {
      while (!closing.await(tick.toMillis(), TimeUnit.MILLISECONDS)) {
        neighbors.values().forEach(Neighbor::tick);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
