package oca.steering.registry;

import java.time.Instant;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.steering.fleet.Order;
import org.jspecify.annotations.Nullable;

/**
 * One appliance as operators have it.
 *
 * @param site where it was registered; null when it was not, and is here for its order alone
 * @param endpoint with which it was registered; null as above
 * @param registered when first; null as above
 * @param note a word about it; empty for none
 */
public record Entry(
    ApplianceId id,
    @Nullable SiteId site,
    @Nullable Endpoint endpoint,
    @Nullable Instant registered,
    Order order,
    String note) {

  /** Nothing was decided about it yet. */
  static Entry unknown(ApplianceId id) {
    return new Entry(id, null, null, null, Order.NONE, "");
  }

  Entry under(Order other) {
    return new Entry(id, site, endpoint, registered, other, note);
  }
}
