package oca.fill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import oca.fill.jobs.EngineSettings;
import oca.fill.jobs.FillEngine;
import oca.fill.jobs.Job;
import oca.fill.jobs.JobFile;
import oca.fill.jobs.JobState;
import oca.fill.jobs.JobStore;
import oca.fill.jobs.Standing;
import oca.fill.jobs.Wanted;
import oca.fill.jobs.store.ConnectionSource;
import oca.fill.jobs.store.JdbcJobStore;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.protocol.FillAsk;
import oca.protocol.FillGrant;
import oca.protocol.FillReport;
import oca.protocol.Inventory;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlCredentials;
import oca.protocol.http.ControlListener;
import oca.protocol.http.RedirectedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two controllers over one book: what one is told reaches the jobs of the other. */
class ForwardingTest {
  private static final String VERSION = "ab".repeat(32);

  /** Nobody renews a lease between two ticks, however long that takes. */
  private static final EngineSettings PATIENT = patient(EngineSettings.DEFAULT);

  @TempDir Path folder;

  private final ControlClient client = new ControlClient(Duration.ofSeconds(5));
  private JobStore book;
  private Side one;
  private Side two;
  private ApplianceId ofTwo;

  /** A controller as far as jobs go. */
  private static final class Side implements AutoCloseable {
    final ControlListener listener;
    final FillEngine engine;
    final Forwarding forwarding;

    Side(JobStore store) throws IOException {
      listener = ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT);
      JobsConfig config =
          new JobsConfig(
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              ControlCredentials.NONE,
              5,
              1_000,
              8,
              Duration.ofMillis(200),
              Duration.ZERO);
      Polls polls = new Polls(8);
      String address = "http://" + listener.endpoint();
      engine = new FillEngine(address, address, PATIENT, store, polls, _ -> true, System::nanoTime);
      engine.start();
      new JobDesk(config, engine, polls).routes(listener);
      forwarding = new Forwarding(engine, ControlCredentials.NONE);
      listener.start();
    }

    @Override
    public void close() {
      forwarding.close();
      listener.close();
    }
  }

  private static EngineSettings patient(EngineSettings usual) {
    return new EngineSettings(
        Duration.ofHours(1),
        usual.busyBeat(),
        usual.idleBeat(),
        usual.look(),
        usual.check(),
        usual.checkpoint(),
        usual.tries(),
        usual.firstWait(),
        usual.longestWait(),
        usual.breakAfter(),
        usual.breakFor(),
        usual.lostAfter(),
        usual.pendingJobs());
  }

  @BeforeEach
  void start() throws IOException {
    book = JdbcJobStore.open(ConnectionSource.h2(folder.resolve("jobs")));
    one = new Side(book);
    var _ = one.engine.tick();
    two = new Side(book);
    // One finds another there and lays down half, which the other takes; then one sees that.
    for (FillEngine engine : List.of(one.engine, two.engine, one.engine)) {
      engine.lookSoon();
      var _ = engine.tick();
      var _ = engine.tick();
    }
    assertTrue(one.engine.status().slots() > 0);
    assertTrue(two.engine.status().slots() > 0, "the slots are shared");
    ofTwo = applianceOf(two);
    var _ =
        book.apply(
            1,
            Set.of(ofTwo),
            List.of(
                new Wanted(ofTwo, file("a"), 1, Standing.NO_DEADLINE, false),
                new Wanted(ofTwo, file("b"), 1, Standing.NO_DEADLINE, false)));
    two.engine.lookSoon();
    var _ = two.engine.tick();
  }

  @AfterEach
  void stop() {
    one.close();
    two.close();
    book.close();
    client.close();
  }

  @Test
  void report_toTheOther_reachesTheJobs() throws IOException {
    FillReport report =
        new FillReport(
            ofTwo,
            List.of(
                new FillReport.Result(
                    Instant.EPOCH,
                    1,
                    ContentId.ofPath("a"),
                    true,
                    FillReport.Source.ORIGIN,
                    10,
                    10,
                    "")));
    assertFalse(one.forwarding.reported(report));
    one.forwarding.again();
    assertEquals(JobState.DONE, job("a").standing().state());
    assertEquals(JobState.QUEUED, job("b").standing().state());
    assertEquals(0, one.forwarding.lost());
  }

  @Test
  void inventory_toTheOther_reachesTheJobs() throws IOException {
    one.forwarding.inventory(
        new Inventory(ofTwo, "boot", 1, List.of(ContentId.ofPath("a"), ContentId.ofPath("b"))));
    assertEquals(JobState.DONE, job("a").standing().state());
    assertEquals(JobState.DONE, job("b").standing().state());
  }

  @Test
  void report_whileTheOtherIsAway_isKeptAndBroughtLater() throws IOException {
    two.listener.close();
    FillReport report = new FillReport(ofTwo, List.of());
    assertFalse(one.forwarding.reported(report));
    assertThrows(IOException.class, one.forwarding::again);
    assertThrows(IOException.class, one.forwarding::again, "it is still there");
    for (int i = 0; i < 1_000; i++) {
      assertFalse(one.forwarding.reported(report));
    }
    assertEquals(1, one.forwarding.lost(), "the oldest gives way");
  }

  @Test
  void ask_toTheOther_isToldWhomToAskWithItsScheme() throws IOException {
    FillAsk ask = new FillAsk(ofTwo, "boot", 1, 0, List.of(), 100);
    RedirectedException elsewhere =
        assertThrows(
            RedirectedException.class,
            () ->
                client.postPatiently(
                    one.listener.endpoint().http("v1/fill/asks"),
                    ask,
                    FillGrant.class,
                    Duration.ofSeconds(3)));
    assertEquals(two.listener.endpoint().http("v1/fill/asks"), elsewhere.location());
    FillGrant granted = client.post(elsewhere.location(), ask, FillGrant.class);
    assertEquals("a", granted.grants().getFirst().path());
  }

  private ApplianceId applianceOf(Side side) throws IOException {
    for (int i = 0; i < 1_000; i++) {
      ApplianceId id = new ApplianceId("a-" + i);
      if (side.engine.reported(new FillReport(id, List.of()))
          instanceof oca.fill.jobs.Answer.Taken) {
        return id;
      }
    }
    throw new AssertionError("no appliance is of that controller");
  }

  private Job job(String path) throws IOException {
    return book.jobs(ofTwo, Set.of(ContentId.ofPath(path))).getFirst();
  }

  private static JobFile file(String path) {
    return new JobFile(path, VERSION, 10);
  }
}
