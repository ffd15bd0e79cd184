package oca.steering.registry;

import static oca.steering.registry.Registries.NORTH_1;
import static oca.steering.registry.Registries.order;
import static oca.steering.registry.Registries.register;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import oca.model.ApplianceId;
import oca.steering.fleet.Order;
import org.junit.jupiter.api.Test;

/** What a registry promises over any database. */
abstract class RegistryContract {
  /** A database that is empty before each test. */
  abstract ConnectionSource database();

  @Test
  void open_emptyDatabase_isAnEmptyBook() {
    try (Registries first = Registries.over(database())) {
      assertEquals(Book.EMPTY, first.registry.book());
      assertTrue(first.registry.status().connected(), first.registry.status().toString());
    }
  }

  @Test
  void apply_everyKindOfChange_isReadBackAsItWas() {
    Book before;
    try (Registries first = Registries.over(database())) {
      first.stored(register("north-1", "north", "192.0.2.1:80", "rack 4"));
      first.stored(register("v6", "north", "[2001:db8::1]:8443", null));
      first.stored(register("north-1", "south", "192.0.2.1:80", null));
      first.stored(order(What.DRAIN));
      first.stored(order(What.UNDRAIN));
      first.stored(order(What.RETIRE));
      first.stored(order(What.RESTORE));
      first.stored(order(What.DRAIN));
      first.stored(Command.thaw("ben – Zürich", "the link is back; it's 5 o'clock"));
      before = first.registry.book();
    }
    try (Registries second = Registries.over(database())) {
      assertEquals(before, second.registry.book());
      assertEquals(9, second.registry.book().last());
      assertEquals(Order.DRAIN, second.orders.get(NORTH_1));
      assertTrue(second.registry.isRegistered(new ApplianceId("v6")));
    }
  }

  @Test
  void apply_manyAtOnce_areAllStoredInOrder() {
    try (Registries first = Registries.over(database())) {
      List<Receipt.Done> receipts = new ArrayList<>();
      for (int i = 0; i < 90; i++) {
        receipts.add(first.done(register("a-" + i, "north", "192.0.2.1:80", null)));
      }
      receipts.forEach(receipt -> receipt.stored().orTimeout(10, TimeUnit.SECONDS).join());
    }
    try (Registries second = Registries.over(database())) {
      assertEquals(90, second.registry.book().entries().size());
      assertEquals(50, second.registry.book().changes().size());
      assertEquals(41, second.registry.book().changes().getFirst().number());
      assertEquals(40, second.registry.book().before());
    }
  }

  @Test
  void close_changesWaiting_areWrittenFirst() {
    try (Registries first = Registries.over(database())) {
      first.done(register("north-1", "north", "192.0.2.1:80", null));
      first.done(order(What.DRAIN));
    }
    try (Registries second = Registries.over(database())) {
      assertEquals(Order.DRAIN, second.registry.book().order(NORTH_1));
    }
  }

  @Test
  void append_secondWriterTookTheNumber_failsAndChangesNothing() throws SQLException {
    try (Registries first = Registries.over(database())) {
      first.stored(register("north-1", "north", "192.0.2.1:80", null));
    }
    try (RegistryDatabase other = RegistryDatabase.open(database())) {
      Book book = other.load(10);
      Entry entry = book.entries().firstEntry().getValue().under(Order.RETIRED);
      Change taken =
          new Change(1, Registries.NOW, What.RETIRE, entry.id(), "ben", "number 1 is taken");
      assertThrows(
          SQLException.class, () -> other.append(List.of(new RegistryDatabase.Line(taken, entry))));
    }
    try (Registries second = Registries.over(database())) {
      assertEquals(Order.NONE, second.registry.book().order(NORTH_1));
      assertEquals(1, second.registry.book().last());
    }
  }

  @Test
  void open_layoutOfANewerRelease_isRefusedAndLeftAlone() throws SQLException {
    try (Registries first = Registries.over(database())) {
      first.stored(register("north-1", "north", "192.0.2.1:80", null));
    }
    execute("INSERT INTO registry_layout (version) VALUES (2)");
    SQLException refusal =
        assertThrows(SQLException.class, () -> RegistryDatabase.open(database()).close());
    assertTrue(refusal.getMessage().contains("newer release"), refusal.getMessage());
    execute("DELETE FROM registry_layout WHERE version = 2");
    try (Registries second = Registries.over(database())) {
      assertEquals(1, second.registry.book().last());
    }
  }

  @Test
  void open_rowOfAnotherHand_isAFaultThatNamesTheTable() throws SQLException {
    Registries.over(database()).close();
    execute("INSERT INTO appliance (id, standing, note) VALUES ('north-1', 'sideways', '')");
    try (Registries second = new Registries(Optional.of(database()), 10, Map.of())) {
      second.registry.start(Duration.ZERO);
      await().until(() -> second.registry.status().failures() > 0);
      String fault = second.registry.status().fault();
      assertTrue(fault.contains("appliance"), fault);
    }
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = database().connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
