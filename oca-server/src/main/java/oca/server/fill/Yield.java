package oca.server.fill;

/**
 * What part of the rate viewers leave to filling: lowered by a quarter at each look at which they
 * need the appliance, raised by a fiftieth of all at each at which they do not, and kept between
 * the two thresholds, so that it neither swings nor lags. Pure but for its own state; for one
 * thread.
 */
final class Yield {
  private static final double DOWN = 0.75;
  private static final double UP = 0.02;

  private final YieldConfig config;
  private double share = 1;

  Yield(YieldConfig config) {
    this.config = config;
  }

  /**
   * Looks at the load.
   *
   * @param load the used share of the scarcest of what viewers need, 0 or more; what is no number
   *     says nothing
   * @return the part of the rate that filling may take now, {@link YieldConfig#floor} to 1
   */
  double look(double load) {
    if (load > config.above()) {
      share = Math.max(config.floor(), share * DOWN);
    } else if (load < config.below()) {
      share = Math.min(1, share + UP);
    }
    return share;
  }
}
