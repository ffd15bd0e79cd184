package oca.protocol;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import oca.model.ApplianceId;
import oca.model.ContentId;

/**
 * What an appliance is to do beside its manifest, once. The answer to {@code GET
 * /v1/orders/APPLIANCE}: all that it has not reported as done, so that it need not remember
 * anything itself. Orders may come twice, and doing them twice does no harm.
 *
 * @param orders by number
 */
public record ApplianceOrders(ApplianceId appliance, List<Order> orders) {
  public ApplianceOrders {
    orders = List.copyOf(orders);
  }

  /**
   * Content to forget.
   *
   * @param number grows from order to order
   * @param remove files to take out of the store; one that is not there is out already
   * @param purges of pulled content, as the arguments of an appliance's purge
   */
  public record Order(long number, List<ContentId> remove, List<Map<String, String>> purges) {
    public Order {
      remove = List.copyOf(remove);
      purges = purges.stream().map(it -> Collections.unmodifiableMap(new TreeMap<>(it))).toList();
    }
  }
}
