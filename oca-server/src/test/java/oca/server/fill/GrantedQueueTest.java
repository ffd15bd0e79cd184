package oca.server.fill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import oca.model.ContentId;
import oca.protocol.BlockList;
import oca.protocol.CatalogEntry;
import oca.protocol.FillGrant;
import oca.protocol.FillManifest.Entry;
import oca.server.fill.FillQueue.Verdict;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The queue while files are begun only when they are granted. */
class GrantedQueueTest {
  private static final GrantConfig CONFIG =
      new GrantConfig(
          GrantConfig.Use.PREFERRED,
          Duration.ofSeconds(30),
          Duration.ofSeconds(4),
          2,
          100,
          Duration.ofSeconds(5),
          List.of());
  private static final Entry A = entry("a", null);
  private static final Entry B = entry("b", null);
  private static final Entry LIST = entry("v.blocks", null);
  private static final Entry LISTED = entry("v", new BlockList(4096, "v.blocks"));

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicReference<Instant> now = new AtomicReference<>(FillFixture.OPENS);
  private final Set<ContentId> held = new HashSet<>();
  private final GrantDesk desk = new GrantDesk(CONFIG, nanos::get);
  private final FillQueue queue =
      new FillQueue(held::contains, now::get, Duration.ofMillis(10), 2, 2, (rate, _) -> rate, desk);
  private int attempt;

  @Test
  void take_someGranted_isThoseInTheOrderOfTheirGrants() throws Exception {
    queue.replace(FillFixture.manifest(1, A, LIST, B));
    assertFalse(queue.isAnotherReady(), "nothing was granted");
    grant(B, A);
    FillJob b = queue.take();
    assertEquals(B, b.entry());
    assertEquals(A, queue.take().entry());
    assertFalse(queue.isAnotherReady());
    assertEquals(Verdict.GO_ON, queue.verdict(b, true));
    assertEquals(7, queue.writer(b).generation());
  }

  @Test
  void verdict_grantTakenBack_stopsAndGoesOnWithTheNext() throws Exception {
    queue.replace(FillFixture.manifest(1, A, B));
    grant(A);
    FillJob a = queue.take();
    desk.take(
        new FillGrant(
            FillFixture.APPLIANCE, 2, List.of(), List.of(new FillGrant.Stop(job(A), 7, 1, 7))));
    assertEquals(Verdict.NOT_GRANTED, queue.verdict(a, false));
    queue.putBack(a);
    assertFalse(queue.isAnotherReady());
    grant(A);
    assertEquals(a, queue.take(), "with what it has");
  }

  @Test
  void take_fileWithAList_bringsTheListAlongThoughOnlyTheFileIsGranted() throws Exception {
    queue.replace(FillFixture.manifest(1, LIST, LISTED));
    grant(LISTED);
    FillJob list = queue.take();
    assertEquals(LIST, list.entry());
    assertEquals(Verdict.GO_ON, queue.verdict(list, true));
    assertEquals(new Grants.Writer(job(LISTED), 7), queue.writer(list));
    assertFalse(queue.isAnotherReady(), "the file waits for its list");
    held.add(LIST.file().id());
    queue.done(list);
    assertEquals(LISTED, queue.take().entry());
  }

  @Test
  void take_givenUpAndGrantedAgain_isTriedAgainAtOnce() throws Exception {
    queue.replace(FillFixture.manifest(1, A, B));
    grant(A, B);
    queue.giveUp(queue.take());
    FillJob b = queue.take();
    b.failedRound(now.get(), Duration.ofHours(1));
    queue.putBack(b);
    assertFalse(queue.isAnotherReady());
    queue.grantedAnew(grant(A, B));
    assertEquals(A, queue.take().entry());
    assertEquals(b, queue.take());
  }

  @Test
  void repair_withoutAGrant_isTaken() throws Exception {
    queue.replace(FillFixture.manifest(1, LIST, LISTED, A));
    assertTrue(queue.repair(LISTED.file().id()));
    FillJob repair = queue.take();
    assertEquals(LISTED, repair.entry(), "its list is not waited for");
    assertEquals(Verdict.GO_ON, queue.verdict(repair, true));
    assertEquals(0, queue.writer(repair).generation());
  }

  @Test
  void take_noControllerForLongerThanPatience_isByTheManifestUntilOneAnswers() throws Exception {
    queue.replace(FillFixture.manifest(1, A, B));
    nanos.set(CONFIG.patience().toNanos());
    FillJob a = queue.take();
    assertEquals(A, a.entry());
    assertEquals(Verdict.GO_ON, queue.verdict(a, true));
    grant(B);
    assertEquals(Verdict.NOT_GRANTED, queue.verdict(a, true));
    queue.putBack(a);
    assertEquals(B, queue.take().entry());
  }

  @Test
  void room_someWaitForPeers_isForOthersBesideThem() throws Exception {
    queue.replace(FillFixture.manifest(1, A, B));
    assertEquals(4, queue.room(List.of(), 2), "two workers, and two ahead");
    grant(A, B);
    FillJob a = queue.take();
    assertEquals(2, queue.room(desk.inHandFiles(), 2));
    a.waits(now.get(), Duration.ofMinutes(1), 0);
    queue.putBack(a);
    assertEquals(3, queue.room(desk.inHandFiles(), 2));
  }

  private List<ContentId> grant(Entry... entries) {
    attempt++;
    List<FillGrant.Grant> grants =
        Arrays.stream(entries)
            .map(
                it ->
                    new FillGrant.Grant(job(it), 7, attempt, it.file().path(), it.file().sha256()))
            .toList();
    return desk.take(new FillGrant(FillFixture.APPLIANCE, attempt, grants, List.of()));
  }

  private static long job(Entry entry) {
    return 100L + List.of(A, B, LIST, LISTED).indexOf(entry);
  }

  private static Entry entry(String path, @Nullable BlockList list) {
    return Entry.from(
        new CatalogEntry(
            path,
            "t",
            path.endsWith(".blocks") ? 64 : 5000,
            "0".repeat(64),
            "video/mp4",
            Instant.EPOCH,
            list),
        List.of(URI.create("http://one/" + path)));
  }
}
