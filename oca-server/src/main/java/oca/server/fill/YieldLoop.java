package oca.server.fill;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the viewers' load at an interval, on a virtual thread, and sets the rates by it. */
final class YieldLoop {
  private static final Logger log = LoggerFactory.getLogger(YieldLoop.class);

  private final Yield yield;
  private final Duration interval;
  private final DoubleSupplier load;
  private final List<FillRate> rates;
  private final LongAdder yields = new LongAdder();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread = Thread.ofVirtual().name("fill-yield").unstarted(this::run);
  private volatile double share = 1;

  /**
   * A loop that does not run yet.
   *
   * @param load see {@link Yield#look}
   */
  YieldLoop(YieldConfig config, DoubleSupplier load, List<FillRate> rates) {
    this.yield = new Yield(config);
    this.interval = config.interval();
    this.load = load;
    this.rates = List.copyOf(rates);
  }

  void start() {
    thread.start();
  }

  /** The part of the rate that viewers leave now. */
  double share() {
    return share;
  }

  /** How often the rate was lowered. */
  long yields() {
    return yields.sum();
  }

  void close() {
    closing.countDown();
  }

  private void run() {
    try {
      while (!closing.await(interval.toNanos(), TimeUnit.NANOSECONDS)) {
        look();
      }
    } catch (InterruptedException e) {
      log.debug("the viewers' load is no longer looked at");
    }
  }

  private void look() {
    double before = share;
    double now = this.yield.look(load.getAsDouble());
    if (now < before) {
      yields.increment();
      if (before == 1) {
        log.info("filling makes way for viewers");
      }
    }
    if (now != before) {
      share = now;
      rates.forEach(rate -> rate.share(now));
    }
  }
}
