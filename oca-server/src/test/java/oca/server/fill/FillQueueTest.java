package oca.server.fill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import oca.model.ContentId;
import oca.protocol.BlockList;
import oca.protocol.CatalogEntry;
import oca.protocol.FillManifest;
import oca.protocol.FillManifest.Entry;
import oca.protocol.FillManifest.FillWindow;
import oca.protocol.FillManifest.Source;
import oca.protocol.FillManifest.Tier;
import oca.server.fill.FillQueue.Verdict;
import org.junit.jupiter.api.Test;

class FillQueueTest {
  private static final Entry A = entry("a", "http://one/a");
  private static final Entry B = entry("b", "http://one/b");
  private static final Entry C = entry("c", "http://one/c");

  private static final Entry LIST =
      Entry.from(
          new CatalogEntry("v.blocks", "t", 64, "0".repeat(64), "video/mp4", Instant.EPOCH),
          List.of(URI.create("http://one/v.blocks")));
  private static final Entry LISTED =
      Entry.from(
          new CatalogEntry(
              "v",
              "t",
              5000,
              "0".repeat(64),
              "video/mp4",
              Instant.EPOCH,
              new BlockList(4096, "v.blocks")),
          List.of(URI.create("http://one/v")));

  private final Set<ContentId> held = new HashSet<>();
  private final AtomicReference<Instant> now = new AtomicReference<>(FillFixture.OPENS);
  private final FillQueue queue =
      new FillQueue(held::contains, now::get, Duration.ofMillis(10), 2, 2);

  @Test
  void take_afterAManifest_isWhatIsNotHeldInItsOrder() throws Exception {
    held.add(B.file().id());
    queue.replace(FillFixture.manifest(1, C, B, A, C));
    assertEquals(2, queue.waiting());
    assertEquals(C, queue.take().entry());
    assertEquals(A, queue.take().entry());
    assertEquals(0, queue.waiting());
    assertEquals(2, queue.running());
  }

  @Test
  void take_clockReachesTheWindow_handsOut() throws Exception {
    now.set(FillFixture.OPENS.minusSeconds(1));
    queue.replace(FillFixture.manifest(1, A));
    CompletableFuture<FillJob> taken = takeAsync();
    now.set(FillFixture.OPENS);
    assertEquals(A, taken.get(10, TimeUnit.SECONDS).entry());
  }

  @Test
  void repair_outsideTheWindow_comesBeforeAllOthers() throws Exception {
    held.add(B.file().id());
    queue.replace(FillFixture.manifest(1, A, B));
    now.set(FillFixture.CLOSES);
    held.remove(B.file().id());
    assertTrue(queue.repair(B.file().id()));
    assertTrue(queue.repair(B.file().id()), "told twice");
    FillJob job = queue.take();
    assertEquals(B, job.entry());
    assertEquals(Verdict.GO_ON, queue.verdict(job, true));
    queue.putBack(job);
    assertEquals(job, queue.take(), "it goes on where it was");
    assertEquals(1, queue.repairs());
    held.add(B.file().id());
    assertTrue(queue.done(job));
    assertEquals(0, queue.repairs());
    now.set(FillFixture.OPENS);
    FillJob other = queue.take();
    assertEquals(A, other.entry());
    assertFalse(queue.done(other));
  }

  @Test
  void repair_beforeTheFirstManifest_waitsForIt() throws Exception {
    now.set(FillFixture.CLOSES);
    assertTrue(queue.repair(A.file().id()));
    assertTrue(queue.repair(B.file().id()));
    queue.replace(FillFixture.manifest(1, C, A));
    assertEquals(A, queue.take().entry());
    assertEquals(1, queue.repairs());
    assertEquals(1, queue.repairsRefused(), "nobody wants b");
  }

  @Test
  void repair_unwantedOrOneTooMany_isRefusedAndCounted() throws Exception {
    queue.replace(FillFixture.manifest(1, A, B, C));
    assertFalse(queue.repair(ContentId.ofPath("other")));
    assertTrue(queue.repair(C.file().id()));
    assertTrue(queue.repair(B.file().id()));
    assertFalse(queue.repair(A.file().id()));
    assertEquals(2, queue.repairsRefused());
    assertEquals(C, queue.take().entry());
    assertEquals(B, queue.take().entry());
    assertEquals(A, queue.take().entry(), "it comes like any other");
  }

  @Test
  void repair_givenUp_isOverUntilItIsAskedForAgain() throws Exception {
    queue.replace(FillFixture.manifest(1, A));
    now.set(FillFixture.CLOSES);
    queue.repair(A.file().id());
    queue.giveUp(queue.take());
    assertEquals(0, queue.repairs());
    assertEquals(0, queue.waiting());
    assertTrue(queue.repair(A.file().id()));
    assertEquals(A, queue.take().entry());
  }

  @Test
  void repair_ofAListAndItsFile_takesTheListFirst() throws Exception {
    queue.replace(FillFixture.manifest(1, LISTED, LIST));
    now.set(FillFixture.CLOSES);
    queue.repair(LISTED.file().id());
    queue.repair(LIST.file().id());
    FillJob list = queue.take();
    assertEquals(LIST, list.entry());
    held.add(LIST.file().id());
    queue.done(list);
    assertEquals(LISTED, queue.take().entry());
  }

  @Test
  void verdict_followsWindowManifestAndClosing() throws Exception {
    queue.replace(FillFixture.manifest(1, A));
    FillJob job = queue.take();
    assertEquals(Verdict.GO_ON, queue.verdict(job, true));
    now.set(FillFixture.CLOSES);
    assertEquals(Verdict.PAUSE, queue.verdict(job, true));
    now.set(FillFixture.OPENS);
    queue.replace(FillFixture.manifest(2, B));
    assertEquals(Verdict.NOT_WANTED, queue.verdict(job, true));
    queue.close();
    assertEquals(Verdict.PAUSE, queue.verdict(job, true));
  }

  @Test
  void replace_whileAFileRuns_doesNotQueueItAgain() throws Exception {
    queue.replace(FillFixture.manifest(1, A, B));
    FillJob job = queue.take();
    queue.replace(FillFixture.manifest(2, A, B, C));
    assertEquals(2, queue.waiting());
    held.add(A.file().id());
    queue.done(job);
    assertEquals(2, queue.waiting());
    assertEquals(0, queue.running());
  }

  @Test
  void putBack_goesToItsOldPlaceUnderTheNewManifest() throws Exception {
    queue.replace(FillFixture.manifest(1, A, B));
    FillJob job = queue.take();
    queue.replace(FillFixture.manifest(2, A, B));
    queue.putBack(job);
    FillJob again = queue.take();
    assertEquals(A, again.entry());
    assertEquals(2, again.manifestVersion());
  }

  @Test
  void putBack_noLongerListed_isForgotten() throws Exception {
    queue.replace(FillFixture.manifest(1, A));
    FillJob job = queue.take();
    queue.replace(FillFixture.manifest(2, B));
    queue.putBack(job);
    assertEquals(B, queue.take().entry());
    assertEquals(0, queue.waiting());
  }

  @Test
  void take_fileThatWaitsForItsRetry_letsTheNextGoFirst() throws Exception {
    queue.replace(FillFixture.manifest(1, A, B));
    FillJob job = queue.take();
    job.failedRound(now.get(), Duration.ofSeconds(30));
    queue.putBack(job);
    assertEquals(B, queue.take().entry());
    CompletableFuture<FillJob> taken = takeAsync();
    now.set(now.get().plusSeconds(30));
    assertEquals(A, taken.get(10, TimeUnit.SECONDS).entry());
  }

  @Test
  void giveUp_sameOrder_isNotTriedAgain() throws Exception {
    queue.replace(FillFixture.manifest(1, A));
    queue.giveUp(queue.take());
    queue.refresh();
    queue.replace(FillFixture.manifest(2, A));
    assertEquals(0, queue.waiting());
  }

  @Test
  void giveUp_otherSourcesOrWindow_isTriedAgain() throws Exception {
    queue.replace(FillFixture.manifest(1, A));
    queue.giveUp(queue.take());
    queue.replace(FillFixture.manifest(2, entry("a", "http://two/a")));
    FillJob job = queue.take();
    queue.giveUp(job);
    assertEquals(0, queue.waiting());
    FillWindow next =
        new FillWindow(FillFixture.OPENS, FillFixture.CLOSES.plus(Duration.ofDays(1)));
    queue.replace(new FillManifest(FillFixture.APPLIANCE, 3, next, 1, List.of(job.entry())));
    assertEquals(1, queue.waiting());
  }

  @Test
  void replace_unlistedJobThatHadCostBytes_isHandedBack() throws Exception {
    queue.replace(FillFixture.manifest(1, A, B));
    FillJob job = queue.take();
    job.fetched(10);
    queue.putBack(job);
    List<FillJob> dropped = queue.replace(FillFixture.manifest(2, C));
    assertEquals(List.of(A.file().id()), dropped.stream().map(FillJob::file).toList());
  }

  @Test
  void refresh_fileLostSince_isWantedAgain() {
    held.add(A.file().id());
    queue.replace(FillFixture.manifest(1, A));
    assertEquals(0, queue.waiting());
    held.clear();
    queue.refresh();
    assertEquals(1, queue.waiting());
  }

  @Test
  void take_fileWithABlockList_comesAfterItWhereverItStands() throws Exception {
    queue.replace(FillFixture.manifest(1, LISTED, A, LIST));
    FillJob list = queue.take();
    assertEquals(LIST, list.entry());
    FillJob other = queue.take();
    assertEquals(A, other.entry());
    CompletableFuture<FillJob> taken = takeAsync();
    held.add(LIST.file().id());
    queue.done(list);
    FillJob file = taken.get(10, TimeUnit.SECONDS);
    assertEquals(LISTED, file.entry());
    assertEquals(LIST.file(), queue.blockList(file));
    assertNull(queue.blockList(other));
  }

  @Test
  void take_listThatWaitsForItsRetry_holdsItsFileBackUntilGivenUp() throws Exception {
    queue.replace(FillFixture.manifest(1, LISTED, LIST, A));
    FillJob list = queue.take();
    list.failedRound(now.get(), Duration.ofSeconds(30));
    queue.putBack(list);
    assertEquals(A, queue.take().entry());
    CompletableFuture<FillJob> again = takeAsync();
    now.set(now.get().plusSeconds(30));
    assertEquals(LIST, again.get(10, TimeUnit.SECONDS).entry());
    CompletableFuture<FillJob> taken = takeAsync();
    queue.giveUp(list);
    assertEquals(LISTED, taken.get(10, TimeUnit.SECONDS).entry());
  }

  @Test
  void take_listHeldAlready_isTheFileAtOnce() throws Exception {
    held.add(LIST.file().id());
    queue.replace(FillFixture.manifest(1, LISTED, LIST));
    assertEquals(LISTED, queue.take().entry());
  }

  @Test
  void close_whileOneWaits_letsItGo() throws Exception {
    CompletableFuture<FillJob> taken = takeAsync();
    queue.close();
    assertNull(taken.get(10, TimeUnit.SECONDS));
    assertTrue(taken.isDone());
  }

  private CompletableFuture<FillJob> takeAsync() {
    CompletableFuture<FillJob> taken = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                taken.complete(queue.take());
              } catch (InterruptedException e) {
                taken.completeExceptionally(e);
              }
            });
    return taken;
  }

  @Test
  void verdict_aReleaseInDanger_takesThePlaceOfTheLeastUrgentAtABorderOfABlock() throws Exception {
    queue.replace(FillFixture.manifest(1, A, B, C));
    FillJob a = queue.take();
    FillJob b = queue.take();
    Entry late = new Entry(LISTED.file(), LISTED.sources(), FillFixture.OPENS.plusSeconds(7200));
    queue.replace(slowly(2, A, B, C, LIST, late));
    assertEquals(Verdict.GO_ON, queue.verdict(b, true), "time enough");
    now.set(FillFixture.OPENS.plusSeconds(3600));
    assertEquals(Verdict.GO_ON, queue.verdict(a, true), "the more urgent of the two goes on");
    assertEquals(Verdict.GO_ON, queue.verdict(b, false), "not in the middle of a block");
    assertEquals(Verdict.PREEMPTED, queue.verdict(b, true));
    queue.putBack(b);
    FillJob list = queue.take();
    assertEquals(LIST, list.entry(), "what the release waits for comes first");
    assertEquals(Verdict.GO_ON, queue.verdict(a, true), "while the list comes, nothing is ready");
    held.add(LIST.file().id());
    queue.done(list);
    FillJob release = queue.take();
    assertEquals(late, release.entry());
    assertEquals(Verdict.GO_ON, queue.verdict(release, true));
    held.add(late.file().id());
    queue.done(release);
    assertEquals(B, queue.take().entry(), "and the others go on in their order");
  }

  @Test
  void verdict_aRepairWithAllWorkersBusy_isMadeWayFor() throws Exception {
    queue.replace(FillFixture.manifest(1, A, B, C));
    FillJob a = queue.take();
    FillJob b = queue.take();
    assertTrue(queue.repair(C.file().id()));
    assertEquals(Verdict.GO_ON, queue.verdict(a, true));
    assertEquals(Verdict.PREEMPTED, queue.verdict(b, true));
  }

  @Test
  void take_filesThatWaitForPeers_leaveHalfOfTheWorkersToThoseOfAMaster() throws Exception {
    Entry first = following("f1");
    Entry second = following("f2");
    Entry third = following("f3");
    queue.replace(FillFixture.manifest(1, first, second, third, mastered("m1")));
    assertEquals(first, queue.take().entry());
    FillJob master = queue.take();
    assertEquals("m1", master.entry().file().path());
    assertTrue(queue.isAnotherReady());
    held.add(master.file());
    queue.done(master);
    assertEquals(second, queue.take().entry(), "nothing else is left");
  }

  @Test
  void job_waits_areCountedAnewFromEachByteAndNotWhileTheWindowIsClosed() throws Exception {
    queue.replace(FillFixture.manifest(1, following("f")));
    FillJob job = queue.take();
    assertTrue(job.follows());
    assertEquals(0, job.waited(50, 9));
    job.askedInVain(100);
    job.askedInVain(200);
    assertEquals(400, job.waited(500, 9));
    job.progressed(600, 5);
    assertEquals(50, job.waited(650, 9));
    assertEquals(550, job.waited(650, 5), "who sends does not wait for itself");
    job.progressed(700, 0);
    assertEquals(10, job.waited(710, 5));
    assertEquals(10, job.waited(710, 9));
    job.paused();
    assertEquals(0, job.waited(9000, 9));
    job.askedInVain(10_000);
    assertEquals(5, job.waited(10_005, 9));
  }

  @Test
  void take_clockSetBack_doesNotHoldUpAFileThatWaits() throws Exception {
    queue.replace(FillFixture.manifest(1, A));
    FillJob job = queue.take();
    now.set(FillFixture.OPENS.plusSeconds(3600));
    job.failedRound(now.get(), Duration.ofSeconds(30));
    queue.putBack(job);
    now.set(FillFixture.OPENS.plusSeconds(5));
    assertEquals(A, queue.take().entry());
  }

  /** The same at one byte a second, so that a release is soon in danger. */
  private static FillManifest slowly(long version, Entry... entries) {
    return new FillManifest(
        FillFixture.APPLIANCE, version, FillFixture.WINDOW, 1, List.of(entries));
  }

  private static Entry following(String path) {
    Entry plain = entry(path, "http://one/" + path);
    return new Entry(
        plain.file(),
        List.of(
            plain.sources().getFirst(),
            new Source(URI.create("http://o/" + path), Tier.ORIGIN, 1000)));
  }

  private static Entry mastered(String path) {
    Entry plain = entry(path, "http://one/" + path);
    return new Entry(
        plain.file(),
        List.of(
            plain.sources().getFirst(),
            new Source(URI.create("http://o/" + path), Tier.ORIGIN, 0)));
  }

  private static Entry entry(String path, String source) {
    return Entry.from(
        new CatalogEntry(path, "t", 1, "0".repeat(64), "video/mp4", Instant.EPOCH),
        List.of(URI.create(source)));
  }
}
