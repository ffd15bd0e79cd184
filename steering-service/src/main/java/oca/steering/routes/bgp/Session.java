package oca.steering.routes.bgp;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import oca.model.Address;
import oca.steering.routes.bgp.SessionStatus.State;
import oca.steering.routes.bgp.wire.Capability;
import oca.steering.routes.bgp.wire.Decoded;
import oca.steering.routes.bgp.wire.Family;
import oca.steering.routes.bgp.wire.Message;
import oca.steering.routes.bgp.wire.Message.Keepalive;
import oca.steering.routes.bgp.wire.Message.Notification;
import oca.steering.routes.bgp.wire.Message.Open;
import oca.steering.routes.bgp.wire.Message.RouteRefresh;
import oca.steering.routes.bgp.wire.Message.Update;
import oca.steering.routes.bgp.wire.MessageDecoder;
import oca.steering.routes.bgp.wire.MessageEncoder;
import oca.steering.routes.bgp.wire.Negotiated;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of a peer: the state machine of RFC 4271, section 8, from the moment that TCP is
 * up.
 *
 * <pre>
 *   connected --(we send OPEN)--> OPEN_SENT --(OPEN, we send KEEPALIVE)--> OPEN_CONFIRM
 *     --(KEEPALIVE, we send End-of-RIB)--> ESTABLISHED
 *   anything else, in any state --(we send NOTIFICATION)--> ended
 * </pre>
 *
 * <p>One virtual thread reads, writes and keeps the timers: a read waits for no longer than a tick.
 * Others may only ask it to {@link #stop}.
 */
final class Session implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(Session.class);

  /** Bytes taken in at once; many messages. */
  private static final int BUFFER = 1 << 16;

  /** After a NOTIFICATION: reads that are thrown away, so that closing does not reset it away. */
  private static final int LAST_READS = 64;

  private static final int LAST_READ_MILLIS = 500;

  private final Neighbor neighbor;
  private final SocketChannel channel;
  private final Open ours;
  private final Duration openTimeout;
  private final LongSupplier nanoClock;
  private final Duration tick;
  private final ByteBuffer in = ByteBuffer.allocate(BUFFER);
  private final Set<Family> families = EnumSet.noneOf(Family.class);
  private volatile @Nullable Ending stop;

  private State state = State.OPEN_SENT;
  private Negotiated negotiated = Negotiated.PLAIN;
  private long holdNanos;
  private long silentUntil;
  private long keepaliveAt;

  /**
   * A session that {@link #run} begins.
   *
   * @param routerId ours
   * @param openTimeout until it must be established
   * @param tick how long a read waits, and so how late a timer may be
   */
  Session(
      Neighbor neighbor,
      SocketChannel channel,
      Address routerId,
      Duration openTimeout,
      LongSupplier nanoClock,
      Duration tick) {
    this.neighbor = neighbor;
    this.channel = channel;
    this.openTimeout = openTimeout;
    this.nanoClock = nanoClock;
    this.tick = tick;
    this.ours = open(neighbor.peer(), routerId);
  }

  private static Open open(BgpConfig.Peer peer, Address routerId) {
    return new Open(
        peer.ourAs(),
        (int) peer.holdTime().toSeconds(),
        routerId,
        List.of(
            new Capability.Multiprotocol(Family.IPV4.afi(), 1),
            new Capability.Multiprotocol(Family.IPV6.afi(), 1),
            new Capability.RouteRefresh(),
            // No family: we forward nothing, but know how to help a peer that restarts.
            new Capability.GracefulRestart(false, 0, List.of()),
            new Capability.FourOctetAs(peer.ourAs()),
            new Capability.AddPath(
                List.of(
                    new Capability.Direction(Family.IPV4.afi(), 1, true, false),
                    new Capability.Direction(Family.IPV6.afi(), 1, true, false)))));
  }

  /** Asks it to end, soon; the first asked holds. Any thread. */
  void stop(Ending ending) {
    if (stop == null) {
      stop = ending;
    }
  }

  /** Closes the connection under it: the last resort. Any thread. */
  void abort() {
    try {
      channel.close();
    } catch (IOException e) {
      log.debug("bgp {}: closing failed: {}", neighbor.address(), e.getMessage());
    }
  }

  @Override
  public void run() {
    Ending ending = Ending.silent(BgpReason.CONNECTION_LOST, "a fault of our own; see the log");
    try {
      ending = talk();
      if (ending.answer().isPresent()) {
        sayLast(ending.answer().get());
      }
    } catch (IOException e) {
      log.debug("bgp {}: {}", neighbor.address(), e.getMessage());
    } catch (RuntimeException e) {
      log.error("bgp {}: the session fails by a fault of our own", neighbor.address(), e);
    } finally {
      abort();
      neighbor.ended(this, ending);
    }
  }

  private Ending talk() {
    try {
      Socket socket = channel.socket();
      socket.setTcpNoDelay(true);
      socket.setSoTimeout((int) Math.max(1, tick.toMillis()));
      InputStream stream = socket.getInputStream();
      silentUntil = nanoClock.getAsLong() + openTimeout.toNanos();
      Ending ending = stop;
      if (ending == null) {
        send(ours);
      }
      while (ending == null) {
        ending = step(stream);
      }
      return ending;
    } catch (IOException e) {
      Ending asked = stop;
      return asked != null
          ? asked
          : Ending.silent(BgpReason.CONNECTION_LOST, String.valueOf(e.getMessage()));
    }
  }

  private @Nullable Ending step(InputStream stream) throws IOException {
    if (stop != null) {
      return stop;
    }
    long now = nanoClock.getAsLong();
    if (now - silentUntil >= 0) {
      return Ending.told(
          BgpReason.HOLD_EXPIRED, Notification.of(4, 0), "nothing that was waited for came");
    }
    if (state != State.OPEN_SENT && now - keepaliveAt >= 0) {
      send(new Keepalive());
    }
    int count;
    try {
      count = stream.read(in.array(), in.position(), in.remaining());
    } catch (SocketTimeoutException e) {
      return null;
    }
    if (count < 0) {
      return Ending.silent(BgpReason.CONNECTION_LOST, "the peer closed it");
    }
    in.position(in.position() + count).flip();
    Ending ending = messages();
    in.compact();
    return ending;
  }

  /** All that are whole; a message is far smaller than the buffer, so that room is always left. */
  private @Nullable Ending messages() throws IOException {
    while (in.remaining() >= MessageDecoder.HEADER) {
      Decoded.Refused fault = MessageDecoder.headerFault(in, in.position(), MessageDecoder.MAX);
      if (fault != null) {
        return Ending.of(fault);
      }
      int length = MessageDecoder.length(in, in.position());
      if (in.remaining() < length) {
        return null;
      }
      ByteBuffer message = in.slice(in.position(), length);
      in.position(in.position() + length);
      Ending ending = message(MessageDecoder.decode(message, negotiated, MessageDecoder.MAX));
      if (ending != null) {
        return ending;
      }
    }
    return null;
  }

  private @Nullable Ending message(Decoded decoded) throws IOException {
    neighbor.received();
    return switch (decoded) {
      case Decoded.Refused fault -> refused(fault);
      case Decoded.Read(Notification notification) ->
          Ending.silent(BgpReason.PEER_NOTIFIED, notification.text());
      case Decoded.Read(Message message) ->
          switch (state) {
            case OPEN_SENT -> message instanceof Open open ? opened(open) : unexpected(1);
            case OPEN_CONFIRM -> message instanceof Keepalive ? established() : unexpected(2);
            case ESTABLISHED -> told(message);
            case ACTIVE, RESTARTING -> throw new IllegalStateException("a session in " + state);
          };
    };
  }

  /** A malformed message that should not have come at all is told to be that. */
  private Ending refused(Decoded.Refused fault) {
    int code = fault.answer().code();
    return switch (state) {
      case OPEN_SENT -> code == 3 ? unexpected(1) : Ending.of(fault);
      case OPEN_CONFIRM -> code == 1 ? Ending.of(fault) : unexpected(2);
      case ESTABLISHED, ACTIVE, RESTARTING -> code == 2 ? unexpected(3) : Ending.of(fault);
    };
  }

  /** RFC 6608: the subcode tells the state. */
  private Ending unexpected(int subcode) {
    return Ending.told(
        BgpReason.UNEXPECTED_MESSAGE, Notification.of(5, subcode), "it came in " + state);
  }

  private @Nullable Ending opened(Open theirs) throws IOException {
    Ending fault = fault(theirs);
    if (fault == null) {
      fault = neighbor.opened(this, theirs);
    }
    if (fault != null) {
      return fault;
    }
    negotiated = Negotiated.of(ours, theirs);
    holdNanos = TimeUnit.SECONDS.toNanos(Math.min(ours.holdTime(), theirs.holdTime()));
    state = State.OPEN_CONFIRM;
    send(new Keepalive());
    silentUntil = nanoClock.getAsLong() + holdNanos;
    return null;
  }

  private @Nullable Ending fault(Open theirs) {
    if (theirs.as() != neighbor.peer().as()) {
      return fault(2, "its AS is " + theirs.as() + ", configured is " + neighbor.peer().as());
    }
    if (theirs.holdTime() == 0) {
      // Allowed by RFC 4271, but a site that vanished would keep its routes for ever.
      return fault(6, "its hold time is 0: set one of 3 s or more there");
    }
    if (theirs.as() == ours.as() && theirs.routerId().equals(ours.routerId())) {
      return fault(3, "its router id " + theirs.routerId() + " is ours as well");
    }
    for (Family family : Family.values()) {
      if (theirs.has(family)) {
        families.add(family);
      }
    }
    return families.isEmpty() ? fault(7, "it offers no unicast family") : null;
  }

  private static Ending fault(int subcode, String why) {
    Notification answer = Notification.of(2, subcode);
    return Ending.told(BgpReason.of(answer), answer, why);
  }

  private @Nullable Ending established() throws IOException {
    state = State.ESTABLISHED;
    silentUntil = nanoClock.getAsLong() + holdNanos;
    Ending fault = neighbor.established(this);
    if (fault != null) {
      return fault;
    }
    // We tell no routes, and a peer that restarts waits to hear that this is all.
    for (Family family : families) {
      send(Update.endOf(family));
    }
    return null;
  }

  private @Nullable Ending told(Message message) {
    return switch (message) {
      case Keepalive() -> heard(null);
      case Update update -> heard(neighbor.told(this, update, families));
      case RouteRefresh(int afi, int safi) -> {
        log.debug("bgp {} asks for routes of {}/{}", neighbor.address(), afi, safi);
        neighbor.refreshAsked();
        yield null;
      }
      case Open _ -> unexpected(3);
      case Notification notification -> Ending.silent(BgpReason.PEER_NOTIFIED, notification.text());
    };
  }

  /** Only KEEPALIVE and UPDATE restart the hold timer. */
  private @Nullable Ending heard(@Nullable Ending ending) {
    silentUntil = nanoClock.getAsLong() + holdNanos;
    return ending;
  }

  private void send(Message message) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(MessageEncoder.encode(message, Negotiated.PLAIN));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    neighbor.sent();
    keepaliveAt = nanoClock.getAsLong() + holdNanos / 3;
  }

  private void sayLast(Notification answer) throws IOException {
    send(answer);
    Socket socket = channel.socket();
    socket.shutdownOutput();
    socket.setSoTimeout(LAST_READ_MILLIS);
    InputStream stream = socket.getInputStream();
    for (int i = 0; i < LAST_READS && stream.read(in.array()) >= 0; i++) {
      log.trace("bgp {}: throwing away what came behind the end", neighbor.address());
    }
  }
}
