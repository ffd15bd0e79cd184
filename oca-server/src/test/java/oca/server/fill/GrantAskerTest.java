package oca.server.fill;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.protocol.FillAsk;
import oca.protocol.FillGrant;
import oca.protocol.FillManifest.Entry;
import oca.protocol.FillProgress;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GrantAskerTest {
  private static final ApplianceId US = FillFixture.APPLIANCE;

  private final FillFixture fill = new FillFixture();
  private final Controller first = new Controller();
  private final Controller second = new Controller();
  private final ControlClient client = new ControlClient(Duration.ofSeconds(2));
  private final AtomicInteger unknown = new AtomicInteger();
  private final Entry a;
  private GrantDesk desk;
  private FillQueue queue;
  private GrantAsker asker;

  GrantAskerTest() throws IOException {
    a = fill.publish("a", 100);
  }

  private void open(Duration patience) {
    GrantConfig config =
        new GrantConfig(
            GrantConfig.Use.PREFERRED,
            patience,
            Duration.ofMillis(400),
            2,
            100,
            Duration.ofMillis(50),
            List.of(second.uri()));
    desk = new GrantDesk(config, System::nanoTime);
    queue =
        new FillQueue(
            id -> fill.store.describe(FillRound.key(id)) != null,
            fill.clock,
            Duration.ofMillis(20),
            2,
            2,
            (rate, _) -> rate,
            desk);
    asker =
        new GrantAsker(
            US,
            "boot",
            first.uri(),
            config,
            client,
            queue,
            desk,
            id -> fill.store.describe(FillRound.key(id)) != null,
            unknown::incrementAndGet,
            System::nanoTime);
  }

  @AfterEach
  void close() {
    asker.close();
    queue.close();
    client.close();
    first.listener.close();
    second.listener.close();
    fill.close();
  }

  @Test
  void ask_grantAndEnd_areTakenToldAndAcknowledged() throws Exception {
    open(Duration.ofMinutes(1));
    queue.replace(FillFixture.manifest(1, a));
    first.answers.add(granted(1, a));
    asker.start();
    FillJob job = queue.take();
    assertEquals(new Grants.Writer(3, 7), queue.writer(job));
    await().until(() -> first.asks.stream().anyMatch(ask -> !ask.running().isEmpty()));
    FillAsk running =
        first.asks.stream().filter(ask -> !ask.running().isEmpty()).findFirst().orElseThrow();
    assertEquals(List.of(new FillAsk.Running(3, 7, 1, 0)), running.running());
    assertEquals(1, running.heard());
    assertEquals(3, running.room());
    await().until(() -> !first.items.isEmpty());
    assertEquals(FillProgress.State.RUNNING, first.items.getFirst().state());
    assertEquals(0, unknown.get());
    desk.ended(FillWorker.notFilled(job, fill.now.get(), "all failed"));
    await().until(() -> desk.inHand() == 0);
    assertEquals(FillProgress.State.FAILED, first.items.getLast().state());
    assertEquals("all failed", first.items.getLast().reason());
  }

  @Test
  void ask_grantOfWhatTheManifestDoesNotHave_looksForANewOne() {
    open(Duration.ofMinutes(1));
    first.answers.add(granted(1, a));
    asker.start();
    await().until(() -> unknown.get() > 0);
    assertEquals(List.of(a.file().id()), List.copyOf(desk.files()));
  }

  @Test
  void ask_anotherDecides_followsItAndComesBackWhenThatFails() {
    open(Duration.ofMinutes(1));
    first.elsewhere = second.uri() + "v1/fill/asks";
    second.answers.add(granted(1, a));
    asker.start();
    await().until(() -> !desk.files().isEmpty());
    first.elsewhere = null;
    second.listener.close();
    int before = first.asks.size();
    await().until(() -> first.asks.size() > before);
    await().until(() -> asker.failures() > 0);
  }

  @Test
  void ask_nobodyAnswers_asksTheOthersAndIsAloneAfterItsPatience() {
    open(Duration.ofSeconds(3));
    first.listener.close();
    second.refuses = true;
    asker.start();
    await().until(() -> !desk.inForce());
    await().until(() -> asker.failures() > 1);
    second.refuses = false;
    await().until(desk::inForce);
  }

  private static FillGrant granted(long number, Entry entry) {
    return new FillGrant(
        US,
        number,
        List.of(new FillGrant.Grant(3, 7, 1, entry.file().path(), entry.file().sha256())),
        List.of());
  }

  /** A controller that says what the test tells it to say. */
  private static final class Controller {
    final BlockingQueue<FillGrant> answers = new LinkedBlockingQueue<>();
    final List<FillAsk> asks = new CopyOnWriteArrayList<>();
    final List<FillProgress.Item> items = new CopyOnWriteArrayList<>();
    final ControlListener listener;
    volatile boolean refuses;
    volatile @Nullable String elsewhere;

    Controller() {
      try {
        listener =
            ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT)
                .route("POST", "/v1/fill/asks", this::ask)
                .route("POST", "/v1/fill/progress", this::progress);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      listener.start();
    }

    URI uri() {
      return listener.endpoint().http("");
    }

    private Response ask(Request request) throws IOException {
      String to = elsewhere;
      if (to != null) {
        return Response.empty(307).with("Location", to);
      }
      if (refuses) {
        return Response.problem(503, "not just now");
      }
      FillAsk ask = request.message(FillAsk.class);
      asks.add(ask);
      try {
        FillGrant answer = answers.poll(ask.waitMillis(), TimeUnit.MILLISECONDS);
        return Response.message(
            answer == null ? new FillGrant(US, 0, List.of(), List.of()) : answer);
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }

    private Response progress(Request request) throws IOException {
      items.addAll(request.message(FillProgress.class).items());
      return Response.empty(204);
    }
  }
}
