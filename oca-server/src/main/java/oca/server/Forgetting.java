package oca.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import oca.model.ContentId;
import oca.protocol.ApplianceOrders;
import oca.server.fill.OrderTaker;
import oca.server.pull.PullServices;
import oca.server.purge.PurgeOrder;
import oca.store.ContentKey;
import oca.store.ContentStore;

/**
 * Forgets content as the controller orders: takes files out of the store, and purges what was
 * pulled. A file with readers goes when the last of them has ended; nobody new gets it.
 *
 * @param pulls empty when nothing is pulled here. Purges of services that are not configured here
 *     are for other appliances
 */
record Forgetting(ContentStore store, Optional<PullServices> pulls) implements OrderTaker.Deed {
  private static final int MOST_REASONS = 5;

  @Override
  public String carryOut(ApplianceOrders.Order order) {
    for (ContentId file : order.remove()) {
      store.remove(new ContentKey(file.high(), file.low()));
    }
    List<String> reasons = new ArrayList<>();
    for (Map<String, String> purge : order.purges()) {
      try {
        PurgeOrder parsed = PurgeOrder.parse(purge);
        pulls.filter(it -> it.hasService(parsed.service())).ifPresent(it -> it.purge(parsed));
      } catch (IllegalArgumentException e) {
        reasons.add(String.valueOf(e.getMessage()));
      }
    }
    return String.join("; ", reasons.subList(0, Math.min(MOST_REASONS, reasons.size())));
  }
}
