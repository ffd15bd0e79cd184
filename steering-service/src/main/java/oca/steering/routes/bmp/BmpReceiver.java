package oca.steering.routes.bmp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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
 * Waits for routers that report by BMP: one view for each of their peers and each side of their
 * policy that is kept, named such as {@code bmp r1 peer 192.0.2.9 post-policy}.
 */
public final class BmpReceiver implements RouteSource {
  private static final Logger log = LoggerFactory.getLogger(BmpReceiver.class);

  private final BmpConfig config;
  private final Tally<BmpReason> tally = new Tally<>(BmpReason.class);
  private final RouterSession.Surroundings around;

  /** By name; those that ended stay, for their last error, until there is need for the place. */
  private final Map<String, RouterSession> routers = new ConcurrentHashMap<>();

  private @Nullable Acceptor acceptor;

  /**
   * A receiver that {@link #start} opens.
   *
   * @param views where the side of the policy that viewers are steered by is opened, and the other
   *     is watched where the configuration says so
   * @param clock for what people read
   */
  public BmpReceiver(BmpConfig config, RouteViews views, InstantSource clock) {
    this.config = config;
    this.around = new RouterSession.Surroundings(config, views, tally, clock);
  }

  @Override
  public String name() {
    return "bmp";
  }

  @Override
  public void start() throws IOException {
    acceptor = Acceptor.start(name(), config.listen(), this::accepted);
    log.info("bmp listens on {}", endpoint());
  }

  /** Where it listens, with the port that was taken. */
  public Endpoint endpoint() {
    return acceptor == null
        ? config.listen()
        : new Endpoint(config.listen().host(), acceptor.port());
  }

  /** Each router that has connected, by name. */
  public List<RouterStatus> status() {
    return routers.values().stream()
        .map(RouterSession::status)
        .sorted(Comparator.comparing(RouterStatus::name))
        .toList();
  }

  /** How often that was a reason, since the start. */
  public long count(BmpReason reason) {
    return tally.of(reason);
  }

  /** Those above 0, by {@link BmpReason#label}. */
  public Map<String, Long> counts() {
    return tally.byLabel(BmpReason::label);
  }

  /** Ends all connections and lets go of all routes. */
  @Override
  public void close() {
    if (acceptor != null) {
      acceptor.close();
    }
    routers.values().forEach(router -> router.stop(BmpReason.SHUT_DOWN));
    try {
      for (RouterSession router : routers.values()) {
        router.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void accepted(SocketChannel channel) {
    try {
      Address address = Address.of(((InetSocketAddress) channel.getRemoteAddress()).getAddress());
      BmpReason refused = admit(address, channel);
      if (refused != null) {
        log.debug("bmp: {} is refused: {}", address, refused.sentence());
        tally.count(refused);
        channel.close();
      }
    } catch (IOException e) {
      tally.count(BmpReason.CONNECTION_LOST);
    }
  }

  private @Nullable BmpReason admit(Address address, SocketChannel channel) {
    BmpConfig.Router router = config.router(address);
    if (router == null) {
      return BmpReason.UNKNOWN_ROUTER;
    }
    String label = router.label(address);
    RouterSession before = routers.get(label);
    int most = config.limits().routers();
    if (before == null && routers.size() >= most) {
      routers.values().removeIf(other -> !other.connected());
    }
    if (before == null && routers.size() >= most) {
      return BmpReason.TOO_MANY_ROUTERS;
    }
    RouterSession session = new RouterSession(address, router, channel, around, before);
    routers.put(label, session);
    session.start();
    return null;
  }
}
