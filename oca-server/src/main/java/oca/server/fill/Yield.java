package oca.server.fill;

import java.util.function.Supplier;

/**
 * What part of the rate viewers leave to filling: lowered by a quarter at each look at which they
 * need the appliance, raised by a fiftieth of all at each at which they do not, and kept between
 * the two, so that it neither swings nor lags. They need it when line or connections are scarce, or
 * when they wait for disks longer than they should, or in too great a number. Pure but for its own
 * state; for one thread.
 */
final class Yield {
  private static final double DOWN = 0.75;
  private static final double UP = 0.02;

  /** Below this part of the bounds disks are at rest again. */
  private static final double AT_REST = 0.5;

  /** What a look led to. */
  enum Step {
    /** The rate stays, or rises. */
    NONE,
    /** It fell for want of line or connections. */
    LINE,
    /** It fell since viewers wait for disks. */
    DISK
  }

  private final Supplier<YieldConfig> config;
  private double share = 1;
  private ViewerLoad before = ViewerLoad.NONE;

  Yield(YieldConfig config) {
    this(() -> config);
  }

  /**
   * @param config asked at each look
   */
  Yield(Supplier<YieldConfig> config) {
    this.config = config;
  }

  /** Looks at the load; why the share fell, if it did. */
  Step look(ViewerLoad now) {
    YieldConfig config = this.config.get();
    double disk = disk(now, config);
    before = now;
    if (now.share() > config.above() || disk > 1) {
      double lower = Math.max(config.floor(), share * DOWN);
      boolean fell = lower < share;
      share = lower;
      return !fell ? Step.NONE : disk > 1 ? Step.DISK : Step.LINE;
    }
    if (now.share() < config.below() && disk < AT_REST) {
      share = Math.min(1, share + UP);
    }
    return Step.NONE;
  }

  /** The part of the rate that filling may take now, {@link YieldConfig#floor} to 1. */
  double share() {
    return share;
  }

  /**
   * How far viewers' waiting for disks since the last look is of what it may be; 1 is the bound.
   */
  private double disk(ViewerLoad now, YieldConfig config) {
    long waits = now.waits() - before.waits();
    long nanos = now.waitNanos() - before.waitNanos();
    double wait = waits <= 0 ? 0 : (double) nanos / waits / config.diskWait().toNanos();
    return Math.max(wait, (double) now.queued() / config.diskQueue());
  }
}
