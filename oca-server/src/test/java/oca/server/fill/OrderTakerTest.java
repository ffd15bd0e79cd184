package oca.server.fill;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.protocol.ApplianceOrders;
import oca.protocol.ApplianceOrders.Order;
import oca.protocol.OrdersReport;
import oca.protocol.OrdersReport.Result;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OrderTakerTest {
  private static final ApplianceId NORTH_1 = new ApplianceId("north-1");
  private static final Order FIRST = new Order(3, List.of(new ContentId(1, 2)), List.of());
  private static final Order SECOND =
      new Order(4, List.of(), List.of(Map.of("service", "live", "all", "true")));

  private final List<Order> carriedOut = new CopyOnWriteArrayList<>();
  private final List<OrdersReport> reports = new CopyOnWriteArrayList<>();
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final ControlClient client = new ControlClient(Duration.ofSeconds(30));
  private final ControlListener controller;
  private volatile boolean down;

  OrderTakerTest() throws IOException {
    controller =
        ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT)
            .route(
                "GET",
                "/v1/orders/north-1",
                _ -> Response.message(new ApplianceOrders(NORTH_1, List.of(FIRST, SECOND))))
            .route(
                "POST",
                "/v1/orders",
                request -> {
                  if (down) {
                    return Response.problem(503, "down");
                  }
                  reports.add(request.message(OrdersReport.class));
                  return Response.empty(204);
                });
    controller.start();
  }

  @AfterEach
  void stop() {
    goOn.countDown();
    client.close();
    controller.close();
  }

  @Test
  void wake_ordersWait_carriesThemOutInOrderAndReports() {
    goOn.countDown();
    OrderTaker taker = taker(order -> order.equals(SECOND) ? "no such tag" : "");
    taker.wake();
    await().until(() -> reports.size() == 1);
    assertEquals(List.of(FIRST, SECOND), carriedOut);
    assertEquals(
        new OrdersReport(NORTH_1, List.of(new Result(3, ""), new Result(4, "no such tag"))),
        reports.getFirst());
    assertEquals(2, taker.done());
  }

  @Test
  void wake_whileUnderWay_doesNothingTwice() {
    OrderTaker taker = taker(_ -> "");
    taker.wake();
    await().until(() -> carriedOut.size() == 1);
    taker.wake();
    goOn.countDown();
    await().until(() -> reports.size() == 1);
    assertEquals(2, carriedOut.size());
  }

  @Test
  void deed_thatThrows_isReportedAndTheNextIsDone() {
    goOn.countDown();
    taker(
            order -> {
              if (order.equals(FIRST)) {
                throw new IllegalStateException("broken");
              }
              return "";
            })
        .wake();
    await().until(() -> reports.size() == 1);
    List<Result> results = reports.getFirst().results();
    assertTrue(results.getFirst().problem().contains("broken"), results::toString);
    assertEquals("", results.getLast().problem());
  }

  @Test
  void report_notTaken_isMadeAgainAtTheNextWake() {
    goOn.countDown();
    down = true;
    OrderTaker taker = taker(_ -> "");
    taker.wake();
    await().until(() -> carriedOut.size() == 2);
    down = false;
    await()
        .until(
            () -> {
              taker.wake();
              return !reports.isEmpty();
            });
    assertEquals(2, reports.getFirst().results().size());
  }

  private OrderTaker taker(OrderTaker.Deed deed) {
    return new OrderTaker(
        NORTH_1,
        controller.endpoint().http(""),
        client,
        order -> {
          carriedOut.add(order);
          try {
            goOn.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return deed.carryOut(order);
        });
  }
}
