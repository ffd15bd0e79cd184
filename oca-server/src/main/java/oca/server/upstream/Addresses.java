package oca.server.upstream;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where an upstream is reached. A name is looked up by a thread of its own, over and over; what was
 * found last is kept while nothing can be found. Safe on any thread.
 *
 * <p>A platform thread each: the system's resolver is native code that may wait for seconds, and in
 * a virtual thread would keep all others from a core for as long.
 */
final class Addresses implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Addresses.class);

  /** So long an address that could not be reached is tried last. */
  private static final long PENALTY_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** More than so many are not used; who has more has a load balancer. */
  private static final int MAX_ADDRESSES = 64;

  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Authority authority;
  private final Resolver resolver;
  private final Duration interval;
  private final LongAdder failures = new LongAdder();
  private final AtomicInteger turn = new AtomicInteger();
  private final Map<InetSocketAddress, Long> unreachable = new ConcurrentHashMap<>();
  private final Set<Runnable> waiting = new LinkedHashSet<>();
  private final @Nullable Thread thread;
  private volatile List<InetSocketAddress> known = List.of();
  private volatile boolean isLookedUp;
  private volatile boolean isClosed;

  Addresses(Authority authority, Resolver resolver, Duration interval) {
    this.authority = authority;
    this.resolver = resolver;
    this.interval = interval;
    InetAddress literal = literal(authority.host());
    if (literal != null) {
      known = List.of(new InetSocketAddress(literal, authority.port()));
      isLookedUp = true;
      thread = null;
    } else {
      thread = Thread.ofPlatform().daemon().name("names-" + authority.host()).unstarted(this::run);
    }
  }

  private static @Nullable InetAddress literal(String host) {
    try {
      return InetAddress.ofLiteral(host);
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  void start() {
    if (thread != null) {
      thread.start();
    }
  }

  private void run() {
    while (!isClosed) {
      lookUp();
      try {
        Thread.sleep(known.isEmpty() && RETRY.compareTo(interval) < 0 ? RETRY : interval);
      } catch (InterruptedException _) {
        return;
      }
    }
  }

  private void lookUp() {
    try {
      List<InetSocketAddress> found =
          resolver.addresses(authority.host()).stream()
              .distinct()
              .limit(MAX_ADDRESSES)
              .map(address -> new InetSocketAddress(address, authority.port()))
              .toList();
      if (found.isEmpty()) {
        throw new UnknownHostException(authority.host() + " has no address");
      }
      known = found;
      unreachable.keySet().retainAll(found);
    } catch (UnknownHostException | RuntimeException e) {
      failures.increment();
      log.warn("{} cannot be looked up, {} stays: {}", authority.host(), known, e.toString());
    }
    List<Runnable> told;
    synchronized (waiting) {
      isLookedUp = true;
      told = List.copyOf(waiting);
      waiting.clear();
    }
    told.forEach(Runnable::run);
  }

  /**
   * Runs that once the name was looked up, on another thread, unless it is {@link #forget
   * forgotten} before.
   *
   * @return whether it was looked up already; then nothing is run
   */
  boolean isLookedUpOrTell(Runnable waiter) {
    if (isLookedUp) {
      return true;
    }
    synchronized (waiting) {
      if (!isLookedUp) {
        waiting.add(waiter);
      }
      return isLookedUp;
    }
  }

  void forget(Runnable waiter) {
    synchronized (waiting) {
      waiting.remove(waiter);
    }
  }

  /** All of them, each time beginning with another; those that could not be reached come last. */
  List<InetSocketAddress> inTurn() {
    List<InetSocketAddress> all = known;
    if (all.size() < 2) {
      return all;
    }
    int first = Math.floorMod(turn.getAndIncrement(), all.size());
    List<InetSocketAddress> good = new ArrayList<>(all.size());
    List<InetSocketAddress> bad = new ArrayList<>();
    long now = System.nanoTime();
    for (int i = 0; i < all.size(); i++) {
      InetSocketAddress address = all.get((first + i) % all.size());
      Long since = unreachable.get(address);
      (since == null || now - since > PENALTY_NANOS ? good : bad).add(address);
    }
    good.addAll(bad);
    return good;
  }

  /** All of them. */
  List<InetSocketAddress> known() {
    return known;
  }

  void reached(InetSocketAddress address) {
    if (!unreachable.isEmpty()) {
      unreachable.remove(address);
    }
  }

  void notReached(InetSocketAddress address) {
    if (known.contains(address)) {
      unreachable.put(address, System.nanoTime());
    }
  }

  long failures() {
    return failures.sum();
  }

  @Override
  public void close() {
    isClosed = true;
    if (thread != null) {
      thread.interrupt();
    }
  }
}
