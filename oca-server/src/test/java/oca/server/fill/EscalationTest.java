package oca.server.fill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import oca.protocol.FillManifest;
import oca.protocol.FillManifest.Entry;
import oca.protocol.FillManifest.Source;
import oca.protocol.FillManifest.Tier;
import oca.protocol.FillReport;
import oca.protocol.FillReport.OriginReason;
import oca.server.fill.FillRound.Outcome;
import oca.server.fill.SourceServer.Manner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One file whose sources have tiers; all waiting is on the test's clock. */
class EscalationTest {
  private static final String PATH = "a/v.mp4";
  private static final int BLOCKS = 12;
  private static final int LENGTH = BLOCKS * FillFixture.BLOCK;
  private static final long SITE_AFTER = 10_000;
  private static final long ORIGIN_AFTER = 30_000;

  private final FillFixture fill;

  EscalationTest() throws IOException {
    fill = new FillFixture();
  }

  @AfterEach
  void stop() {
    fill.close();
  }

  @Test
  void run_peerToWhichTheFileIsStillComing_givesItBlockByBlockAndTheOriginIsNotAsked()
      throws Exception {
    byte[] all = publish();
    AtomicInteger blocks = new AtomicInteger(1);
    holds(fill.peer, all, blocks.get());
    fill.onPause = () -> holds(fill.peer, all, Math.min(BLOCKS, blocks.incrementAndGet()));
    FillJob job = job(follower());
    assertEquals(new Outcome.Filled(FillReport.Source.PEER), run(job));
    assertTrue(fill.holds(job.entry()));
    assertEquals(List.of(), fill.origin.asked);
    assertEquals(LENGTH, job.bytesFetched(), "nothing came twice");
    assertEquals(0, fill.tally.sourceFailures.sum(), "a peer that waits itself is no fault");
  }

  @Test
  void run_peerThatNeverGetsMore_isLeftForTheSiteAndThenForTheOriginAfterTheirWaits()
      throws Exception {
    byte[] all = publish();
    holds(fill.peer, all, 4);
    holds(fill.second, all, 7);
    FillJob job = job(follower());
    assertEquals(new Outcome.Filled(FillReport.Source.ORIGIN), run(job));
    assertTrue(fill.holds(job.entry()));
    long waited = fill.nanos.get() / 1_000_000;
    assertTrue(
        waited >= SITE_AFTER + ORIGIN_AFTER, "the site's bytes begin the wait anew: " + waited);
    assertTrue(waited < SITE_AFTER + ORIGIN_AFTER + 3000, "and no longer: " + waited);
    assertEquals(Map.of(OriginReason.ESCALATED, 5L * FillFixture.BLOCK), job.originReasons());
    assertEquals(7L * FillFixture.BLOCK + 32 * BLOCKS, fill.tally.bytesFromPeers.sum());
  }

  @Test
  void run_master_takesWhatOthersHaveAndTheRestFromTheOriginAtOnce() throws Exception {
    byte[] all = publish();
    holds(fill.peer, all, 5);
    FillJob job =
        job(
            List.of(
                Source.peer(fill.peer.uri(PATH)), source(fill.origin.uri(PATH), Tier.ORIGIN, 0)));
    assertEquals(new Outcome.Filled(FillReport.Source.ORIGIN), run(job));
    assertEquals(Map.of(OriginReason.MASTER, 7L * FillFixture.BLOCK), job.originReasons());
    assertTrue(fill.nanos.get() < 1_000_000_000, "without waiting");
    assertTrue(
        fill.origin.asked.stream().allMatch(it -> it.contains("bytes=")), "for what is missing");
  }

  @Test
  void run_masterChosenWhileTheRoundRuns_stopsWaitingWithTheNewManifest() throws Exception {
    byte[] all = publish();
    holds(fill.peer, all, 3);
    FillJob job = job(follower());
    Entry before = job.entry();
    fill.onPause =
        () -> {
          if (fill.nanos.get() > 2_000_000_000L) {
            List<Source> atOnce = List.of(source(fill.origin.uri(PATH), Tier.ORIGIN, 0));
            fill.queue.replace(FillFixture.manifest(2, new Entry(before.file(), atOnce), list()));
          }
        };
    assertEquals(new Outcome.Filled(FillReport.Source.ORIGIN), run(job));
    assertEquals(Map.of(OriginReason.MASTER, 9L * FillFixture.BLOCK), job.originReasons());
    assertTrue(fill.nanos.get() < 4_000_000_000L);
  }

  @Test
  void run_allPeersLie_goesToTheOriginAtOnceAndSaysWhoLied() throws Exception {
    publish();
    fill.peer.manner = Manner.LYING;
    fill.second.manner = Manner.LYING;
    FillJob job = job(follower());
    assertEquals(new Outcome.Filled(FillReport.Source.ORIGIN), run(job));
    assertTrue(fill.holds(job.entry()));
    assertEquals(Map.of(OriginReason.BAD_PEERS, (long) LENGTH), job.originReasons());
    assertEquals(
        List.of(fill.peer.endpoint().toString(), fill.second.endpoint().toString()).stream()
            .sorted()
            .toList(),
        job.badPeers());
    int asked = fill.peer.asked.size();
    fill.peer.manner = Manner.HONEST;
    Entry other = fill.publish("a/other", 100);
    fill.queue.replace(FillFixture.manifest(5, other));
    assertInstanceOf(Outcome.Filled.class, run(fill.queue.take()));
    assertEquals(asked, fill.peer.asked.size(), "it is asked for nothing else for a while");
  }

  @Test
  void run_nothingComesAndAnotherFileIsReady_givesTheWorkerBack() throws Exception {
    publish();
    fill.peer.manner = Manner.MISSING;
    fill.second.manner = Manner.MISSING;
    FillJob job = job(follower());
    Entry other = fill.publish("a/other", 100);
    fill.queue.replace(FillFixture.manifest(2, job.entry(), list(), other));
    assertEquals(new Outcome.Waiting(), run(job));
    long waited = job.waited(fill.nanos.get(), ORIGIN_AFTER);
    assertTrue(waited >= FillFixture.PATIENCE.linger().toNanos() - 5_000_000, "" + waited);
    assertEquals(List.of(), fill.origin.asked);
  }

  @Test
  void run_originThatLiesAboutLength_isNamedAndNothingWrongIsKept() throws Exception {
    publish();
    fill.origin.manner = Manner.LONGER;
    FillJob job = job(List.of(source(fill.origin.uri(PATH), Tier.ORIGIN, 0)));
    Outcome.Failed failed = assertInstanceOf(Outcome.Failed.class, run(job));
    assertTrue(
        failed.reason().contains("where bytes 0-4095/49152 were asked for"), failed.reason());
    fill.queue.done(job);
    fill.origin.manner = Manner.LYING;
    job = job(List.of(source(fill.origin.uri(PATH), Tier.ORIGIN, 0)));
    failed = assertInstanceOf(Outcome.Failed.class, run(job));
    assertTrue(failed.reason().contains(fill.origin.uri(PATH).toString()), failed.reason());
    assertTrue(fill.store.files.keySet().stream().noneMatch(it -> it.equals(key())), "not held");
  }

  private oca.store.ContentKey key() {
    return FillRound.key(oca.model.ContentId.ofPath(PATH));
  }

  private Outcome run(FillJob job) throws InterruptedException {
    return new FillRound(fill.tools, job).run();
  }

  /** Publishes a file in blocks, whose list is held already. */
  private byte[] publish() throws InterruptedException {
    List<Entry> entries = fill.publishListed(PATH, LENGTH, FillFixture.BLOCK);
    fill.queue.replace(FillFixture.manifest(1, entries.getLast()));
    FillJob list = fill.queue.take();
    assertInstanceOf(Outcome.Filled.class, run(list));
    fill.queue.done(list);
    return fill.origin.files.get(PATH);
  }

  private Entry list() {
    return fill.listed(PATH, LENGTH, FillFixture.BLOCK).getLast();
  }

  private FillJob job(List<Source> sources) throws InterruptedException {
    List<Entry> entries = fill.listed(PATH, LENGTH, FillFixture.BLOCK);
    FillManifest manifest =
        FillFixture.manifest(9, new Entry(entries.getFirst().file(), sources), entries.getLast());
    fill.queue.replace(manifest);
    return fill.queue.take();
  }

  private List<Source> follower() {
    return List.of(
        Source.peer(fill.peer.uri(PATH)),
        source(fill.second.uri(PATH), Tier.SITE, SITE_AFTER),
        source(fill.origin.uri(PATH), Tier.ORIGIN, ORIGIN_AFTER));
  }

  private static Source source(URI uri, Tier tier, long after) {
    return new Source(uri, tier, after);
  }

  /** The server has so many blocks of the file, and says of the others that they are not here. */
  private static void holds(SourceServer server, byte[] all, int blocks) {
    server.verified.put(PATH, blocks * FillFixture.BLOCK);
    server.files.put(PATH, Arrays.copyOf(all, all.length));
  }
}
