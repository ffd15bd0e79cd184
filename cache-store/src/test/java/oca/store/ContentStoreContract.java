package oca.store;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What every store promises. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class ContentStoreContract {
  /** The block size that stores under test are to use. */
  static final int BLOCK = 8192;

  /** Fits four files of 60,000 bytes and not five. */
  static final long CAPACITY = 300_000;

  @TempDir Path folder;
  ContentStore store;

  /** A store of {@link #CAPACITY} bytes and room for 100 files. */
  abstract ContentStore open(Path folder) throws IOException;

  @BeforeEach
  void openStore() throws IOException {
    store = open(folder);
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Test
  @Order(1)
  void lookup_ofNothing_misses() {
    assertSame(Lookup.Miss.MISS, store.lookup(TestContent.key(1)));
    assertEquals(0, store.status().files());
  }

  @Test
  @Order(2)
  void lookup_afterCommit_hitsWithTheSameBytes() throws IOException {
    TestContent content = TestContent.of(1, 60_001);
    content.fillInto(store);
    try (ContentLease lease = hit(content)) {
      assertEquals(content.meta(), lease.meta());
      assertEquals(0, lease.contentOffset() % 4096);
      assertTrue(lease.descriptor() > 0);
      assertTrue(content.matches(lease, 60_001));
    }
    assertEquals(content.meta(), store.describe(content.key()));
    assertEquals(Set.of(content.key()), new HashSet<>(store.held()));
    assertEquals(1, store.status().files());
  }

  @Test
  @Order(3)
  void lookup_ofEmptyContent_hits() throws IOException {
    TestContent content = TestContent.of(1, 0);
    content.fillInto(store);
    hit(content).close();
  }

  @Test
  @Order(4)
  void lookup_whileFilling_showsOnlyTheVerifiedFront() throws IOException {
    TestContent content = TestContent.of(2, 4 * BLOCK);
    try (FillSession session = content.admit(store)) {
      assertInstanceOf(Lookup.Miss.class, store.lookup(content.key()));
      content.append(session, 2 * BLOCK + 10);
      Lookup.Filling filling = assertInstanceOf(Lookup.Filling.class, store.lookup(content.key()));
      try (ContentLease lease = filling.lease()) {
        assertEquals(2 * BLOCK, filling.blocks().readable(0));
        assertEquals(BLOCK - 1, filling.blocks().readable(BLOCK + 1));
        assertEquals(0, filling.blocks().readable(2 * BLOCK));
        assertTrue(content.matches(lease, 2 * BLOCK));
      }
      assertNull(store.describe(content.key()));
      assertTrue(store.held().isEmpty());
    }
    assertInstanceOf(Lookup.Miss.class, store.lookup(content.key()));
  }

  @Test
  @Order(5)
  void lease_takenWhileFilling_outlivesCommit() throws IOException {
    TestContent content = TestContent.of(3, 3 * BLOCK);
    FillSession session = content.admit(store);
    content.append(session, 2 * BLOCK);
    Lookup.Filling filling = assertInstanceOf(Lookup.Filling.class, store.lookup(content.key()));
    content.append(session, 3 * BLOCK);
    session.commit();
    session.close();
    assertTrue(content.matches(filling.lease(), 3 * BLOCK));
    filling.lease().close();
    hit(content).close();
  }

  @Test
  @Order(6)
  void fill_ofHeldOrFillingContent_isRefused() throws IOException {
    TestContent content = TestContent.of(4, 100);
    FillSession session = content.admit(store);
    assertEquals(Admission.Reason.BEING_FILLED, refusal(content));
    content.append(session, 100);
    session.commit();
    session.close();
    assertEquals(Admission.Reason.HELD, refusal(content));
  }

  @Test
  @Order(7)
  void commit_withBytesMissing_fails() throws IOException {
    TestContent content = TestContent.of(5, 2 * BLOCK);
    try (FillSession session = content.admit(store)) {
      content.append(session, BLOCK);
      assertThrows(IOException.class, session::commit);
      content.append(session, 2 * BLOCK);
      session.commit();
    }
    hit(content).close();
  }

  @Test
  @Order(8)
  void commit_withOtherBytes_failsAndDropsThem() throws IOException {
    TestContent content = TestContent.of(6, 2 * BLOCK);
    byte[] other = content.bytes().clone();
    other[5] ^= 1;
    try (FillSession session = admitted(store.fill(content.unannounced()))) {
      session.append(ByteBuffer.wrap(other));
      assertThrows(DigestMismatchException.class, session::commit);
      assertThrows(IOException.class, () -> session.append(ByteBuffer.wrap(other)));
    }
    assertInstanceOf(Lookup.Miss.class, store.lookup(content.key()));
    try (FillSession again = content.admit(store)) {
      assertEquals(0, TestContent.position(again));
    }
    await().until(() -> store.status().usedBytes() == 0);
  }

  @Test
  @Order(9)
  void append_beyondTheLength_fails() throws IOException {
    TestContent content = TestContent.of(7, 100);
    try (FillSession session = content.admit(store)) {
      assertThrows(IOException.class, () -> session.append(ByteBuffer.allocate(101)));
      assertThrows(IOException.class, session::commit);
    }
    assertInstanceOf(Lookup.Miss.class, store.lookup(content.key()));
  }

  @Test
  @Order(10)
  void fill_afterAnAbandonedSession_resumesAtAWholeBlock() throws IOException {
    TestContent content = TestContent.of(8, 4 * BLOCK + 5);
    try (FillSession session = content.admit(store)) {
      content.append(session, 3 * BLOCK + 100);
    }
    try (FillSession session = content.admit(store)) {
      assertEquals(3 * BLOCK, TestContent.position(session));
      content.append(session, content.bytes().length);
      session.commit();
    }
    try (ContentLease lease = hit(content)) {
      assertTrue(content.matches(lease, content.bytes().length));
    }
  }

  @Test
  @Order(11)
  void fill_ofOtherContentUnderAnAbandonedKey_startsAnew() throws IOException {
    TestContent content = TestContent.of(9, 2 * BLOCK);
    try (FillSession session = content.admit(store)) {
      content.append(session, BLOCK);
    }
    byte[] bytes = Arrays.copyOf(content.bytes(), BLOCK + 1);
    TestContent other =
        new TestContent(
            new ContentMeta(content.key(), bytes.length, TestContent.sha256(bytes), "video/mp4", 0),
            bytes);
    try (FillSession session = other.admit(store)) {
      assertEquals(0, TestContent.position(session));
    }
  }

  @Test
  @Order(12)
  void remove_ofHeldContent_missesButLeavesTheLease() throws IOException {
    TestContent content = TestContent.of(10, 60_000);
    content.fillInto(store);
    long version = store.status().version();
    ContentLease lease = hit(content);
    assertTrue(store.remove(content.key()));
    assertFalse(store.remove(content.key()));
    assertInstanceOf(Lookup.Miss.class, store.lookup(content.key()));
    assertTrue(content.matches(lease, 60_000));
    assertTrue(store.status().usedBytes() >= 60_000, "space is used while leased");
    lease.close();
    await().until(() -> store.status().usedBytes() == 0);
    assertNotEquals(version, store.status().version());
  }

  @Test
  @Order(13)
  void fill_ofFullStore_evictsTheFileNobodyAskedFor() throws IOException {
    for (int seed = 0; seed < 4; seed++) {
      TestContent.of(seed, 60_000).fillInto(store);
    }
    hit(TestContent.of(0, 60_000)).close();
    TestContent.of(9, 60_000).fillInto(store);
    assertInstanceOf(Lookup.Miss.class, store.lookup(TestContent.key(1)));
    hit(TestContent.of(0, 60_000)).close();
    assertEquals(1, store.status().evicted());
    assertTrue(store.status().usedBytes() <= CAPACITY);
  }

  @Test
  @Order(14)
  void fill_ofFullStore_sparesPinnedAndLeasedFiles() throws IOException {
    for (int seed = 0; seed < 4; seed++) {
      TestContent.of(seed, 60_000).fillInto(store);
    }
    store.pin(Set.of(TestContent.key(0), TestContent.key(1), TestContent.key(2)));
    try (ContentLease lease = hit(TestContent.of(3, 60_000))) {
      assertEquals(60_000, lease.meta().length());
      assertEquals(Admission.Reason.NO_SPACE, refusal(TestContent.of(9, 60_000)));
    }
    assertEquals(4, store.status().files());
    TestContent.of(9, 60_000).fillInto(store);
    assertInstanceOf(Lookup.Miss.class, store.lookup(TestContent.key(3)));
  }

  @Test
  @Order(15)
  void fill_ofContentLargerThanTheStore_isRefusedAndEvictsNothing() throws IOException {
    TestContent.of(1, 60_000).fillInto(store);
    assertEquals(Admission.Reason.NO_SPACE, refusal(TestContent.of(2, (int) CAPACITY)));
    hit(TestContent.of(1, 60_000)).close();
  }

  @Test
  @Order(16)
  void lookup_whileFillingWithoutAnnouncedBlocks_misses() throws IOException {
    TestContent content = TestContent.of(12, 3 * BLOCK);
    try (FillSession session = admitted(store.fill(content.unannounced()))) {
      content.append(session, 2 * BLOCK);
      assertInstanceOf(Lookup.Miss.class, store.lookup(content.key()));
      content.append(session, 3 * BLOCK);
      session.commit();
    }
    hit(content).close();
  }

  @Test
  @Order(17)
  void append_ofABlockThatIsNotTheAnnouncedOne_dropsItAndGoesOn() throws IOException {
    TestContent content = TestContent.of(13, 3 * BLOCK);
    byte[] other = content.bytes().clone();
    other[BLOCK + 5] ^= 1;
    try (FillSession session = content.admit(store)) {
      assertThrows(DigestMismatchException.class, () -> session.append(ByteBuffer.wrap(other)));
      assertEquals(BLOCK, TestContent.position(session));
      content.append(session, 3 * BLOCK);
      session.commit();
    }
    try (ContentLease lease = hit(content)) {
      assertTrue(content.matches(lease, 3 * BLOCK));
    }
  }

  @Test
  @Order(18)
  void write_ofBlocksInAnyOrder_commits() throws IOException {
    TestContent content = TestContent.of(14, 3 * BLOCK + 7);
    try (FillSession session = content.admit(store)) {
      for (int block : new int[] {2, 0, 3}) {
        int from = block * BLOCK;
        int to = Math.min(from + BLOCK, content.bytes().length);
        session.write(block, ByteBuffer.wrap(content.bytes(), from, to - from));
      }
      assertEquals(new FillSession.Gap(BLOCK, 2 * BLOCK), session.nextGap());
      Lookup.Filling filling = assertInstanceOf(Lookup.Filling.class, store.lookup(content.key()));
      assertEquals(BLOCK, filling.blocks().readable(0));
      assertEquals(BLOCK + 7, filling.blocks().readable(2 * BLOCK));
      filling.lease().close();
      session.write(1, ByteBuffer.wrap(content.bytes(), BLOCK, BLOCK));
      assertNull(session.nextGap());
      session.commit();
    }
    try (ContentLease lease = hit(content)) {
      assertTrue(content.matches(lease, content.bytes().length));
    }
  }

  @Test
  @Order(19)
  void fill_ofAHigherGeneration_takesTheFileOverAndFencesTheOlder() throws IOException {
    TestContent content = TestContent.of(15, 3 * BLOCK);
    FillSession older = content.admit(store);
    content.append(older, 2 * BLOCK);
    try (FillSession newer = admitted(store.fill(content.request(2)))) {
      assertThrows(FencedException.class, () -> content.append(older, 3 * BLOCK));
      assertEquals(2 * BLOCK, TestContent.position(newer));
      content.append(newer, 3 * BLOCK);
      newer.commit();
    }
    assertThrows(IOException.class, older::commit);
    older.close();
    hit(content).close();
  }

  @Test
  @Order(20)
  void fill_ofALowerGenerationThanTheBlocksHave_isRefused() throws IOException {
    TestContent content = TestContent.of(16, 3 * BLOCK);
    try (FillSession session = admitted(store.fill(content.request(5)))) {
      content.append(session, BLOCK);
    }
    Admission.Refused refused =
        assertInstanceOf(Admission.Refused.class, store.fill(content.request(4)));
    assertEquals(Admission.Reason.FENCED, refused.reason());
    try (FillSession session = admitted(store.fill(content.request(5)))) {
      assertEquals(BLOCK, TestContent.position(session));
    }
  }

  @Test
  @Order(21)
  void lease_closedOnceTooOften_isRefused() throws IOException {
    TestContent content = TestContent.of(17, 100);
    content.fillInto(store);
    ContentLease lease = hit(content);
    lease.close();
    assertThrows(IllegalStateException.class, lease::close);
    hit(content).close();
  }

  @Test
  @Order(22)
  void lookup_afterClose_misses() throws IOException {
    TestContent.of(1, 100).fillInto(store);
    store.close();
    store.close();
    assertInstanceOf(Lookup.Miss.class, store.lookup(TestContent.key(1)));
    assertThrows(IOException.class, () -> store.fill(TestContent.of(2, 1).request()));
  }

  static FillSession admitted(Admission admission) {
    return assertInstanceOf(Admission.Admitted.class, admission).session();
  }

  ContentLease hit(TestContent content) {
    return assertInstanceOf(Lookup.Hit.class, store.lookup(content.key())).lease();
  }

  Admission.Reason refusal(TestContent content) throws IOException {
    return assertInstanceOf(Admission.Refused.class, store.fill(content.request())).reason();
  }
}
