package oca.server.fill;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the viewers' load at an interval, on a virtual thread, and sets the rates by it. */
final class YieldLoop {
  private static final Logger log = LoggerFactory.getLogger(YieldLoop.class);

  private final Yield yield;
  private final Duration interval;
  private final Supplier<ViewerLoad> load;
  private final List<FillRate> rates;
  private final LongAdder yields = new LongAdder();
  private final LongAdder diskYields = new LongAdder();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread = Thread.ofVirtual().name("fill-yield").unstarted(this::run);
  private volatile double share = 1;

  /**
   * A loop that does not run yet.
   *
   * @param config asked at each look
   * @param load of viewers, now
   */
  YieldLoop(Supplier<YieldConfig> config, Supplier<ViewerLoad> load, List<FillRate> rates) {
    this.yield = new Yield(config);
    this.interval = config.get().interval();
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

  /** How often it was because viewers waited for disks. */
  long diskYields() {
    return diskYields.sum();
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
    Yield.Step step = this.yield.look(load.get());
    double now = this.yield.share();
    if (step != Yield.Step.NONE) {
      yields.increment();
      if (step == Yield.Step.DISK) {
        diskYields.increment();
      }
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
