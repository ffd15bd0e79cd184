package oca.server.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Bounds the connections of a listener. Safe on any thread.
 *
 * <p>Refusing properly takes a connection too, for as long as it takes to read a request and say
 * 503; so there is a second, smaller bound, beyond which connections are closed unanswered. Both
 * together must stay below the process's limit of open files, since an accept that fails for want
 * of one would be tried again at once.
 */
final class AdmissionGate {

  /** What becomes of a new connection. */
  enum Verdict {
    /** It is served. */
    SERVE,
    /** Its first request is answered 503, and it is closed. */
    REFUSE,
    /** It is closed at once. */
    SHED
  }

  private final Supplier<Bounds> bounds;
  private final AtomicInteger served = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private final Map<String, Integer> networks = new ConcurrentHashMap<>();
  private final LongAdder shed = new LongAdder();
  private final LongAdder crowded = new LongAdder();

  /**
   * What bounds connections.
   *
   * @param ofNetwork connections served at once to one network; 0 for any number
   */
  record Bounds(int served, int refused, int ofNetwork) {}

  /**
   * @param bounds asked for each new connection; those that are in stay
   */
  AdmissionGate(Supplier<Bounds> bounds) {
    this.bounds = bounds;
  }

  /**
   * Decides on a new connection; what is not shed must {@link #leave} once, with its verdict.
   *
   * @param network whence it comes
   */
  Verdict enter(String network) {
    Bounds now = bounds.get();
    if (take(served, now.served())) {
      if (takeOfNetwork(network, now.ofNetwork())) {
        return Verdict.SERVE;
      }
      crowded.increment();
      served.decrementAndGet();
    }
    if (take(refused, now.refused())) {
      return Verdict.REFUSE;
    }
    shed.increment();
    return Verdict.SHED;
  }

  void leave(Verdict verdict, String network) {
    switch (verdict) {
      case SERVE -> {
        served.decrementAndGet();
        networks.computeIfPresent(network, (_, count) -> count == 1 ? null : count - 1);
      }
      case REFUSE -> refused.decrementAndGet();
      case SHED -> throw new IllegalArgumentException("a connection that was shed never entered");
    }
  }

  /** Connections being served. */
  int served() {
    return served.get();
  }

  /** Connections closed unanswered since the start. */
  long shed() {
    return shed.sum();
  }

  /** Connections refused because their network had its share, since the start. */
  long crowded() {
    return crowded.sum();
  }

  /** Whether so many places are taken that those left are for viewers. */
  boolean isNearlyFull() {
    int most = bounds.get().served();
    return served.get() > most - most / 5;
  }

  private boolean takeOfNetwork(String network, int most) {
    // Bounded by the connections: a network without any has no entry. Counted without a bound too,
    // for there may be one from the next moment on.
    boolean[] taken = new boolean[1];
    networks.compute(
        network,
        (_, count) -> {
          int now = count == null ? 0 : count;
          taken[0] = most == 0 || now < most;
          return taken[0] ? now + 1 : count;
        });
    return taken[0];
  }

  private static boolean take(AtomicInteger places, int most) {
    if (places.incrementAndGet() <= most) {
      return true;
    }
    places.decrementAndGet();
    return false;
  }
}
