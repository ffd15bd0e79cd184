package oca.server.fill;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** A day of viewers' load in a hundred looks, by which each threshold of yielding shows. */
public final class YieldScenario {
  private YieldScenario() {}

  /** What was left to filling after each part of the day, by what the configuration says. */
  public static List<Double> shares(Supplier<YieldConfig> config) {
    Yield yield = new Yield(config);
    List<Double> shares = new ArrayList<>();
    look(yield, shares, 3, new ViewerLoad(0.7, 0, 0, 0));
    look(yield, shares, 5, new ViewerLoad(0.9, 0, 0, 0));
    look(yield, shares, 10, new ViewerLoad(0.5, 0, 0, 0));
    look(yield, shares, 1, new ViewerLoad(0.5, 1, 20_000_000, 0));
    look(yield, shares, 1, new ViewerLoad(0.5, 1, 20_000_000, 20));
    look(yield, shares, 80, new ViewerLoad(0.95, 1, 20_000_000, 0));
    return shares;
  }

  private static void look(Yield yield, List<Double> shares, int times, ViewerLoad load) {
    for (int i = 0; i < times; i++) {
      yield.look(load);
    }
    shares.add(yield.share());
  }
}
