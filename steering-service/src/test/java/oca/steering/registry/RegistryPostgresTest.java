package oca.steering.registry;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import oca.steering.fleet.Order;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The contract over a PostgreSQL that this test starts, and what only a server can do to it. */
@Tag("postgres")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RegistryPostgresTest extends RegistryContract {
  @TempDir static Path folder;

  private EmbeddedPostgres server;

  @BeforeAll
  void start() throws IOException {
    server = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(1)).start();
    Files.writeString(folder.resolve("password"), "postgres\n");
  }

  @AfterAll
  void stop() throws IOException {
    server.close();
  }

  @BeforeEach
  void empty() throws SQLException {
    execute("DROP TABLE IF EXISTS appliance, change_log, registry_layout");
  }

  @Override
  ConnectionSource database() {
    return ConnectionSource.postgres(
        server.getJdbcUrl("postgres", "postgres").replaceAll("\\?.*", ""),
        Optional.of("postgres"),
        Optional.of(folder.resolve("password")));
  }

  @Test
  void apply_twoServicesShareADatabase_eachSeesTheOthersOrders() {
    try (Registries first = Registries.over(database());
        Registries second = Registries.over(database())) {
      first.stored(Registries.register("north-1", "north", "192.0.2.1:80", null));
      await().until(() -> second.registry.book().last() == 1);
      second.stored(Registries.order(What.DRAIN));
      await().until(() -> first.orders.get(Registries.NORTH_1) == Order.DRAIN);
      // Both at once: one number, one of them takes the next.
      Receipt.Done one = first.done(Command.thaw("ann", ""));
      Receipt.Done two = second.done(Command.thaw("ben", ""));
      one.stored().join();
      two.stored().join();
      await().until(() -> first.registry.book().last() == 4 && second.registry.book().last() == 4);
      assertEquals(first.registry.book(), second.registry.book());
    }
  }

  @Test
  void apply_serverEndsTheConnection_isStoredAfterTheNext() throws SQLException {
    try (Registries first = Registries.over(database())) {
      first.stored(Registries.register("north-1", "north", "192.0.2.1:80", null));
      execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
              + " WHERE application_name = 'oca-steering' AND pid <> pg_backend_pid()");
      first.stored(Registries.order(What.DRAIN));
      assertEquals(2, first.registry.book().last());
    }
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = database().connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
