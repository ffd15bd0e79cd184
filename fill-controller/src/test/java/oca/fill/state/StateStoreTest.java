package oca.fill.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateStoreTest {
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
      assertTrue(e.getMessage().contains(store.file().toString()), e.getMessage());
      assertEquals(0, total(store, "a"));
    }
  }

  @Test
  void write_waiterInterrupted_leavesTheDatabaseWorking() throws IOException {
    try (StateStore store = open()) {
      Thread.currentThread().interrupt();
      assertThrows(IOException.class, () -> add(store, "a", 1));
      assertTrue(Thread.interrupted());
      add(store, "a", 1);
      assertTrue(total(store, "a") >= 1);
    }
  }

  @Test
  void answers_whileATransactionHoldsIt_isFalse() throws Exception {
    try (StateStore store = open()) {
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch held = new CountDownLatch(1);
      Thread holder =
          Thread.startVirtualThread(
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
      begun.await();
      assertFalse(store.answers(Duration.ofMillis(20)));
      held.countDown();
      holder.join();
      assertTrue(store.answers(Duration.ofSeconds(10)));
    }
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
  void open_inUseByAnotherProcess_saysSoInOneSentence() throws Exception {
    try (ChildLedger child = ChildLedger.start(folder.resolve("state"), 1)) {
      child.awaitAcknowledged(1);
      IOException e = assertThrows(IOException.class, this::open);
      assertEquals(
          "the database "
              + folder.resolve("state.mv.db")
              + " is in use by another process; stop it or name another file",
          e.getMessage());
    }
  }

  @Test
  void open_damagedFile_saysSoInOneSentence() throws IOException {
    Path file = folder.resolve("state.mv.db");
    Files.writeString(file, "this is no database".repeat(1000));
    IOException e = assertThrows(IOException.class, this::open);
    assertTrue(e.getMessage().startsWith("the database " + file + " cannot be read"));
    assertTrue(e.getMessage().endsWith("restore a copy, or move it away to start empty"));
    assertEquals(1, e.getMessage().lines().count());
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

  private StateStore open() throws IOException {
    return StateStore.open(folder.resolve("state"));
  }

  private static void add(StateStore store, String name, long amount) throws IOException {
    store.write(
        c -> {
          StateStore.count(c, name, amount);
          return true;
        });
  }

  private static long total(StateStore store, String name) throws IOException {
    return store.read(c -> StateStore.total(c, name));
  }
}
