package oca.server.pull;

import static oca.server.pull.Case.demand;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What Cache-Status says. */
class Rfc9211Test extends Conformance {
  private static final String FRESH = "Cache-Control: max-age=60";
  private static final String TAG = "ETag: \"a\"";

  @Override
  String title() {
    return "RFC 9211: Cache-Status";
  }

  @Override
  List<Case> cases() {
    return List.of(
        demand("2.1", "hit")
            .origin(FRESH)
            .get()
            .pulled()
            .after(10)
            .get()
            .kept()
            .says("edge; hit; ttl=50"),
        demand("2.1", "hit, a 304")
            .origin(FRESH, TAG)
            .get()
            .pulled()
            .get("If-None-Match: \"a\"")
            .says("edge; hit; ttl=60"),
        demand("2.1", "hit, a range")
            .origin(FRESH)
            .get()
            .pulled()
            .get("Range: bytes=0-1")
            .says("edge; hit; ttl=60"),
        demand("2.1", "hit, a range behind the end")
            .origin(FRESH)
            .get()
            .pulled()
            .get("Range: bytes=99-")
            .status(416)
            .says("edge; hit; ttl=60"),
        demand("2.1", "hit, stale as the client takes it")
            .origin(FRESH, TAG)
            .get()
            .pulled()
            .after(70)
            .get("Cache-Control: max-stale")
            .says("edge; hit; ttl=-10"),
        demand("2.2", "fwd=uri-miss")
            .origin(FRESH)
            .get()
            .says("edge; fwd=uri-miss; fwd-status=200; ttl=60; stored"),
        demand("2.2", "fwd=uri-miss, not stored")
            .origin("Cache-Control: no-store")
            .get()
            .says("edge; fwd=uri-miss; fwd-status=200"),
        demand("2.2", "fwd=vary-miss")
            .origin(FRESH, "Vary: X")
            .get("X: 1")
            .pulled()
            .get("X: 2")
            .says("edge; fwd=vary-miss; fwd-status=200; ttl=60; stored"),
        demand("2.2", "fwd=stale")
            .origin(FRESH, TAG)
            .get()
            .pulled()
            .after(60)
            .get()
            .says("edge; fwd=stale; fwd-status=200; ttl=60; stored"),
        demand("2.2", "fwd=request")
            .origin(FRESH, TAG)
            .get()
            .pulled()
            .get("Cache-Control: no-cache")
            .says("edge; fwd=request; fwd-status=200; ttl=60; stored"),
        demand("2.2", "fwd=method").origin().ask("POST").says("edge; fwd=method; fwd-status=200"),
        demand("2.2", "fwd=bypass")
            .origin()
            .get("If-Match: \"a\"")
            .says("edge; fwd=bypass; fwd-status=200"),
        demand("2.3", "fwd-status=304")
            .origin(FRESH, TAG)
            .get()
            .pulled()
            .after(60)
            .origin(304, FRESH, TAG)
            .get()
            .says("edge; fwd=stale; fwd-status=304; ttl=60; stored"),
        demand("2.3", "fwd-status=404")
            .origin(404)
            .get()
            .says("edge; fwd=uri-miss; fwd-status=404"),
        demand("2.4", "ttl of what is as old as it may be")
            .origin("Cache-Control: max-age=60", "Age: 60", TAG)
            .get()
            .says("edge; fwd=uri-miss; fwd-status=200; ttl=0; stored"),
        demand("2.4", "ttl below zero")
            .origin("Cache-Control: max-age=60", "Age: 70", TAG)
            .get()
            .says("edge; fwd=uri-miss; fwd-status=200; ttl=-10; stored"),
        demand("2.8", "detail: stale-if-error")
            .origin("Cache-Control: max-age=1, stale-if-error=60", TAG)
            .get()
            .pulled()
            .after(5)
            .origin(503)
            .get()
            .says("edge; fwd=stale; fwd-status=503; ttl=-4; detail=stale-if-error"),
        demand("2.8", "detail: why upstream gave none")
            .raw("nonsense\r\n\r\n")
            .get()
            .status(502)
            .says("edge; fwd=uri-miss; detail=bad-status-line"),
        demand("2", "none of what upstream made of it is lost")
            .origin(FRESH, "Cache-Status: back; hit")
            .get()
            .says("back; hit, edge; fwd=uri-miss; fwd-status=200; ttl=60; stored")
            .get()
            .says("back; hit, edge; hit; ttl=60"),
        demand("2", "only what is kept, and nothing is")
            .get("Cache-Control: only-if-cached")
            .status(504)
            .lacks("Cache-Status"),
        demand("2", "a request that went round")
            .get("Via: 1.1 edge-1")
            .status(508)
            .lacks("Cache-Status"));
  }

  @Test
  void requests_waitingForAnothers_areCollapsed() throws Exception {
    assertEquals(
        List.of(
            "edge; fwd=uri-miss; fwd-status=200; ttl=60; stored",
            "edge; fwd=uri-miss; fwd-status=200; collapsed",
            "edge; fwd=uri-miss; fwd-status=200; collapsed"),
        together("/p/collapsed", FRESH));
    assertEquals(1, origin.count("/p/collapsed"));
  }

  @Test
  void requests_waitingForWhatIsNotKept_areNotCollapsed() throws Exception {
    String passed = "edge; fwd=uri-miss; fwd-status=200";
    assertEquals(List.of(passed, passed, passed), together("/p/alone", "Cache-Control: no-store"));
    assertEquals(3, origin.count("/p/alone"));
  }

  /** Three requests of which two come while the first one's answer is awaited. */
  private List<String> together(String target, String field) throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    origin.at(
        target,
        (_, out) -> {
          goOn.await();
          out.write(ScriptedOrigin.response("200 OK", new byte[5], field));
        });
    String request = "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
    int port = listener.endpoint().port();
    try (WireClient.Sent first = WireClient.send(port, request)) {
      await().until(() -> origin.count(target) == 1);
      try (WireClient.Sent second = WireClient.send(port, request);
          WireClient.Sent third = WireClient.send(port, request)) {
        // All loops are single and take turns in order: behind this one, those two wait.
        WireClient.ask(port, request.replace(target, target + "-behind"));
        goOn.countDown();
        return List.of(said(first), said(second), said(third));
      }
    }
  }

  private static String said(WireClient.Sent sent) throws IOException {
    return sent.answer().field("Cache-Status");
  }
}
