package oca.server.fill;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import oca.model.ApplianceId;
import oca.protocol.ApplianceOrders;
import oca.protocol.OrdersReport;
import oca.protocol.http.ControlClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what the controller orders beside the manifest, when a heartbeat's answer says that
 * something waits: content to forget. Nothing is remembered here; what was not reported is ordered
 * again, and doing it twice does no harm. Safe on any thread; works on virtual threads of its own,
 * one at a time.
 */
public final class OrderTaker {
  private static final Logger log = LoggerFactory.getLogger(OrderTaker.class);

  /** Does what an order says. */
  @FunctionalInterface
  public interface Deed {
    /**
     * Carries out one order, as far as it can be here. May block.
     *
     * @return what cannot be done here, a sentence; empty when all was done
     */
    String carryOut(ApplianceOrders.Order order);
  }

  private final ApplianceId appliance;
  private final URI orders;
  private final URI reports;
  private final ControlClient client;
  private final Deed deed;
  private final AtomicBoolean busy = new AtomicBoolean();
  private final LongAdder done = new LongAdder();

  /**
   * A taker that does nothing yet.
   *
   * @param controller its base URI, without {@code /v1/...}
   * @param client stays the caller's
   */
  public OrderTaker(ApplianceId appliance, URI controller, ControlClient client, Deed deed) {
    String text = controller.toString();
    String base = text.endsWith("/") ? text : text + "/";
    this.appliance = appliance;
    this.orders = URI.create(base + "v1/orders/" + appliance);
    this.reports = URI.create(base + "v1/orders");
    this.client = client;
    this.deed = deed;
  }

  /** Asks for orders and carries them out, unless that is under way. Does not wait. */
  public void wake() {
    if (busy.compareAndSet(false, true)) {
      Thread.ofVirtual().name("orders").start(this::takeAll);
    }
  }

  /** Orders carried out since the start. */
  public long done() {
    return done.sum();
  }

  private void takeAll() {
    try {
      ApplianceOrders waiting = client.get(orders, ApplianceOrders.class);
      List<OrdersReport.Result> results = new ArrayList<>();
      for (ApplianceOrders.Order order : waiting.orders()) {
        results.add(new OrdersReport.Result(order.number(), carryOut(order)));
        done.increment();
      }
      if (!results.isEmpty()) {
        client.post(reports, new OrdersReport(appliance, results));
      }
    } catch (IOException e) {
      // A later heartbeat's answer tells of them again.
      log.warn("orders of {} were not all carried out: {}", orders, e.getMessage());
    } finally {
      busy.set(false);
    }
  }

  private String carryOut(ApplianceOrders.Order order) {
    try {
      String problem = deed.carryOut(order);
      log.info(
          "order {}: {} files and {} purges{}{}",
          order.number(),
          order.remove().size(),
          order.purges().size(),
          problem.isEmpty() ? "" : "; ",
          problem);
      return problem;
    } catch (RuntimeException e) {
      log.error("order {} failed", order.number(), e);
      return "it failed: " + e;
    }
  }
}
