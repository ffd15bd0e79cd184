package oca.store;

import static oca.store.ContentStoreContract.BLOCK;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import oca.store.disk.StoreRefusedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What came from one source is found, withdrawn, fetched again and never served meanwhile. */
class RecallTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final String BAD = "10.0.0.9:8080";
  private static final int MOST = 10;

  @TempDir Path folder;
  private final Map<ContentKey, List<FillSession.Gap>> wanted = new ConcurrentHashMap<>();
  private final TestContent good = TestContent.of(1, 4 * BLOCK);
  private final TestContent mixed = TestContent.of(2, 6 * BLOCK + 100);
  private final TestContent bad = TestContent.of(3, 3 * BLOCK);
  private DiskStore store;

  private StoreConfig config() {
    return DiskStoreTest.config(folder, 100, 50, 8 << 20, 8 << 20);
  }

  /**
   * Opens it and fills three files: one from the origin, one by half from the bad peer, one all.
   */
  private void filled() throws IOException {
    reopen();
    good.fillInto(store);
    fill(mixed, "origin", 2, BAD, 4, "origin", 7);
    fill(bad, BAD, 3);
  }

  private void reopen() throws IOException {
    store = DiskStoreTest.recovered(config());
    store.repairs((meta, missing) -> wanted.put(meta.key(), missing));
  }

  /** From each source up to that block. */
  private void fill(TestContent content, Object... fromUpTo) throws IOException {
    try (FillSession session = content.admit(store)) {
      feed(session, content, fromUpTo);
      session.commit();
    }
  }

  private static void feed(FillSession session, TestContent content, Object... fromUpTo)
      throws IOException {
    for (int i = 0; i < fromUpTo.length; i += 2) {
      session.from(new Provenance((String) fromUpTo[i], 7, 1, 3));
      int to = (Integer) fromUpTo[i + 1] * BLOCK;
      content.append(session, Math.min(to, content.bytes().length));
    }
  }

  private static SourceQuery all(String source) {
    return new SourceQuery(source, 0, Instant.now().getEpochSecond() + 60, false);
  }

  private RecallStatus recall(String source) throws Exception {
    long number = store.recall(all(source), "anna", "it lied", MOST).order().number();
    assertTrue(store.awaitRecall(number, LONG));
    return store.recalls().getLast();
  }

  private static boolean serves(DiskStore store, TestContent content) throws IOException {
    if (store.lookup(content.key()) instanceof Lookup.Hit(ContentLease lease)) {
      try (lease) {
        assertTrue(content.matches(lease, content.bytes().length));
        return true;
      }
    }
    return false;
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void trace_ofAFile_tellsEachRunOfBlocks() throws IOException {
    filled();
    FileLineage found = store.trace(mixed.key()).orElseThrow();
    assertEquals(FileLineage.State.WHOLE, found.state());
    assertEquals(
        List.of("0-2 origin", "2-4 " + BAD, "4-7 origin"),
        found.runs().stream()
            .map(it -> it.from() + "-" + it.to() + " " + it.provenance().source())
            .toList());
    assertEquals(2L * BLOCK + 100, found.bytes(4, 7));
    assertTrue(store.trace(TestContent.key(99)).isEmpty());
  }

  @Test
  void trace_ofASource_countsAllAndListsSome() throws IOException {
    filled();
    SourceTrace found = store.trace(all(BAD), 1, () -> true);
    assertEquals(2, found.files());
    assertEquals(5, found.blocks());
    assertEquals(5L * BLOCK, found.bytes());
    assertEquals(3, found.read());
    assertEquals(1, found.listed().size());
    assertTrue(found.complete());
    assertFalse(store.trace(all(BAD), 1, () -> false).complete());
    SourceQuery before = new SourceQuery(BAD, 0, 1000, false);
    assertEquals(0, store.trace(before, 9, () -> true).files(), "in another time");
  }

  @Test
  void recall_ofASource_withdrawsItsBlocksAndAsksForThem() throws Exception {
    filled();
    RecallStatus done = recall(BAD);
    assertEquals(2, done.files());
    assertEquals(5, done.blocks());
    assertEquals(5L * BLOCK, done.bytes());
    assertEquals(List.of(), done.open());
    assertTrue(serves(store, good));
    assertFalse(serves(store, mixed));
    assertFalse(serves(store, bad));
    await().atMost(LONG).until(() -> wanted.size() == 2);
    assertEquals(
        List.of(
            new FillSession.Gap(2 * BLOCK, 3 * BLOCK), new FillSession.Gap(3 * BLOCK, 4 * BLOCK)),
        wanted.get(mixed.key()));
    assertEquals(0, store.trace(all(BAD), 9, () -> true).files());
  }

  @Test
  void recall_thenFilledAgain_servesAndIsNotFoundByTheSameQuestion() throws Exception {
    filled();
    SourceQuery past = new SourceQuery(BAD, 0, Instant.now().getEpochSecond() + 1, false);
    store.recall(past, "anna", "it lied", MOST);
    assertTrue(store.awaitRecall(1, LONG));
    fill(mixed, "origin", 7);
    assertTrue(serves(store, mixed));
    assertEquals(
        List.of("origin"),
        store.lineage(mixed.key()).stream()
            .map(it -> it.provenance().source())
            .distinct()
            .toList());
    await().atMost(LONG).until(() -> Instant.now().getEpochSecond() >= past.toSecond());
    fill(bad, BAD, 3);
    assertTrue(serves(store, bad));
    SourceQuery same = new SourceQuery(BAD, 0, store.recalls().getLast().order().second(), false);
    assertEquals(0, store.trace(same, 9, () -> true).files(), "it came in anew");
  }

  @Test
  void recall_whileAFileComesIn_endsItsSessionAndTakesTheBlocksBack() throws Exception {
    filled();
    TestContent coming = TestContent.of(5, 5 * BLOCK);
    FillSession session = coming.admit(store);
    feed(session, coming, "origin", 1, BAD, 3);
    assertInstanceOf(Lookup.Filling.class, store.lookup(coming.key())).lease().close();
    recall(BAD);
    assertInstanceOf(Lookup.Miss.class, store.lookup(coming.key()));
    assertThrows(IOException.class, () -> session.append(ByteBuffer.allocate(1)));
    session.close();
    try (FillSession next = coming.admit(store)) {
      assertEquals(new FillSession.Gap(BLOCK, 5 * BLOCK), next.nextGap());
      coming.append(next, coming.bytes().length);
      next.commit();
    }
    assertTrue(serves(store, coming));
  }

  /** What is fetched again in the second of the order looks like what the order means. */
  @Test
  void recall_whileItIsFetchedAgain_leavesWhatIsNewAlone() throws Exception {
    reopen();
    Map<ContentKey, TestContent> files = new ConcurrentHashMap<>();
    for (int i = 10; i < 30; i++) {
      TestContent content = TestContent.of(i, 2 * BLOCK);
      fill(content, BAD, 2);
      files.put(content.key(), content);
    }
    Map<ContentKey, FillSession> again = new ConcurrentHashMap<>();
    store.repairs(
        (meta, _) -> {
          try {
            FillSession session = files.get(meta.key()).admit(store);
            feed(session, files.get(meta.key()), BAD, 1);
            again.put(meta.key(), session);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
    RecallStatus done = recall(BAD);
    await().atMost(LONG).until(() -> again.size() == files.size());
    assertEquals(files.size(), done.files());
    for (Map.Entry<ContentKey, FillSession> one : again.entrySet()) {
      try (FillSession session = one.getValue()) {
        feed(session, files.get(one.getKey()), BAD, 2);
        session.commit();
      }
      assertTrue(serves(store, files.get(one.getKey())));
    }
  }

  @Test
  void recall_ofWhatWaitsForASession_takesTheBlocksBack() throws Exception {
    filled();
    TestContent waiting = TestContent.of(6, 5 * BLOCK);
    try (FillSession session = waiting.admit(store)) {
      feed(session, waiting, BAD, 2, "origin", 4);
    }
    assertEquals(FileLineage.State.PARTIAL, store.trace(waiting.key()).orElseThrow().state());
    recall(BAD);
    try (FillSession next = waiting.admit(store)) {
      assertEquals(new FillSession.Gap(0, 2 * BLOCK), next.nextGap());
    }
  }

  @Test
  void recall_duringAnAnswer_keepsItsBlocksFromTheReader() throws Exception {
    filled();
    try (ContentLease lease =
        assertInstanceOf(Lookup.Hit.class, store.lookup(mixed.key())).lease()) {
      long third = lease.contentOffset() + 2L * BLOCK;
      ByteBuffer scratch = ByteBuffer.allocateDirect(BLOCK);
      lease.checks().check(lease.contentOffset(), 7L * BLOCK, scratch);
      assertTrue(lease.checks().covers(third, BLOCK));
      recall(BAD);
      assertFalse(lease.checks().covers(third, BLOCK));
      assertThrows(
          DamagedBlockException.class, () -> lease.checks().check(third, BLOCK, scratch.clear()));
      assertTrue(lease.checks().covers(lease.contentOffset(), BLOCK), "those of others stay");
    }
  }

  @Test
  void recall_ofUncertainBlocks_onlyWhenAsked() throws Exception {
    reopen();
    TestContent many = TestContent.of(77, 130 * BLOCK);
    try (FillSession session = many.admit(store)) {
      for (int block = 1; block <= 130; block++) {
        session.from(new Provenance("a" + block % 70, 8, 1, 3));
        many.append(session, block * BLOCK);
      }
      session.commit();
    }
    assertTrue(store.trace(all("a7"), 9, () -> true).uncertainBlocks() > 0);
    recall("nobody");
    assertTrue(serves(store, many));
    SourceQuery unsure = new SourceQuery("nobody", 0, Instant.now().getEpochSecond() + 1, true);
    store.recall(unsure, "anna", "to be sure", MOST);
    assertTrue(store.awaitRecall(2, LONG));
    assertFalse(serves(store, many));
  }

  @Test
  void open_afterAStopBeforeAnythingWasDone_servesNothingRecalled() throws Exception {
    filled();
    store.close();
    RecallBook.open(folder.resolve("index"))
        .add(all(BAD), "anna", "it lied = +%", 1_700_000_000, MOST, Set.of());
    store = DiskStore.open(config());
    for (TestContent content : List.of(mixed, bad)) {
      assertFalse(serves(store, content));
    }
    store.recovery().join();
    assertTrue(serves(store, good));
    assertFalse(serves(store, mixed));
    assertFalse(serves(store, bad));
    RecallStatus done = store.recalls().getFirst();
    assertEquals("it lied = +%", done.order().why());
    assertEquals(List.of(), done.open());
    assertEquals(5, done.blocks());
    fill(mixed, "origin", 7);
    assertTrue(serves(store, mixed));
    store.close();
    reopen();
    assertTrue(serves(store, mixed), "what came in since is not recalled");
    assertEquals(5, store.recalls().getFirst().blocks());
  }

  @Test
  void open_withAVolumeThatWasAway_servesNothingRecalledFromIt() throws Exception {
    filled();
    Path away = folder.resolve("disk1");
    store.close();
    Files.move(away, folder.resolve("elsewhere"));
    StoreConfig one = DiskStoreTest.config(folder, 100, 50, 8 << 20);
    store = DiskStoreTest.recovered(one);
    long here = recall(BAD).files();
    store.close();
    Files.move(folder.resolve("elsewhere"), away);
    reopen();
    assertEquals(2, store.recalls().getFirst().files(), here + " of them before");
    assertFalse(serves(store, mixed));
    assertFalse(serves(store, bad));
  }

  @Test
  void recall_beyondTheMostThatAreOpen_isRefused() throws Exception {
    filled();
    RecallBook book = RecallBook.open(folder.resolve("index"));
    Set<java.util.UUID> volumes = Set.of(java.util.UUID.randomUUID());
    book.add(all("a"), "anna", "", 1, 2, volumes);
    book.add(all("b"), "anna", "", 1, 2, volumes);
    assertThrows(IllegalStateException.class, () -> book.add(all("c"), "anna", "", 1, 2, volumes));
    book.note(1, RecallBook.Sums.NONE, volumes);
    assertEquals(3, book.add(all("c"), "anna", "", 1, 2, volumes).number());
    assertEquals(List.of(2L, 3L), book.pages().stream().map(it -> it.order().number()).toList());
  }

  @Test
  void recall_ofATimeToCome_isRefused() throws Exception {
    filled();
    long soon = Instant.now().getEpochSecond() + 3600;
    SourceQuery later = new SourceQuery(BAD, soon, soon + 1, false);
    assertThrows(IllegalArgumentException.class, () -> store.recall(later, "anna", "", MOST));
    assertTrue(serves(store, bad));
  }

  @Test
  void open_withABookThatIsNotUnderstoodOrNewer_isRefused() throws Exception {
    filled();
    store.close();
    Path book = folder.resolve("index/recalls");
    Files.writeString(book, "format 1\nrecall what\n");
    assertThrows(StoreRefusedException.class, () -> DiskStore.open(config()));
    Files.writeString(book, "format 2\n");
    assertTrue(assertThrows(StoreRefusedException.class, () -> DiskStore.open(config())).isNewer());
    Files.delete(book);
    reopen();
  }
}
