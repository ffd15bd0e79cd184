package oca.protocol;

import java.util.List;
import oca.model.ApplianceId;

/**
 * What became of orders. Posted to {@code /v1/orders}.
 *
 * @param appliance the sender
 * @param results in the order in which they ended
 */
public record OrdersReport(ApplianceId appliance, List<Result> results) {
  public OrdersReport {
    results = List.copyOf(results);
  }

  /**
   * How one order ended.
   *
   * @param number the order's
   * @param problem what of it cannot be done at this appliance, a sentence; empty when all was done
   */
  public record Result(long number, String problem) {}
}
