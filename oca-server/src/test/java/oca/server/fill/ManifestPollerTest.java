package oca.server.fill;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import oca.model.Endpoint;
import oca.protocol.FillManifest;
import oca.protocol.FillManifest.Entry;
import oca.protocol.ManifestDelta;
import oca.protocol.Wire;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Manifests told by what changed, and looked at when the controller speaks of a newer one. */
class ManifestPollerTest {
  private static final Duration NEVER = Duration.ofHours(1);

  private final FillFixture fill = new FillFixture();
  private final ControlClient client = new ControlClient(Duration.ofSeconds(30));
  private final ControlListener controller =
      ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT);
  private final List<FillManifest> taken = new CopyOnWriteArrayList<>();
  private final AtomicInteger wholes = new AtomicInteger();
  private final AtomicInteger deltas = new AtomicInteger();
  private final Entry a = fill.publish("t/a", 1000);
  private final Entry b = fill.publish("t/b", 1000);
  private final ManifestPoller poller;
  private volatile FillManifest before = FillFixture.manifest(1, a);
  private volatile FillManifest newest = before;

  ManifestPollerTest() throws IOException {
    controller.route("GET", "/v1/manifests/north-1", this::look).start();
    poller =
        new ManifestPoller(
            newest.appliance(),
            controller.endpoint().http("v1/manifests/north-1"),
            () -> NEVER,
            client,
            new ManifestPoller.Listener() {
              @Override
              public void changed(FillManifest manifest) {
                taken.add(manifest);
              }

              @Override
              public void unchanged() {}
            });
    poller.start();
    await().until(() -> taken.size() == 1);
  }

  @AfterEach
  void stop() {
    poller.close();
    client.close();
    controller.close();
    fill.close();
  }

  @Test
  void heardOf_newer_isLookedAtOnceByWhatChanged() {
    newest = FillFixture.manifest(2, b, a);
    poller.heardOf(1);
    poller.heardOf(2);
    poller.heardOf(2);
    await().until(() -> taken.size() == 2);
    assertEquals(newest, taken.getLast());
    assertEquals(List.of(1, 1), List.of(wholes.get(), deltas.get()));
    assertEquals(0, poller.misfits());
  }

  @Test
  void delta_doesNotFit_theWholeIsAskedForAtOnce() {
    before = FillFixture.manifest(1, b);
    newest = FillFixture.manifest(2, a, b);
    poller.heardOf(2);
    await().until(() -> taken.size() == 2);
    assertEquals(newest, taken.getLast());
    assertEquals(List.of(2, 1), List.of(wholes.get(), deltas.get()));
    assertEquals(1, poller.misfits());
  }

  private Response look(Request request) {
    FillManifest now = newest;
    String etag = "\"" + now.version() + "\"";
    if (request.header("a-im").isEmpty()) {
      wholes.incrementAndGet();
      return Response.message(now).with("ETag", etag);
    }
    if (request.header("if-none-match").filter(etag::equals).isPresent()) {
      return Response.empty(304);
    }
    deltas.incrementAndGet();
    ManifestDelta delta =
        ManifestDelta.of(
            now, ManifestDelta.sha256(Wire.write(now)), 1, ManifestDelta.marks(before));
    return new Response(226, Map.of("Content-Type", Wire.MEDIA_TYPE), Wire.write(delta))
        .with("IM", ManifestDelta.MANIPULATION)
        .with("ETag", etag);
  }
}
