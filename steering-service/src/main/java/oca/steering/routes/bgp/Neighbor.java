package oca.steering.routes.bgp;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import oca.model.Address;
import oca.steering.routes.CountedFeed;
import oca.steering.routes.RouteViews;
import oca.steering.routes.Tally;
import oca.steering.routes.bgp.SessionStatus.State;
import oca.steering.routes.bgp.wire.AttributeFault;
import oca.steering.routes.bgp.wire.Capability.GracefulRestart;
import oca.steering.routes.bgp.wire.Family;
import oca.steering.routes.bgp.wire.Message.Notification;
import oca.steering.routes.bgp.wire.Message.Open;
import oca.steering.routes.bgp.wire.Message.Update;
import oca.steering.routes.bgp.wire.Nlri;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An address that peers connect from: what outlives its sessions. It owns the feed, decides which
 * of two connections goes on, keeps routes while the peer restarts (RFC 4724), and makes a peer
 * wait whose sessions fail again and again.
 *
 * <p>All under one lock, so that the feed has one writer at a time; any thread.
 */
final class Neighbor {
  private static final Logger log = LoggerFactory.getLogger(Neighbor.class);

  /** A peer's connections at once: one, and another while it is decided which of them goes on. */
  private static final int CONNECTIONS = 2;

  /** Sessions in a row that may end young before the peer has to wait. */
  private static final int FREE_ENDS = 3;

  /** What neighbours share. */
  record Surroundings(
      BgpConfig.Limits limits,
      RouteViews views,
      Tally<BgpReason> tally,
      InstantSource clock,
      LongSupplier nanoClock) {}

  private final Address address;
  private final BgpConfig.Peer peer;
  private final Surroundings around;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Session> connections = new ArrayList<>();
  private final Set<Family> stale = EnumSet.noneOf(Family.class);
  private final Set<Family> warned = EnumSet.noneOf(Family.class);
  private final LongAdder received = new LongAdder();
  private final LongAdder sent = new LongAdder();

  /** The one whose OPEN was good last; only it may write. */
  private @Nullable Session current;

  private @Nullable Open theirs;
  private @Nullable CountedFeed feed;
  private State state = State.ACTIVE;
  private Instant since;
  private long establishedAt;
  private long staleUntil;
  private int youngEnds;
  private boolean waiting;
  private long waitsUntil;
  private String routerId = "";
  private String lastError = "";

  Neighbor(Address address, BgpConfig.Peer peer, Surroundings around) {
    this.address = address;
    this.peer = peer;
    this.around = around;
    this.since = around.clock().instant();
  }

  Address address() {
    return address;
  }

  BgpConfig.Peer peer() {
    return peer;
  }

  void received() {
    received.increment();
  }

  void sent() {
    sent.increment();
  }

  void refreshAsked() {
    around.tally().count(BgpReason.REFRESH_ASKED);
  }

  /** Lets a new connection begin, or says why not. */
  Optional<Ending> admit(Session session) {
    lock.lock();
    try {
      Ending refused = null;
      if (waiting && now() - waitsUntil < 0) {
        refused =
            Ending.told(
                BgpReason.HELD_DOWN, Notification.cease(Notification.REJECTED), "it has to wait");
      } else if (connections.size() >= CONNECTIONS) {
        refused = collision("it has " + CONNECTIONS + " connections already");
      } else if (current == null) {
        enter(State.OPEN_SENT);
      }
      if (refused == null) {
        waiting = false;
        connections.add(session);
      }
      return Optional.ofNullable(refused);
    } finally {
      lock.unlock();
    }
  }

  /**
   * A connection's OPEN is good. Which one goes on when there is another (RFC 4271, section 6.8):
   * both were opened by the peer, so that router ids decide nothing. A session that is established
   * stays, unless a graceful restart was agreed on (RFC 4724, section 4.2): then the peer has lost
   * it. One that is not gives way: the peer has opened the newer one since.
   */
  @Nullable Ending opened(Session session, Open open) {
    lock.lock();
    try {
      Session other = current;
      if (other != null && state == State.ESTABLISHED) {
        if (restartSeconds() == 0) {
          return collision("its other connection is established");
        }
        keepForRestart();
        other.stop(Ending.silent(BgpReason.COLLISION, "the peer restarted and came back"));
      } else if (other != null) {
        other.stop(collision("the peer opened a newer one"));
      }
      current = session;
      theirs = open;
      routerId = open.routerId().toString();
      enter(State.OPEN_CONFIRM);
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** Routes may come. */
  @Nullable Ending established(Session session) {
    lock.lock();
    try {
      if (session != current) {
        return null;
      }
      if (feed == null) {
        feed = new CountedFeed(around.views().open("bgp " + address, peer.site()));
      }
      for (Family family : Family.values()) {
        // What it did not go on to forward is void, as is all if it no longer restarts gracefully.
        if (stale.contains(family) && !forwards(family)) {
          dropStale(feed, family);
        }
      }
      staleUntil = now() + around.limits().staleTime().toNanos();
      establishedAt = now();
      warned.clear();
      enter(State.ESTABLISHED);
      log.info("bgp {} of site {} is established", address, peer.site());
      return null;
    } catch (IllegalArgumentException e) {
      return Ending.told(
          BgpReason.NO_FEED,
          Notification.cease(Notification.OUT_OF_RESOURCES),
          "no feed can be opened: " + e.getMessage());
    } finally {
      lock.unlock();
    }
  }

  /** Takes in an UPDATE; of families that were agreed on only. */
  @Nullable Ending told(Session session, Update update, Set<Family> families) {
    lock.lock();
    try {
      if (session != current || feed == null) {
        return null;
      }
      count(update);
      for (Nlri gone : update.withdrawn()) {
        if (families.contains(gone.family())) {
          feed.withdraw(gone.prefix(), gone.pathId());
        }
      }
      Ending ending = announce(feed, update, families);
      if (update.endOfRib().isPresent()) {
        dropStale(feed, update.endOfRib().get());
      }
      return ending;
    } finally {
      lock.unlock();
    }
  }

  private void count(Update update) {
    for (AttributeFault fault : update.faults()) {
      log.debug("bgp {}: attribute {}: {}", address, fault.type(), fault.what());
      around
          .tally()
          .count(
              switch (fault.treatment()) {
                case DISCARD -> BgpReason.ATTRIBUTE_DISCARDED;
                case OTHER_FAMILY -> BgpReason.OTHER_FAMILY;
                case WITHDRAW -> BgpReason.TREATED_AS_WITHDRAW;
              });
    }
  }

  private @Nullable Ending announce(CountedFeed into, Update update, Set<Family> families) {
    // RFC 4271, section 9.1.2: such a route is not feasible, and replaces what was.
    boolean loop = update.asPath().contains(peer.ourAs());
    for (Nlri path : update.announced()) {
      Family family = path.family();
      if (!families.contains(family)) {
        around.tally().count(BgpReason.OTHER_FAMILY);
      } else if (loop) {
        around.tally().count(BgpReason.AS_LOOP);
        into.withdraw(path.prefix(), path.pathId());
      } else {
        into.announce(path.prefix(), path.pathId(), update.attributes());
        if (into.size(family.v4()) * 5L > peer.maxPrefixes(family.v4()) * 4L) {
          Ending full = full(into, family);
          if (full != null) {
            return full;
          }
        }
      }
    }
    return null;
  }

  private @Nullable Ending full(CountedFeed into, Family family) {
    int most = peer.maxPrefixes(family.v4());
    if (into.size(family.v4()) > most) {
      // Paths of before a restart must not count against those of after it.
      dropStale(into, family);
    }
    if (into.size(family.v4()) > most) {
      byte[] data =
          ByteBuffer.allocate(7).putShort((short) family.afi()).put((byte) 1).putInt(most).array();
      return Ending.told(
          BgpReason.TOO_MANY_PREFIXES,
          new Notification(6, Notification.MAX_PREFIXES, data),
          "more than %d of %s; raise its maxPrefixes or filter there".formatted(most, family));
    }
    if (warned.add(family)) {
      around.tally().count(BgpReason.NEAR_MAXIMUM);
      log.warn(
          "bgp {} tells more than 80 % of its maximum of {} prefixes, {}; beyond it the session"
              + " ends: raise its maxPrefixes or filter there",
          address, family, most);
    }
    return null;
  }

  /** A connection is closed, or refused before it began; counted once all of that is done. */
  void ended(Session session, Ending ending) {
    lock.lock();
    try {
      if (connections.remove(session)) {
        ended(session, ending.reason(), ending.text());
      } else {
        log.debug("bgp {} is refused: {}", address, ending.text());
      }
      around.tally().count(ending.reason());
    } finally {
      lock.unlock();
    }
  }

  private void ended(Session session, BgpReason reason, String text) {
    if (reason != BgpReason.COLLISION) {
      lastError = text;
      log.warn("bgp {} of site {} ended: {}", address, peer.site(), text);
      penalize(session, reason);
    }
    if (session == current) {
      leave(reason);
    } else if (current == null && connections.isEmpty()) {
      enter(feed == null ? State.ACTIVE : State.RESTARTING);
    }
  }

  private void penalize(Session session, BgpReason reason) {
    boolean wasUp = session == current && state == State.ESTABLISHED;
    long most = around.limits().backoffMost().toNanos();
    youngEnds = wasUp && now() - establishedAt >= most ? 0 : youngEnds + 1;
    if (reason == BgpReason.TOO_MANY_PREFIXES) {
      refuseFor(around.limits().holdDown().toNanos());
    } else if (youngEnds > FREE_ENDS) {
      int doublings = Math.min(youngEnds - FREE_ENDS - 1, 20);
      long first = around.limits().backoff().toNanos();
      refuseFor(first > (most >> doublings) ? most : first << doublings);
    }
  }

  private void refuseFor(long nanos) {
    waiting = true;
    waitsUntil = now() + nanos;
  }

  private void leave(BgpReason reason) {
    boolean wasUp = state == State.ESTABLISHED;
    if (wasUp && reason == BgpReason.CONNECTION_LOST && restartSeconds() > 0) {
      keepForRestart();
    } else if (wasUp) {
      closeFeed();
    }
    current = null;
    enter(feed == null ? State.ACTIVE : State.RESTARTING);
  }

  private void keepForRestart() {
    CountedFeed kept = feed;
    if (kept == null || theirs == null) {
      return;
    }
    for (Family family : Family.values()) {
      if (restarts(theirs, family)) {
        kept.stale(family.v4());
        stale.add(family);
      } else {
        kept.clear(family.v4());
        stale.remove(family);
      }
    }
    staleUntil = now() + restartSeconds() * 1_000_000_000L;
    around.tally().count(BgpReason.RESTART_HELPED);
  }

  /** For how long its routes are kept when it is lost; 0 for not at all. */
  private long restartSeconds() {
    Optional<GracefulRestart> restart = theirs == null ? Optional.empty() : theirs.restart();
    return restart.isEmpty() || restart.get().families().isEmpty()
        ? 0
        : Math.min(restart.get().restartTime(), around.limits().restartTime().toSeconds());
  }

  private static boolean restarts(Open open, Family family) {
    return open.restart().stream()
        .flatMap(restart -> restart.families().stream())
        .anyMatch(kept -> Family.of(kept.afi(), kept.safi()) == family);
  }

  private boolean forwards(Family family) {
    return theirs != null
        && theirs.has(family)
        && theirs.restart().stream()
            .flatMap(restart -> restart.families().stream())
            .anyMatch(kept -> kept.forwarding() && Family.of(kept.afi(), kept.safi()) == family);
  }

  private void dropStale(CountedFeed from, Family family) {
    if (stale.remove(family)) {
      from.dropStale(family.v4());
    }
  }

  private void closeFeed() {
    if (feed != null) {
      feed.close();
      feed = null;
    }
    stale.clear();
  }

  /** Lets go of what stayed stale for too long. */
  void tick() {
    lock.lock();
    try {
      CountedFeed kept = feed;
      if (kept == null || stale.isEmpty() || now() - staleUntil < 0) {
        return;
      }
      around.tally().count(BgpReason.STALE_EXPIRED);
      log.warn("bgp {} of site {} did not tell its routes again in time", address, peer.site());
      if (state == State.ESTABLISHED) {
        for (Family family : Family.values()) {
          dropStale(kept, family);
        }
      } else {
        closeFeed();
        if (state == State.RESTARTING) {
          enter(State.ACTIVE);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether nothing is lost when it is forgotten. */
  boolean idle() {
    lock.lock();
    try {
      return connections.isEmpty() && feed == null && !(waiting && now() - waitsUntil < 0);
    } finally {
      lock.unlock();
    }
  }

  /** Asks its sessions to end. */
  void stop() {
    lock.lock();
    try {
      for (Session session : connections) {
        session.stop(
            Ending.told(
                BgpReason.SHUT_DOWN,
                Notification.cease(Notification.SHUTDOWN),
                "this service stops"));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Lets go of its routes, and of sessions that did not end when asked. */
  void close() {
    lock.lock();
    try {
      connections.forEach(Session::abort);
      current = null;
      closeFeed();
      enter(State.ACTIVE);
    } finally {
      lock.unlock();
    }
  }

  SessionStatus status() {
    lock.lock();
    try {
      return new SessionStatus(
          address,
          peer.site(),
          state,
          since,
          peer.as(),
          routerId,
          feed == null ? 0 : feed.size(true),
          feed == null ? 0 : feed.size(false),
          received.sum(),
          sent.sum(),
          lastError);
    } finally {
      lock.unlock();
    }
  }

  private static Ending collision(String why) {
    return Ending.told(BgpReason.COLLISION, Notification.cease(Notification.COLLISION), why);
  }

  private void enter(State next) {
    if (state != next) {
      state = next;
      since = around.clock().instant();
    }
  }

  private long now() {
    return around.nanoClock().getAsLong();
  }
}
