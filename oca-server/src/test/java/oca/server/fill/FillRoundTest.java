package oca.server.fill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import oca.protocol.FillManifest.Entry;
import oca.protocol.FillReport.Source;
import oca.server.fill.FillQueue.Verdict;
import oca.server.fill.FillRound.Outcome;
import oca.server.fill.SourceServer.Manner;
import oca.store.Admission;
import oca.store.BlockDigests;
import oca.store.Provenance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class FillRoundTest {
  private static final int LENGTH = 50_500;

  private FillFixture fill;

  FillRoundTest() throws IOException {
    fill = new FillFixture();
  }

  @AfterEach
  void stop() {
    fill.close();
  }

  @Test
  void run_honestPeer_fillsFromIt() throws Exception {
    Entry entry = fill.publish("a/v.mp4", LENGTH);
    FillJob job = fill.job(entry);
    assertEquals(new Outcome.Filled(Source.PEER), run(job));
    assertTrue(fill.holds(entry));
    assertEquals(List.of("a/v.mp4"), fill.peer.asked);
    assertEquals(LENGTH, job.bytesFetched());
    assertEquals(0, job.bytesFromOrigin());
    assertEquals(LENGTH, fill.tally.bytesFromPeers.sum());
  }

  @Test
  void run_emptyFile_isCommittedWithoutAsking() throws Exception {
    Entry entry = fill.publish("a/empty", 0);
    assertEquals(new Outcome.Filled(Source.NONE), run(fill.job(entry)));
    assertTrue(fill.holds(entry));
    assertEquals(List.of(), fill.peer.asked);
  }

  @ParameterizedTest
  @EnumSource(
      value = Manner.class,
      mode = Mode.EXCLUDE,
      names = {
        "HONEST",
        "IGNORING_RANGES",
        "OTHER_RANGE",
        "ENDLESS",
        "LYING_AND_TRUNCATING",
        "STALLING",
        "SILENT"
      })
  void run_sourceThatBreaksItsWord_isPassedOverForTheNext(Manner manner) throws Exception {
    assertPassedOver(manner);
  }

  @ParameterizedTest
  @EnumSource(names = {"STALLING", "SILENT"})
  void run_sourceThatSaysNothing_isPassedOverForTheNext(Manner manner) throws Exception {
    fill.close();
    fill = new FillFixture(List.of(), Duration.ofSeconds(2));
    assertPassedOver(manner);
  }

  private void assertPassedOver(Manner manner) throws Exception {
    fill.peer.manner = manner;
    Entry entry = fill.publish("a/v.mp4", LENGTH);
    assertEquals(new Outcome.Filled(Source.PEER), run(fill.job(entry)));
    assertTrue(fill.holds(entry));
    assertEquals(1, fill.tally.sourceFailures.sum());
    assertEquals(1, fill.peer.asked.size());
    assertEquals(1, fill.second.asked.size());
    assertEquals(List.of(), fill.origin.asked);
  }

  @Test
  void run_sourceThatSendsMoreThanTheFile_isCutOffAndWhatItSentIsChecked() throws Exception {
    fill.peer.manner = Manner.ENDLESS;
    Entry entry = fill.publish("a/v.mp4", LENGTH);
    assertInstanceOf(Outcome.Filled.class, run(fill.job(entry)));
    assertTrue(fill.holds(entry));
    assertTrue(fill.tally.bytesFromPeers.sum() < 2L * LENGTH, "cut off, not read to its end");
  }

  @Test
  void run_truncatingPeer_isGoneOnFromByRange() throws Exception {
    fill.peer.manner = Manner.TRUNCATING;
    fill.peer.breakOffWhen = () -> fill.tally.bytesFromPeers.sum() == LENGTH / 2;
    Entry entry = fill.publish("a/v.mp4", LENGTH);
    assertEquals(new Outcome.Filled(Source.PEER), run(fill.job(entry)));
    assertEquals(List.of("a/v.mp4 bytes=" + LENGTH / 2 + "-" + (LENGTH - 1)), fill.second.asked);
    assertEquals(LENGTH, fill.tally.bytesFromPeers.sum());
  }

  @Test
  void run_lyingPeer_isBegunAnewFromTheOrigin() throws Exception {
    fill.peer.manner = Manner.LYING;
    fill.second.manner = Manner.LYING;
    Entry entry = fill.publish("a/v.mp4", LENGTH);
    FillJob job = fill.job(entry);
    assertEquals(new Outcome.Filled(Source.ORIGIN), run(job));
    assertTrue(fill.holds(entry));
    assertEquals(List.of("a/v.mp4"), fill.origin.asked);
    assertEquals(3L * LENGTH, job.bytesFetched());
    assertEquals(LENGTH, job.bytesFromOrigin());
  }

  @Test
  void run_badKeptBytes_asksTheInnocentSourceAgainForTheWhole() throws Exception {
    Entry entry = fill.publish("a/v.mp4", LENGTH);
    Entry one = FillFixture.from(entry, fill.peer.uri("a/v.mp4"));
    fill.store.keep(FillRound.key(entry.file().id()), new byte[3000]);
    assertEquals(new Outcome.Filled(Source.PEER), run(fill.job(one)));
    assertTrue(fill.holds(entry));
    assertEquals(List.of("a/v.mp4 bytes=3000-50499", "a/v.mp4"), fill.peer.asked);
  }

  @Test
  void run_keptBytes_asksForTheRestOnly() throws Exception {
    Entry entry = fill.publish("a/v.mp4", LENGTH);
    byte[] bytes = fill.peer.files.get("a/v.mp4");
    fill.store.keep(FillRound.key(entry.file().id()), Arrays.copyOf(bytes, 7000));
    FillJob job = fill.job(entry);
    assertEquals(new Outcome.Filled(Source.PEER), run(job));
    assertEquals(List.of("a/v.mp4 bytes=7000-50499"), fill.peer.asked);
    assertEquals(LENGTH - 7000, job.bytesFetched());
  }

  @Test
  void run_sourceIgnoringRanges_isReadFromTheStartAndStillFits() throws Exception {
    fill.peer.manner = Manner.IGNORING_RANGES;
    Entry entry = fill.publish("a/v.mp4", LENGTH);
    byte[] bytes = fill.peer.files.get("a/v.mp4");
    fill.store.keep(FillRound.key(entry.file().id()), Arrays.copyOf(bytes, 7000));
    FillJob job = fill.job(entry);
    assertEquals(new Outcome.Filled(Source.PEER), run(job));
    assertTrue(fill.holds(entry));
    assertEquals(LENGTH, job.bytesFetched());
  }

  @Test
  void run_sourceAnsweringAnotherRange_isPassedOver() throws Exception {
    fill.peer.manner = Manner.OTHER_RANGE;
    Entry entry = fill.publish("a/v.mp4", LENGTH);
    byte[] bytes = fill.peer.files.get("a/v.mp4");
    fill.store.keep(FillRound.key(entry.file().id()), Arrays.copyOf(bytes, 7000));
    assertEquals(new Outcome.Filled(Source.PEER), run(fill.job(entry)));
    assertEquals(List.of("a/v.mp4 bytes=7000-50499"), fill.second.asked);
    assertEquals(1, fill.tally.sourceFailures.sum());
  }

  @Test
  void run_everySourceFails_namesEachReason() throws Exception {
    fill.peer.manner = Manner.MISSING;
    fill.second.manner = Manner.LONGER;
    fill.origin.manner = Manner.LYING;
    Entry entry = fill.publish("a/v.mp4", LENGTH);
    Outcome.Failed failed = assertInstanceOf(Outcome.Failed.class, run(fill.job(entry)));
    assertTrue(failed.reason().contains("answered 404"), failed.reason());
    assertTrue(failed.reason().contains("announced 50501 bytes"), failed.reason());
    assertTrue(failed.reason().contains("SHA-256"), failed.reason());
    assertFalse(fill.holds(entry));
  }

  @Test
  void run_unusableOrAbsentSources_failWithoutHarm() throws Exception {
    Entry entry = fill.publish("a/v.mp4", LENGTH);
    FillJob odd = fill.job(FillFixture.from(entry, URI.create("ftp://x/y"), URI.create("rel")));
    assertInstanceOf(Outcome.Failed.class, run(odd));
    fill.queue.done(odd);
    Outcome none = run(fill.job(FillFixture.from(entry)));
    assertEquals(new Outcome.Failed("the manifest names no source"), none);
  }

  @Test
  void run_heldOrRefused_saysSo() throws Exception {
    Entry entry = fill.publish("a/v.mp4", LENGTH);
    FillJob job = fill.job(entry);
    run(job);
    assertEquals(new Outcome.Held(), run(job));
    fill.store.refusal = Admission.Reason.NO_SPACE;
    assertEquals(new Outcome.Failed(Admission.Reason.NO_SPACE.sentence()), run(job));
  }

  @Test
  void run_diskFails_blamesTheStoreAndNoSource() throws Exception {
    fill.store.diskFails = true;
    Outcome.Failed failed =
        assertInstanceOf(Outcome.Failed.class, run(fill.job(fill.publish("a/v.mp4", LENGTH))));
    assertTrue(failed.reason().startsWith("the store failed"), failed.reason());
    assertEquals(0, fill.tally.sourceFailures.sum());
    assertEquals(List.of(), fill.second.asked);
  }

  @Test
  void run_windowClosesMidFile_keepsWhatThereIsForTheNext() throws Exception {
    Entry entry = fill.publish("a/v.mp4", LENGTH);
    FillJob job = fill.job(entry);
    fill.onPause = () -> fill.now.set(FillFixture.CLOSES);
    assertEquals(new Outcome.Stopped(Verdict.PAUSE), run(job));
    assertTrue(job.bytesFetched() > 0 && job.bytesFetched() <= 4096);
    assertEquals(0, fill.tally.sourceFailures.sum());
    long before = job.bytesFetched();
    fill.onPause = () -> {};
    fill.now.set(FillFixture.OPENS);
    assertEquals(new Outcome.Filled(Source.PEER), run(job));
    long kept = before / MemoryStore.BLOCK * MemoryStore.BLOCK;
    assertEquals(List.of("a/v.mp4", "a/v.mp4 bytes=" + kept + "-50499"), fill.peer.asked);
  }

  @Test
  void run_fileLeavesTheManifest_stops() throws Exception {
    FillJob job = fill.job(fill.publish("a/v.mp4", LENGTH));
    fill.onPause = () -> fill.queue.replace(FillFixture.manifest(2));
    assertEquals(new Outcome.Stopped(Verdict.NOT_WANTED), run(job));
  }

  @Test
  void run_slowRate_takesItsTimeByTheClockThatWasGiven() throws Exception {
    fill.rate.limit(10_000);
    run(fill.job(fill.publish("a/v.mp4", LENGTH)));
    assertEquals(LENGTH / 10_000.0, fill.nanos.get() / 1e9, 0.06);
  }

  @Test
  void run_listHeld_isReadAndNothingIsCounted() throws Exception {
    List<Entry> listed = fill.publishListed("a/v.mp4", LENGTH, 4096);
    fill.queue.replace(FillFixture.manifest(1, listed.getFirst(), listed.getLast()));
    FillJob list = fill.queue.take();
    assertEquals(listed.getLast(), list.entry());
    assertEquals(new Outcome.Filled(Source.PEER), run(list));
    fill.queue.done(list);
    assertEquals(new Outcome.Filled(Source.PEER), run(fill.queue.take()));
    assertTrue(fill.holds(listed.getFirst()));
    assertEquals(0, fill.tally.listsUnread.sum());
    assertEquals(List.of("a/v.mp4.blocks", "a/v.mp4"), fill.peer.asked);
  }

  @Test
  void run_listGivenUp_fillsWithoutItAndCounts() throws Exception {
    List<Entry> listed = fill.publishListed("a/v.mp4", LENGTH, 4096);
    fill.queue.replace(FillFixture.manifest(1, listed.getFirst(), listed.getLast()));
    fill.queue.giveUp(fill.queue.take());
    assertEquals(new Outcome.Filled(Source.PEER), run(fill.queue.take()));
    assertTrue(fill.holds(listed.getFirst()));
    assertEquals(1, fill.tally.listsUnread.sum());
  }

  @Test
  void run_storeStillRecovering_isPostponedAndNobodyIsAsked() throws Exception {
    fill.store.refusal = Admission.Reason.RECOVERING;
    Outcome.Postponed later =
        assertInstanceOf(Outcome.Postponed.class, run(fill.job(fill.publish("a/v.mp4", LENGTH))));
    assertEquals(Admission.Reason.RECOVERING.sentence(), later.reason());
    assertEquals(List.of(), fill.peer.asked);
  }

  @Test
  void run_notWorthItsRoom_isDeclined() throws Exception {
    fill.store.refusal = Admission.Reason.NOT_WORTH;
    assertInstanceOf(Outcome.Declined.class, run(fill.job(fill.publish("a/v.mp4", LENGTH))));
    fill.store.refusal = Admission.Reason.FENCED;
    assertInstanceOf(Outcome.Failed.class, run(fill.job(fill.publish("b/v.mp4", LENGTH))));
  }

  @Test
  void run_sources_areKeptWithTheManifestsVersion() throws Exception {
    fill.peer.manner = Manner.MISSING;
    fill.second.manner = Manner.MISSING;
    Entry entry = fill.publish("a/v.mp4", LENGTH);
    fill.queue.replace(FillFixture.manifest(7, entry));
    assertEquals(new Outcome.Filled(Source.ORIGIN), run(fill.queue.take()));
    long none = Provenance.UNGRANTED;
    assertEquals(
        List.of(
            new Provenance(fill.peer.endpoint().toString(), 1, none, 7),
            new Provenance(fill.peer.endpoint().toString(), 1, none, 7),
            new Provenance(fill.second.endpoint().toString(), 1, none, 7),
            new Provenance("origin", 1, none, 7)),
        fill.store.provenances);
  }

  @Test
  void run_fileOfOneBlock_announcesTheWholeDigestAsThatOfItsBlock() throws Exception {
    Entry small = fill.publish("a/small", FillFixture.BLOCK);
    run(fill.job(small));
    BlockDigests announced = fill.store.requests.getLast().blocks();
    assertEquals(FillFixture.BLOCK, announced.blockBytes());
    assertTrue(announced.matches(0, HexFormat.of().parseHex(small.file().sha256())));
    run(fill.job(fill.publish("a/larger", FillFixture.BLOCK + 1)));
    assertNull(fill.store.requests.getLast().blocks());
    run(fill.job(fill.publish("a/empty", 0)));
    assertNull(fill.store.requests.getLast().blocks());
  }

  private Outcome run(FillJob job) throws InterruptedException {
    return new FillRound(fill.tools, job).run();
  }
}
