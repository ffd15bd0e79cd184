package oca.fill.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a store does, whichever database it is. */
abstract class StateStoreContract {
  @TempDir Path folder;

  @Test
  void write_thenReopen_isStillThere() throws IOException {
    try (StateStore store = open()) {
      add(store, "a", 3);
      add(store, "a", 4);
      store.write(
          c -> {
            StateStore.keep(c, "d", new byte[] {1, 2});
            return true;
          });
    }
    try (StateStore store = open()) {
      assertEquals(7, total(store, "a"));
      assertEquals(0, total(store, "b"));
      assertArrayEquals(new byte[] {1, 2}, store.document("d").orElseThrow());
      assertTrue(store.document("e").isEmpty());
    }
  }

  @Test
  void write_workThatFails_leavesNoTrace() throws IOException {
    try (StateStore store = open()) {
      IOException e =
          assertThrows(
              IOException.class,
              () ->
                  store.write(
                      c -> {
                        StateStore.count(c, "a", 1);
                        throw new SQLException("on purpose");
                      }));
      assertTrue(e.getMessage().contains("on purpose"), e.getMessage());
      assertTrue(e.getMessage().contains(store.place()), e.getMessage());
      assertEquals(0, total(store, "a"));
    }
  }

  @Test
  void write_manyThatWaited_areWrittenTogetherButForTheOneThatFails() throws Exception {
    int writers = StateStore.MOST_SHARING + 30;
    LongAdder failed = new LongAdder();
    try (StateStore store = open()) {
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch held = new CountDownLatch(1);
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var _ =
            threads.submit(
                () ->
                    store.read(
                        c -> {
                          begun.countDown();
                          return awaited(held);
                        }));
        begun.await();
        for (int i = 0; i < writers; i++) {
          boolean fails = i % 10 == 3;
          var _ =
              threads.submit(
                  () -> {
                    try {
                      return store.write(
                          c -> {
                            StateStore.count(c, "a", 1);
                            return failing(fails);
                          });
                    } catch (IOException | IllegalStateException e) {
                      failed.increment();
                      return false;
                    }
                  });
        }
        held.countDown();
      }
      assertEquals(writers, total(store, "a") + failed.sum());
      assertEquals((writers + 6) / 10, failed.sum());
    }
    try (StateStore store = open()) {
      assertEquals(writers - failed.sum(), total(store, "a"));
    }
  }

  @Test
  void write_workThatFailsAmongOthers_leavesThemAlone() throws Exception {
    try (StateStore store = open()) {
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch held = new CountDownLatch(1);
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var _ =
            threads.submit(
                () ->
                    store.read(
                        c -> {
                          begun.countDown();
                          return awaited(held);
                        }));
        begun.await();
        var bad =
            threads.submit(
                () ->
                    store.write(
                        c -> {
                          StateStore.count(c, "a", 1);
                          try (var statement = c.createStatement()) {
                            return statement.executeUpdate("this is no statement");
                          }
                        }));
        var good =
            threads.submit(
                () -> {
                  add(store, "b", 2);
                  return true;
                });
        held.countDown();
        assertThrows(ExecutionException.class, bad::get);
        assertTrue(good.get());
      }
      assertEquals(0, total(store, "a"));
      assertEquals(2, total(store, "b"));
    }
  }

  @Test
  void count_manyAtOnce_addsToThoseThereAndMakesTheOthers() throws IOException {
    try (StateStore store = open()) {
      add(store, "there", 1);
      store.write(
          c -> {
            StateStore.count(c, Map.of("there", 4L, "new", 5L, "newer", 6L, "nothing", 0L));
            StateStore.put(c, "newer", 7);
            return true;
          });
      assertEquals(5, total(store, "there"));
      assertEquals(5, total(store, "new"));
      assertEquals(7, total(store, "newer"));
      assertEquals(0, total(store, "nothing"));
    }
  }

  @Test
  void upsert_moreRowsThanGoAtOnce_setsEach() throws IOException {
    int rows = 2500;
    try (StateStore store = open()) {
      for (int round = 1; round <= 2; round++) {
        int value = round;
        store.write(
            c -> {
              List<Upsert.Row> all = new ArrayList<>();
              for (int i = 0; i < rows * value / 2; i++) {
                String name = "n" + i;
                all.add(
                    row -> {
                      row.setLong(1, value);
                      row.setString(2, name);
                    });
              }
              try (Upsert counter = Upsert.set(c, "counter", List.of("amount"), List.of("name"))) {
                counter.putAll(all);
              }
              return true;
            });
      }
      long sum =
          store.read(
              c -> {
                try (var statement = c.createStatement();
                    var all = statement.executeQuery("SELECT SUM(amount) FROM counter")) {
                  all.next();
                  return all.getLong(1);
                }
              });
      assertEquals(2L * rows, sum);
    }
  }

  private static boolean failing(boolean fails) {
    if (fails) {
      throw new IllegalStateException("on purpose");
    }
    return true;
  }

  @Test
  void write_waiterInterrupted_leavesTheDatabaseWorking() throws Exception {
    try (StateStore store = open()) {
      CountDownLatch held = new CountDownLatch(1);
      CountDownLatch begun = new CountDownLatch(1);
      Thread holder = hold(store, begun, held);
      begun.await();
      Thread.currentThread().interrupt();
      assertThrows(IOException.class, () -> add(store, "a", 1));
      assertTrue(Thread.interrupted());
      held.countDown();
      holder.join();
      add(store, "a", 1);
      assertTrue(total(store, "a") >= 1);
    }
  }

  @Test
  void answers_whileATransactionHoldsIt_isFalse() throws Exception {
    try (StateStore store = open()) {
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch held = new CountDownLatch(1);
      Thread holder = hold(store, begun, held);
      begun.await();
      assertFalse(store.answers(Duration.ofMillis(20)));
      held.countDown();
      holder.join();
      assertTrue(store.answers(Duration.ofSeconds(10)));
    }
  }

  private static Thread hold(StateStore store, CountDownLatch begun, CountDownLatch held) {
    return Thread.startVirtualThread(
        () -> {
          try {
            store.read(
                c -> {
                  begun.countDown();
                  return awaited(held);
                });
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static boolean awaited(CountDownLatch latch) {
    try {
      latch.await();
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Test
  void write_afterClose_isRefused() throws IOException {
    StateStore store = open();
    store.close();
    assertThrows(IOException.class, () -> add(store, "a", 1));
  }

  @Test
  void open_layoutOfANewerRelease_isRefused() throws IOException {
    try (StateStore store = open()) {
      store.write(
          c -> {
            try (var statement = c.createStatement()) {
              return statement.executeUpdate("UPDATE schema_version SET version = 99");
            }
          });
    }
    IOException e = assertThrows(IOException.class, this::open);
    assertTrue(e.getMessage().contains("layout 99"), e.getMessage());
  }

  @Test
  void write_acknowledgedThenKilled_isStillThere() throws Exception {
    long acknowledged;
    try (ChildLedger child = ChildLedger.start(folder.resolve("state"), 1_000_000)) {
      child.awaitAcknowledged(50);
      acknowledged = child.kill();
    }
    try (StateStore store = open()) {
      long kept = total(store, "acknowledged");
      assertTrue(kept >= acknowledged, kept + " kept of " + acknowledged + " acknowledged");
    }
  }

  final StateStore open() throws IOException {
    return Stores.open(folder.resolve("state"));
  }

  static void add(StateStore store, String name, long amount) throws IOException {
    store.write(
        c -> {
          StateStore.count(c, name, amount);
          return true;
        });
  }

  static long total(StateStore store, String name) throws IOException {
    return store.read(c -> StateStore.total(c, name));
  }
}
