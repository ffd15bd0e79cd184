package oca.fill.state;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The contract over PostgreSQL, and what only a server and a network can do to it. */
@OnPostgres
class StateStorePostgresTest extends StateStoreContract {
  private static final int CUTS = 12;

  @Test
  void write_connectionCutAgainAndAgain_keepsWhatWasAcknowledgedAndNothingElse() throws Exception {
    Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
    Queue<String> failed = new ConcurrentLinkedQueue<>();
    AtomicBoolean stop = new AtomicBoolean();
    try (StateStore store = open()) {
      List<Future<?>> writers = new ArrayList<>();
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int writer = 0; writer < 8; writer++) {
          String prefix = "w" + writer + ".";
          writers.add(
              threads.submit(
                  () -> {
                    for (int i = 0; !stop.get(); i++) {
                      try {
                        add(store, prefix + i, 1);
                        acknowledged.add(prefix + i);
                      } catch (IOException e) {
                        failed.add(prefix + i);
                      }
                    }
                  }));
        }
        for (int cut = 1; cut <= CUTS; cut++) {
          int before = acknowledged.size();
          await().until(() -> acknowledged.size() > before + 20);
          cut();
        }
        int before = acknowledged.size();
        await().until(() -> acknowledged.size() > before + 20);
        stop.set(true);
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
      assertFalse(failed.isEmpty());
      assertEquals(
          acknowledged.size(),
          number("SELECT COUNT(*) FROM counter WHERE name LIKE 'w%' AND amount = 1"));
      for (String name : acknowledged) {
        assertEquals(1, total(store, name), name);
      }
      for (String name : failed) {
        assertEquals(0, total(store, name), name);
      }
      assertFalse(store.lost().toCompletableFuture().isDone());
    }
  }

  @Test
  void write_answerToTheCommitLost_isKnownAfterTheNextConnection() throws Exception {
    try (CutProxy proxy = new CutProxy(port());
        StateStore store = StateStore.open(through(proxy))) {
      add(store, "a", 1);
      proxy.next(CutProxy.Cut.AFTER_COMMIT);
      add(store, "a", 1);
      assertEquals(1, proxy.cuts());
      assertEquals(2, total(store, "a"));

      proxy.next(CutProxy.Cut.BEFORE_COMMIT);
      IOException e = assertThrows(IOException.class, () -> add(store, "a", 1));
      assertTrue(e.getMessage().contains("lost before it was written"), e.getMessage());
      assertEquals(2, proxy.cuts());
      assertEquals(2, total(store, "a"));
    }
  }

  @Test
  void write_commitUnknownAndTheServerAway_waitsUntilItIsKnown() throws Exception {
    try (CutProxy proxy = new CutProxy(port());
        StateStore store = StateStore.open(through(proxy));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      proxy.refuse(true);
      proxy.next(CutProxy.Cut.AFTER_COMMIT);
      Future<Boolean> held =
          threads.submit(
              () -> {
                add(store, "a", 1);
                return true;
              });
      await().until(() -> proxy.cuts() == 1 && !store.isConnected());
      assertEquals(1, store.losses());
      IOException e = assertThrows(IOException.class, () -> total(store, "a"));
      assertTrue(e.getMessage().contains("no connection"), e.getMessage());
      assertTrue(store.answers(Duration.ofSeconds(10)));
      assertFalse(held.isDone());
      proxy.refuse(false);
      assertTrue(held.get());
      assertTrue(store.isConnected());
      assertEquals(1, total(store, "a"));
    }
  }

  @Test
  void open_writtenByAnother_isRefusedAndTellsByWhom() throws IOException {
    PostgresPlace place = Stores.place(url(), folder.resolve("state"));
    try (StateStore _ = open()) {
      IOException e =
          assertThrows(
              IOException.class,
              () ->
                  StateStore.open(
                      new PostgresPlace(
                          place.jdbcUrl(),
                          place.user(),
                          place.passwordFile(),
                          place.schema(),
                          Duration.ZERO)));
      assertTrue(e.getMessage().contains("is written by another controller, "), e.getMessage());
      assertTrue(e.getMessage().contains(" since 20"), e.getMessage());
    }
  }

  @Test
  void open_writtenByAnotherThatGoes_waitsAndGoesOn() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      StateStore first = open();
      add(first, "a", 1);
      Future<Long> second =
          threads.submit(
              () -> {
                try (StateStore store = open()) {
                  return total(store, "a");
                }
              });
      // It holds a session of its own while it waits.
      await().until(() -> sessions() == 2);
      add(first, "a", 1);
      first.close();
      assertEquals(2, second.get());
    }
  }

  @Test
  void write_takenOverWithoutNoticing_isRefusedBeforeAnythingIsCommitted() throws Exception {
    try (StateStore store = open()) {
      add(store, "a", 1);
      execute("UPDATE writer SET epoch = epoch + 1");
      IOException e = assertThrows(IOException.class, () -> add(store, "a", 1));
      assertTrue(e.getMessage().contains("was taken over by another controller"), e.getMessage());
      assertEquals(e.getMessage(), store.lost().toCompletableFuture().get().getMessage());
      assertThrows(IOException.class, () -> total(store, "a"));
      assertEquals(1, number("SELECT amount FROM counter WHERE name = 'a'"));
    }
  }

  @Test
  void cut_takenOverMeanwhile_endsAllWork() throws Exception {
    try (StateStore store = open()) {
      add(store, "a", 1);
      execute("UPDATE writer SET epoch = epoch + 1");
      cut();
      IOException why = store.lost().toCompletableFuture().get();
      assertTrue(why.getMessage().contains("was taken over by another controller"), why::toString);
      assertThrows(IOException.class, () -> add(store, "a", 1));
    }
  }

  @Test
  void cut_databaseSetBack_endsAllWork() throws Exception {
    try (StateStore store = open()) {
      add(store, "a", 1);
      add(store, "a", 1);
      execute("UPDATE writer SET works = works - 1");
      cut();
      IOException why = store.lost().toCompletableFuture().get();
      assertTrue(why.getMessage().contains("is older than what was written"), why::toString);
    }
  }

  @Test
  void open_userWithoutPassword_saysWhereItIs() {
    PostgresPlace place =
        new PostgresPlace(
            url().replace("?user=postgres", ""),
            Optional.of("nobody"),
            Optional.empty(),
            "fill",
            Duration.ZERO);
    IOException e = assertThrows(IOException.class, () -> StateStore.open(place));
    assertTrue(e.getMessage().startsWith("the database jdbc:postgresql://"), e.getMessage());
    assertTrue(e.getMessage().contains("/postgres (schema fill): "), e.getMessage());
    assertEquals(1, e.getMessage().lines().count());
  }

  @Test
  void text_zeroCharacters_areTakenOutForGood() throws IOException {
    try (StateStore store = open()) {
      add(store, StateStore.text("a\0b"), 1);
      assertEquals(1, total(store, "a\ufffdb"));
    }
  }

  private PostgresPlace through(CutProxy proxy) {
    PostgresPlace place = Stores.place(url(), folder.resolve("state"));
    // So that every COMMIT is sent as such.
    return new PostgresPlace(
        "jdbc:postgresql://127.0.0.1:"
            + proxy.port()
            + "/postgres?user=postgres&prepareThreshold=0",
        Optional.empty(),
        Optional.empty(),
        place.schema(),
        Duration.ZERO);
  }

  private static String url() {
    return String.valueOf(System.getProperty(Stores.JDBC_URL));
  }

  private static int port() {
    return Integer.parseInt(url().replaceAll(".*:(\\d+)/.*", "$1"));
  }

  /** Ends the sessions of this test's store, as a network or an administrator would. */
  private void cut() throws SQLException {
    try (Connection connection = DriverManager.getConnection(url());
        Statement statement = connection.createStatement()) {
      statement.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
              + " WHERE application_name = 'oca-fill-state'");
    }
  }

  private int sessions() throws SQLException {
    return (int)
        number("SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = 'oca-fill-state'");
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      assertEquals(1, statement.executeUpdate(sql));
    }
  }

  private long number(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getLong(1) : -1;
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(
        url() + "&currentSchema=" + Stores.place(url(), folder.resolve("state")).schema());
  }
}
