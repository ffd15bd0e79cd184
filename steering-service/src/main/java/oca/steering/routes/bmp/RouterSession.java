package oca.steering.routes.bmp;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import oca.model.Address;
import oca.steering.routes.RouteViews;
import oca.steering.routes.Tally;
import oca.steering.routes.bmp.BmpMessage.Initiation;
import oca.steering.routes.bmp.BmpMessage.LeftOut;
import oca.steering.routes.bmp.BmpMessage.PeerDown;
import oca.steering.routes.bmp.BmpMessage.PeerHeader;
import oca.steering.routes.bmp.BmpMessage.PeerKey;
import oca.steering.routes.bmp.BmpMessage.PeerUp;
import oca.steering.routes.bmp.BmpMessage.RouteMonitoring;
import oca.steering.routes.bmp.BmpMessage.Statistics;
import oca.steering.routes.bmp.BmpMessage.Termination;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of a router. BMP is one way: we only read. One virtual thread reads and writes the
 * feeds; any thread may ask for the status, or {@link #stop} it, which closes the connection.
 *
 * <p>A message that is malformed inside is left out; only where the next one begins cannot be told
 * does the connection end. Then, or when it is lost, all its views go: BMP has no graceful restart,
 * and a router that comes back tells everything again.
 */
final class RouterSession implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(RouterSession.class);

  /** What routers share. */
  record Surroundings(
      BmpConfig config, RouteViews views, Tally<BmpReason> tally, InstantSource clock) {}

  private final String name;
  private final Address address;
  private final BmpConfig.Router router;
  private final SocketChannel channel;
  private final Surroundings around;
  private final Map<PeerKey, PeerViews> peers = new ConcurrentHashMap<>();
  private final LongAdder messages = new LongAdder();
  private final Thread thread;
  private volatile @Nullable BmpReason ending;
  private volatile boolean connected = true;
  private volatile Instant since;
  private volatile String says = "";
  private volatile String lastError = "";

  /**
   * A connection that {@link #start} begins to read.
   *
   * @param before of the same router, to be ended first: views have one name each
   */
  RouterSession(
      Address address,
      BmpConfig.Router router,
      SocketChannel channel,
      Surroundings around,
      @Nullable RouterSession before) {
    this.name = router.label(address);
    this.address = address;
    this.router = router;
    this.channel = channel;
    this.around = around;
    this.since = around.clock().instant();
    this.thread = Thread.ofVirtual().name("bmp-" + name).unstarted(() -> run(before));
  }

  void start() {
    thread.start();
  }

  boolean connected() {
    return connected;
  }

  /** Ends it. Any thread. */
  void stop(BmpReason why) {
    if (ending == null) {
      ending = why;
    }
    try {
      channel.close();
    } catch (IOException e) {
      log.debug("bmp {}: closing failed: {}", name, e.getMessage());
    }
  }

  /** Waits until its views are gone. */
  void join() throws InterruptedException {
    thread.join();
  }

  private void run(@Nullable RouterSession before) {
    try {
      if (before != null) {
        before.stop(BmpReason.REPLACED);
        before.join();
      }
      run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void run() {
    BmpReason why = BmpReason.CONNECTION_LOST;
    String what = "a fault of our own; see the log";
    try {
      log.info("bmp {} of site {} is connected", name, router.site());
      why = read();
      what = why.sentence();
    } catch (EOFException e) {
      what = "the router closed it";
    } catch (IOException e) {
      what = String.valueOf(e.getMessage());
    } catch (RuntimeException e) {
      log.error("bmp {}: the session fails by a fault of our own", name, e);
    } finally {
      BmpReason asked = ending;
      end(asked == null ? why : asked, asked == null ? what : asked.sentence());
    }
  }

  private void end(BmpReason why, String what) {
    stop(why);
    peers.values().forEach(PeerViews::close);
    peers.clear();
    lastError = why.label() + ": " + what;
    since = around.clock().instant();
    connected = false;
    around.tally().count(why);
    log.warn("bmp {} of site {} ended: {}", name, router.site(), lastError);
  }

  private BmpReason read() throws IOException {
    // The router never hears from us, so that only TCP can tell that it is gone.
    channel.socket().setKeepAlive(true);
    DataInputStream in =
        new DataInputStream(new BufferedInputStream(channel.socket().getInputStream(), 1 << 16));
    byte[] message = new byte[(int) around.config().limits().messageSize().bytes()];
    ByteBuffer buffer = ByteBuffer.wrap(message);
    while (true) {
      in.readFully(message, 0, BmpDecoder.HEADER);
      int length = BmpDecoder.length(buffer, message.length);
      if (length < 0) {
        return BmpReason.BAD_FRAME;
      }
      in.readFully(message, BmpDecoder.HEADER, length - BmpDecoder.HEADER);
      messages.increment();
      int type = message[BmpDecoder.HEADER - 1] & 0xff;
      ByteBuffer body = buffer.slice(BmpDecoder.HEADER, length - BmpDecoder.HEADER);
      if (!take(BmpDecoder.decode(type, body))) {
        return BmpReason.TERMINATED;
      }
    }
  }

  /** False when it was the last message. */
  private boolean take(BmpMessage message) {
    switch (message) {
      case LeftOut(BmpReason reason) -> around.tally().count(reason);
      case Statistics _ -> around.tally().count(BmpReason.STATISTICS);
      case Initiation(String routerName, String description) -> {
        says = routerName;
        log.debug("bmp {} says it is {}: {}", name, routerName, description);
      }
      case Termination(String why) -> {
        log.debug("bmp {} ends: {}", name, why);
        return false;
      }
      case PeerUp up -> up(up);
      case PeerDown down -> down(down);
      case RouteMonitoring routes -> told(routes);
    }
    return true;
  }

  private void up(PeerUp up) {
    if (!counts(up.peer())) {
      return;
    }
    PeerKey key = up.peer().key();
    // Up again without a down between: what it told before is void as well.
    PeerViews before = peers.remove(key);
    if (before != null) {
      before.close();
    }
    if (peers.size() >= around.config().limits().peersPerRouter()) {
      around.tally().count(BmpReason.TOO_MANY_PEERS);
      log.warn(
          "bmp {}: the peer {} is left out, for limits.peersPerRouter, {}, is reached",
          name,
          key,
          around.config().limits().peersPerRouter());
      return;
    }
    PeerViews.Terms terms =
        new PeerViews.Terms(
            "bmp " + name + " peer " + key,
            router.site(),
            around.views(),
            around.config(),
            around.tally());
    peers.put(key, new PeerViews(terms, up));
  }

  private void down(PeerDown down) {
    if (!counts(down.peer())) {
      return;
    }
    PeerViews gone = peers.remove(down.peer().key());
    if (gone == null) {
      around.tally().count(BmpReason.DOWN_BEFORE_UP);
    } else {
      log.debug("bmp {}: the peer {} is down, {}", name, down.peer().key(), down.reason());
      gone.close();
    }
  }

  private void told(RouteMonitoring routes) {
    if (!counts(routes.peer())) {
      return;
    }
    PeerViews views = peers.get(routes.peer().key());
    if (views == null) {
      around.tally().count(BmpReason.ROUTE_BEFORE_UP);
    } else {
      views.told(routes);
    }
  }

  private boolean counts(PeerHeader peer) {
    if (!peer.inbound()) {
      around.tally().count(BmpReason.OTHER_RIB);
      return false;
    }
    if (peer.key().type() != 0 && !router.vrfs()) {
      around.tally().count(BmpReason.OTHER_INSTANCE);
      return false;
    }
    return true;
  }

  RouterStatus status() {
    List<RouterStatus.Peer> views = new ArrayList<>();
    peers.forEach(
        (key, peer) -> {
          for (Policy policy : Policy.values()) {
            if (around.config().keeps(policy)) {
              views.add(
                  new RouterStatus.Peer(
                      key.toString(),
                      peer.as(),
                      policy,
                      peer.size(policy, true),
                      peer.size(policy, false)));
            }
          }
        });
    return new RouterStatus(
        name,
        address,
        router.site(),
        connected,
        since,
        says,
        List.copyOf(views),
        messages.sum(),
        lastError);
  }
}
