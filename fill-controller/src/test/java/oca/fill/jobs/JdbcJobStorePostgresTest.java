package oca.fill.jobs;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import oca.fill.jobs.store.ConnectionSource;
import oca.fill.jobs.store.JdbcJobStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The contract over a PostgreSQL that this test starts, and what only a server can do to it. */
@Tag("postgres")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JdbcJobStorePostgresTest extends JobStoreContract {
  private EmbeddedPostgres server;

  @BeforeAll
  void start() throws IOException {
    server = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(1)).start();
  }

  @AfterAll
  void stop() throws IOException {
    server.close();
  }

  @Override
  JobStore open() throws IOException {
    execute(
        "DROP TABLE IF EXISTS fill_lease, fill_plan, fill_job, fill_outbox, fill_order,"
            + " fill_layout");
    return JdbcJobStore.open(source());
  }

  @Override
  void pass(Duration time) {
    // The database's clock is that of this machine.
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }

  @Test
  void beat_holderStandsInsideAWrite_isTakenOverWhenTheDatabaseEndsItsSession() throws Exception {
    store.apply(1, Set.of(NORTH), List.of(want("a", 1)));
    store.join("one", "a1", Duration.ofMillis(50));
    Lease old =
        store
            .beat("one", "a1", Duration.ofMillis(50), 0, 64)
            .orElseThrow()
            .get(Lease.slotOf(NORTH));
    try (Connection stands = source().connect();
        Statement inside = stands.createStatement()) {
      stands.setAutoCommit(false);
      inside.execute(
          "UPDATE fill_lease SET until_ms = until_ms WHERE slot = "
              + old.slot()
              + " AND generation = "
              + old.generation());
      store.join("two", "a2", Duration.ofHours(1));
      await()
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptions()
          .until(
              () ->
                  store.beat("two", "a2", Duration.ofHours(1), -1, 64).orElse(List.of()).size()
                      == Lease.SLOTS);
    }
    assertInstanceOf(Written.Stale.class, store.write(old, List.of(), List.of()));
  }

  @Test
  void onChange_planByAnotherController_isHeard() throws IOException {
    AtomicInteger heard = new AtomicInteger();
    store.onChange(heard::incrementAndGet);
    await().until(() -> heard.get() > 0);
    int before = heard.get();
    try (JobStore other = JdbcJobStore.open(source())) {
      other.apply(1, Set.of(NORTH), List.of(want("a", 1)));
    }
    await().until(() -> heard.get() > before);
  }

  @Test
  void open_serverEndsTheConnections_goesOnWithNewOnes() throws IOException, SQLException {
    store.apply(1, Set.of(NORTH), List.of(want("a", 1)));
    execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            + " WHERE application_name = 'oca-fill' AND pid <> pg_backend_pid()");
    await().ignoreExceptions().until(() -> store.look().plan() == 1);
    assertEquals(JobState.QUEUED, job("a").standing().state());
    // Reading and writing have a connection each, and the first call on a dead one fails.
    await().ignoreExceptions().until(() -> store.apply(2, Set.of(NORTH), List.of()).taken());
  }

  private ConnectionSource source() {
    return ConnectionSource.postgres(
        server.getJdbcUrl("postgres", "postgres").replaceAll("\\?.*", ""),
        Optional.of("postgres"),
        Optional.empty());
  }

  private void execute(String sql) throws IOException {
    try (Connection connection = source().connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }
}
