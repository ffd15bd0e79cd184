package oca.server.http;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

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

  private final int maxServed;
  private final int maxRefused;
  private final AtomicInteger served = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private final LongAdder shed = new LongAdder();

  AdmissionGate(int maxServed, int maxRefused) {
    this.maxServed = maxServed;
    this.maxRefused = maxRefused;
  }

  /** Decides on a new connection; what is not shed must {@link #leave} once, with its verdict. */
  Verdict enter() {
    if (take(served, maxServed)) {
      return Verdict.SERVE;
    }
    if (take(refused, maxRefused)) {
      return Verdict.REFUSE;
    }
    shed.increment();
    return Verdict.SHED;
  }

  void leave(Verdict verdict) {
    switch (verdict) {
      case SERVE -> served.decrementAndGet();
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

  private static boolean take(AtomicInteger places, int most) {
    if (places.incrementAndGet() <= most) {
      return true;
    }
    places.decrementAndGet();
    return false;
  }
}
