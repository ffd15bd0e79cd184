package oca.protocol.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import oca.model.ContentId;
import oca.protocol.ServeRecord;
import org.junit.jupiter.api.Test;

class RecordRingTest {
  static ServeRecord record(long number) {
    return new ServeRecord(
        Instant.EPOCH, new ContentId(0, number), "127.0.0.0", 206, 0, 1, true, 1, "hit");
  }

  @Test
  void poll_afterOffers_isOldestFirst() {
    RecordRing<ServeRecord> ring = new RecordRing<>(4);
    for (int round = 0; round < 3; round++) {
      assertTrue(ring.offer(record(1)) >= 0);
      assertTrue(ring.offer(record(2)) >= 0);
      assertEquals(record(1), ring.poll());
      assertEquals(record(2), ring.poll());
      assertNull(ring.poll());
    }
  }

  @Test
  void offer_toAFullRing_isRefusedUntilOneIsTaken() {
    RecordRing<ServeRecord> ring = new RecordRing<>(3);
    assertEquals(4, ring.capacity());
    for (int i = 0; i < 4; i++) {
      assertEquals(i, ring.offer(record(i)));
    }
    assertEquals(RecordRing.FULL, ring.offer(record(4)));
    assertEquals(4, ring.size());
    ring.poll();
    assertEquals(4, ring.offer(record(5)));
  }

  @Test
  void isAwaited_afterAwait_isTrueForTheOneThatCompletesTheBatch() {
    RecordRing<ServeRecord> ring = new RecordRing<>(8);
    assertFalse(ring.isAwaited(ring.offer(record(0))));
    assertTrue(ring.await(3));
    assertFalse(ring.isAwaited(ring.offer(record(1))));
    assertTrue(ring.isAwaited(ring.offer(record(2))));
    assertFalse(ring.isAwaited(ring.offer(record(3))));
    assertFalse(ring.await(3));
  }

  @Test
  void offer_fromManyThreads_losesNothingAndKeepsEachWritersOrder() throws Exception {
    RecordRing<ServeRecord> ring = new RecordRing<>(64);
    int writers = 4;
    int each = 20_000;
    try (var threads = Executors.newFixedThreadPool(writers)) {
      List<Future<?>> running = new ArrayList<>();
      for (int w = 0; w < writers; w++) {
        long base = (long) w * each;
        running.add(threads.submit(() -> write(ring, base, each)));
      }
      long[] next = new long[writers];
      for (int taken = 0; taken < writers * each; ) {
        ServeRecord record = ring.poll();
        if (record == null) {
          Thread.onSpinWait();
          continue;
        }
        taken++;
        int writer = (int) (record.file().low() / each);
        assertEquals(next[writer]++, record.file().low() % each);
      }
      for (Future<?> writer : running) {
        writer.get();
      }
      assertNull(ring.poll());
    }
  }

  private static void write(RecordRing<ServeRecord> ring, long base, int count) {
    for (int i = 0; i < count; i++) {
      ServeRecord record = record(base + i);
      while (ring.offer(record) == RecordRing.FULL) {
        Thread.onSpinWait();
      }
    }
  }
}
