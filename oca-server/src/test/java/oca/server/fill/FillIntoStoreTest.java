package oca.server.fill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import oca.protocol.FillGrant;
import oca.protocol.FillManifest.Entry;
import oca.protocol.FillReport.Source;
import oca.server.fill.FillRound.Outcome;
import oca.server.fill.SourceServer.Manner;
import oca.store.ContentMeta;
import oca.store.DiskStore;
import oca.store.StoreConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rounds into a real store, which checks each announced block as it completes. */
class FillIntoStoreTest {
  private static final int LENGTH = 50_500;
  private static final int BLOCK = 32_768;

  private static final GrantConfig GRANTED =
      new GrantConfig(
          GrantConfig.Use.REQUIRED,
          Duration.ofSeconds(30),
          Duration.ofSeconds(4),
          2,
          100,
          Duration.ofSeconds(5),
          List.of());

  @TempDir private Path folder;

  private final FillFixture fill;
  private DiskStore store;
  private FillTools tools;

  FillIntoStoreTest() throws IOException {
    fill = new FillFixture();
  }

  @BeforeEach
  void open() throws IOException {
    store =
        DiskStore.open(
            StoreConfig.of(
                List.of(new StoreConfig.VolumeConfig(folder.resolve("disk"), 64 << 20)),
                folder.resolve("index")));
    tools = with(fill.queue);
  }

  private FillTools with(FillQueue queue) {
    return new FillTools(
        fill.tools.config(),
        queue,
        store,
        1 << 20,
        new ListReader(store, FillFixture.MAX_LIST, fill.tally),
        fill.source,
        fill.rate,
        fill.outside,
        fill.distrust,
        fill.backOff,
        fill.tools.origins(),
        fill.tally,
        fill.results::add,
        fill.clock,
        fill.nanos::get,
        fill.tools.pause());
  }

  @AfterEach
  void close() {
    store.close();
    fill.close();
  }

  @Test
  void run_anotherBeganTheWrongBlock_asksTheInnocentAgainForAllOfIt() throws Exception {
    FillJob job = listed();
    fill.peer.manner = Manner.LYING_AND_TRUNCATING;
    long before = fill.tally.bytesFromPeers.sum();
    fill.peer.breakOffWhen = () -> fill.tally.bytesFromPeers.sum() - before == LENGTH / 2;
    assertEquals(new Outcome.Filled(Source.PEER), run(job));
    assertEquals(
        List.of("a/v.mp4 bytes=" + LENGTH / 2 + "-" + (LENGTH - 1), "a/v.mp4"), fill.second.asked);
    assertEquals(List.of(), fill.origin.asked);
    assertHeld(job);
  }

  @Test
  void run_liarOfWholeBlocks_isNotAskedAgainAndTheBlocksBeforeStay() throws Exception {
    FillJob job = listed();
    byte[] lie = fill.peer.files.get("a/v.mp4").clone();
    lie[BLOCK + 5] ^= 1;
    fill.peer.files.put("a/v.mp4", lie);
    fill.peer.asked.clear();
    assertEquals(new Outcome.Filled(Source.PEER), run(job));
    assertEquals(List.of("a/v.mp4"), fill.peer.asked);
    assertEquals(
        List.of("a/v.mp4 bytes=" + BLOCK + "-" + (LENGTH - 1)),
        fill.second.asked,
        "the first block is kept");
    assertHeld(job);
  }

  @Test
  void run_liarAboutAFileOfOneBlock_isKnownBeforeTheCommit() throws Exception {
    fill.peer.manner = Manner.LYING;
    FillJob job = fill.job(fill.publish("a/small", LENGTH));
    assertEquals(new Outcome.Filled(Source.PEER), run(job));
    assertEquals(List.of("a/small"), fill.second.asked);
    assertEquals(1, fill.tally.sourceFailures.sum());
    assertHeld(job);
  }

  @Test
  void run_olderGrantAfterANewerWrote_isFencedAndOneWithoutGrantGoesOn() throws Exception {
    Entry entry = fill.publish("a/v.mp4", LENGTH * 50);
    fill.peer.manner = Manner.MISSING;
    fill.second.manner = Manner.MISSING;
    fill.origin.manner = Manner.TRUNCATING;
    fill.origin.breakOffWhen = () -> fill.tally.bytesFromOrigins.sum() == LENGTH * 25;
    assertInstanceOf(Outcome.Failed.class, runGranted(entry, 8, 1));
    fill.origin.manner = Manner.HONEST;

    // Another start of the appliance, so that only the store remembers.
    Outcome.Failed fenced =
        assertInstanceOf(Outcome.Failed.class, runGranted(entry, 7, 2), "an older controller");
    assertTrue(fenced.reason().contains("newer writer"), fenced.reason());
    assertNull(store.describe(FillRound.key(entry.file().id())));
    long before = fill.tally.bytesFromOrigins.sum();

    fill.queue.replace(FillFixture.manifest(10, entry));
    FillJob ungranted = fill.queue.take();
    assertEquals(new Outcome.Filled(Source.ORIGIN), run(ungranted));
    assertTrue(fill.tally.bytesFromOrigins.sum() - before < LENGTH * 50, "it went on");
    assertHeld(ungranted);
  }

  /** A round under a grant, by an appliance that knows of no other. */
  private Outcome runGranted(Entry entry, long generation, int attempt) throws Exception {
    GrantDesk desk = new GrantDesk(GRANTED, fill.nanos::get);
    FillGrant.Grant grant =
        new FillGrant.Grant(3, generation, attempt, entry.file().path(), entry.file().sha256());
    desk.take(new FillGrant(FillFixture.APPLIANCE, 1, List.of(grant), List.of()));
    FillQueue queue =
        new FillQueue(_ -> false, fill.clock, Duration.ofMillis(20), 2, 2, (rate, _) -> rate, desk);
    queue.replace(FillFixture.manifest(9, entry));
    tools = with(queue);
    Outcome outcome = run(queue.take());
    tools = with(fill.queue);
    return outcome;
  }

  /** The job of a file in blocks whose list is held. */
  private FillJob listed() throws Exception {
    List<Entry> entries = fill.publishListed("a/v.mp4", LENGTH, BLOCK);
    fill.queue.replace(FillFixture.manifest(3, entries.getFirst(), entries.getLast()));
    FillJob list = fill.queue.take();
    assertEquals(new Outcome.Filled(Source.PEER), run(list));
    fill.queue.done(list);
    return fill.queue.take();
  }

  private void assertHeld(FillJob job) {
    ContentMeta held = store.describe(FillRound.key(job.file()));
    assertNotNull(held);
    assertEquals(job.entry().file().sha256(), held.sha256());
  }

  private Outcome run(FillJob job) throws InterruptedException {
    return new FillRound(tools, job).run();
  }
}
