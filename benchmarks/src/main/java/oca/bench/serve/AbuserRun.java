package oca.bench.serve;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import oca.bench.serve.Attack.Way;
import org.jspecify.annotations.Nullable;

/** One attack over as many connections as it has, by one thread. Each that ends is replaced. */
final class AbuserRun implements AutoCloseable {
  private static final int CONNECT_MILLIS = 1000;
  private static final int WAIT_MILLIS = 10;
  private static final int SMALL_BUFFER = 4096;
  private static final long MIDWAY_BYTES = 64 << 10;
  private static final double NANOS = 1e9;

  private final Attack attack;
  private final AbuseOrder order;
  private final Selector selector = Selector.open();
  private final Victim[] victims;
  private final ByteBuffer in = ByteBuffer.allocateDirect(64 << 10);
  private final Map<Integer, Long> answers = new TreeMap<>();
  private long opened;
  private long asked;
  private long units;
  private long unconnected;
  private long ended;
  private long sentBytes;

  /** One connection, or the place for it. */
  private static final class Victim {
    @Nullable SocketChannel channel;
    ByteBuffer out = ByteBuffer.allocate(0);
    StatusScan scan = new StatusScan();
    boolean flooding;
    int block;
    long openedAt;
    long drippedAt;
    long received;
  }

  AbuserRun(Attack attack, AbuseOrder order) throws IOException {
    this.attack = attack;
    this.order = order;
    this.victims = new Victim[attack.connections()];
    for (int i = 0; i < victims.length; i++) {
      victims[i] = new Victim();
    }
  }

  /** Opens all that there are to be, once. */
  void begin() throws IOException {
    for (Victim victim : victims) {
      open(victim);
    }
  }

  /** Goes on for the time that was ordered. */
  AbuseResult run() throws IOException {
    long start = System.nanoTime();
    long end = start + (long) (order.seconds() * NANOS);
    double cpu = CpuTime.of(List.of(ProcessHandle.current().pid()));
    long before = attempts();
    for (long now = start; now < end; now = System.nanoTime()) {
      turn(now);
    }
    return new AbuseResult(
        "",
        (System.nanoTime() - start) / NANOS,
        attempts() - before,
        opened,
        unconnected,
        ended,
        sentBytes,
        Map.copyOf(answers),
        CpuTime.of(List.of(ProcessHandle.current().pid())) - cpu);
  }

  private long attempts() {
    return switch (attack.way()) {
      case ASK_ON -> asked;
      case AWAIT_CLOSE -> attack.flood().units() > 0 ? units : opened;
      case CLOSE_AT_ONCE, RESET_MIDWAY, READ_NOTHING -> opened;
    };
  }

  private void turn(long now) throws IOException {
    long until = System.nanoTime() + WAIT_MILLIS * 1_000_000L;
    for (Victim victim : victims) {
      if (victim.channel == null) {
        open(victim);
      } else if (attack.way() == Way.READ_NOTHING
          && now - victim.openedAt > order.renewSeconds() * NANOS) {
        drop(victim, true);
        open(victim);
      } else if (attack.dripMillis() > 0) {
        drip(victim, now);
      }
      if (System.nanoTime() > until && attack.way() != Way.CLOSE_AT_ONCE) {
        selector.selectNow(this::ready); // so many to open must not keep the others waiting
        until = System.nanoTime() + WAIT_MILLIS * 1_000_000L;
      }
    }
    if (attack.way() == Way.CLOSE_AT_ONCE) {
      return;
    }
    selector.select(this::ready, WAIT_MILLIS);
  }

  private void open(Victim victim) throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      if (attack.way() == Way.READ_NOTHING) {
        channel.setOption(StandardSocketOptions.SO_RCVBUF, SMALL_BUFFER);
      }
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel
          .socket()
          .connect(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), order.port()),
              CONNECT_MILLIS);
      channel.configureBlocking(false);
    } catch (IOException e) {
      unconnected++; // the server, or its queue, has no room: that is a result
      channel.close();
      return;
    }
    byte[] opening = attack.openings().get((int) (opened % attack.openings().size()));
    opened++;
    victim.channel = channel;
    victim.out = ByteBuffer.wrap(opening);
    victim.scan = new StatusScan();
    victim.flooding = false;
    victim.block = 0;
    victim.received = 0;
    victim.openedAt = System.nanoTime();
    victim.drippedAt = victim.openedAt;
    if (attack.way() == Way.CLOSE_AT_ONCE) {
      drop(victim, opened % 2 == 0);
      return;
    }
    channel.register(selector, attack.way() == Way.READ_NOTHING ? 0 : SelectionKey.OP_READ, victim);
    if (attack.dripMillis() == 0) {
      send(victim);
    }
  }

  private void ready(SelectionKey key) {
    if (key.attachment() instanceof Victim victim && victim.channel != null) {
      try {
        if (key.isWritable()) {
          send(victim);
        }
        if (victim.channel != null && key.isValid() && key.isReadable()) {
          read(victim);
        }
      } catch (IOException e) {
        lost(victim);
      }
    }
  }

  /** Sends what it has to, and for a flood a little more each time the socket takes it all. */
  private void send(Victim victim) {
    SocketChannel channel = victim.channel;
    if (channel == null) {
      return;
    }
    try {
      sentBytes += channel.write(victim.out);
      if (!victim.out.hasRemaining() && attack.flood().units() > 0) {
        units += victim.flooding ? attack.flood().units() : 0;
        victim.flooding = true;
        victim.out = ByteBuffer.wrap(attack.flood().block(victim.block++));
      }
      SelectionKey key = channel.keyFor(selector);
      int reads = attack.way() == Way.READ_NOTHING ? 0 : SelectionKey.OP_READ;
      key.interestOps(reads | (victim.out.hasRemaining() ? SelectionKey.OP_WRITE : 0));
    } catch (IOException e) {
      lost(victim);
    }
  }

  private void drip(Victim victim, long now) throws IOException {
    SocketChannel channel = victim.channel;
    if (channel == null
        || !victim.out.hasRemaining()
        || now - victim.drippedAt < attack.dripMillis() * 1_000_000L) {
      return;
    }
    victim.drippedAt = now;
    try {
      sentBytes += channel.write(victim.out.slice(victim.out.position(), 1));
      victim.out.get();
    } catch (IOException e) {
      lost(victim);
    }
  }

  private void read(Victim victim) throws IOException {
    SocketChannel channel = victim.channel;
    if (channel == null) {
      return;
    }
    in.clear();
    int got = channel.read(in);
    if (got < 0) {
      lost(victim);
      return;
    }
    victim.received += got;
    if (attack.way() == Way.RESET_MIDWAY) {
      if (victim.received >= MIDWAY_BYTES) {
        drop(victim, true);
      }
      return;
    }
    if (!attack.http2()) {
      victim.scan.take(in.flip(), status -> answered(victim, status));
    }
  }

  private void answered(Victim victim, int status) {
    answers.merge(status, 1L, Long::sum);
    if (attack.way() == Way.ASK_ON) {
      byte[] next = attack.openings().get((int) (asked % attack.openings().size()));
      asked++;
      victim.out = ByteBuffer.wrap(next);
      send(victim);
    }
  }

  /** The server has ended it. */
  private void lost(Victim victim) {
    ended++;
    try {
      drop(victim, true);
    } catch (IOException e) {
      victim.channel = null; // closed, as well as it could be
    }
  }

  /** Ends it; by a reset, which leaves nothing behind that would use up the ports. */
  private static void drop(Victim victim, boolean reset) throws IOException {
    SocketChannel channel = victim.channel;
    victim.channel = null;
    if (channel != null) {
      if (reset) {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      }
      channel.close();
    }
  }

  @Override
  public void close() throws IOException {
    for (Victim victim : victims) {
      drop(victim, true);
    }
    selector.close();
  }
}
