package oca.steering.registry;

import static oca.steering.registry.Registries.NORTH_1;
import static oca.steering.registry.Registries.order;
import static oca.steering.registry.Registries.register;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import oca.steering.fleet.Order;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a registry does while its database is away, or loses answers. */
class RegistryTest {
  @TempDir Path folder;
  private final AtomicBoolean away = new AtomicBoolean();
  private final AtomicInteger answersToLose = new AtomicInteger();

  @Test
  void apply_withoutADatabase_isInForceAndKeptInMemory() {
    try (Registries only = new Registries(Optional.empty(), 10, Map.of())) {
      only.stored(register("north-1", "north", "192.0.2.1:80", null));
      only.stored(order(What.DRAIN));
      assertEquals(Order.DRAIN, only.orders.get(NORTH_1));
      assertEquals("memory", only.registry.status().keeps());
      assertInstanceOf(Receipt.Already.class, only.registry.apply(order(What.DRAIN)));
    }
  }

  @Test
  void apply_databaseAway_isInForceAtOnceAndStoredWhenItIsBack() {
    try (Registries one = Registries.over(this::connect)) {
      one.stored(register("north-1", "north", "192.0.2.1:80", null));
      away.set(true);
      Receipt.Done drained = one.done(order(What.DRAIN));
      assertEquals(Order.DRAIN, one.orders.get(NORTH_1));
      await().until(() -> !one.registry.status().connected());
      assertFalse(drained.stored().isDone());
      assertEquals(1, one.registry.status().pending());
      away.set(false);
      drained.stored().orTimeout(10, TimeUnit.SECONDS).join();
      await().until(() -> one.registry.status().connected());
      assertEquals(0, one.registry.status().pending());
      assertEquals("", one.registry.status().fault());
    }
  }

  @Test
  void apply_queueFull_isRefusedAndChangesNothing() {
    away.set(true);
    try (Registries one = new Registries(Optional.of(this::connect), 2, Map.of())) {
      one.registry.start(Duration.ZERO);
      one.done(register("north-1", "north", "192.0.2.1:80", null));
      one.done(order(What.DRAIN));
      assertEquals(
          new Receipt.Refused(Refusal.QUEUE_FULL), one.registry.apply(order(What.UNDRAIN)));
      assertEquals(Order.DRAIN, one.registry.book().order(NORTH_1));
      assertEquals(2, one.registry.book().last());
      assertEquals(1, one.registry.status().refused());
      away.set(false);
      await().until(() -> one.registry.status().pending() == 0);
      one.stored(order(What.UNDRAIN));
    }
  }

  @Test
  void start_databaseAway_beginsWithTheOrdersLastKnown() {
    try (Registries before = Registries.over(this::connect)) {
      before.stored(register("north-1", "north", "192.0.2.1:80", "rack 4"));
      before.stored(order(What.DRAIN));
    }
    away.set(true);
    try (Registries after =
        new Registries(Optional.of(this::connect), 10, Map.of(NORTH_1, Order.DRAIN))) {
      after.registry.start(Duration.ofMillis(50));
      assertFalse(after.registry.isLoaded());
      assertEquals(Order.DRAIN, after.registry.book().order(NORTH_1));
      Receipt.Done undrained = after.done(order(What.UNDRAIN));
      assertEquals(1, undrained.change().number());
      away.set(false);
      undrained.stored().orTimeout(10, TimeUnit.SECONDS).join();
      assertEquals(3, after.registry.book().last(), "numbered after those that were stored");
      assertEquals(Order.NONE, after.registry.book().order(NORTH_1));
      Entry entry = after.registry.book().entry(NORTH_1);
      assertEquals("rack 4", entry == null ? null : entry.note());
    }
  }

  @Test
  void start_databaseSaysOtherwise_overrulesWhatWasLastKnownAndWhatWaits() {
    try (Registries before = Registries.over(this::connect)) {
      before.stored(register("north-1", "north", "192.0.2.1:80", null));
      before.stored(order(What.RETIRE));
    }
    away.set(true);
    try (Registries after =
        new Registries(Optional.of(this::connect), 10, Map.of(NORTH_1, Order.DRAIN))) {
      after.registry.start(Duration.ZERO);
      Receipt.Done undrained = after.done(order(What.UNDRAIN));
      away.set(false);
      Assertions.assertThrows(
          CompletionException.class,
          () -> undrained.stored().orTimeout(10, TimeUnit.SECONDS).join());
      assertEquals(Order.RETIRED, after.registry.book().order(NORTH_1));
      await().until(() -> after.orders.get(NORTH_1) == Order.RETIRED);
      assertEquals(1, after.registry.status().overruled());
    }
  }

  @Test
  void append_answerOfTheCommitIsLost_isStoredOnce() {
    try (Registries one = Registries.over(this::connect)) {
      one.stored(register("north-1", "north", "192.0.2.1:80", null));
      answersToLose.set(1);
      one.stored(order(What.DRAIN));
      assertEquals(0, answersToLose.get());
      one.stored(order(What.UNDRAIN));
    }
    try (Registries again = Registries.over(this::connect)) {
      assertEquals(3, again.registry.book().last());
      assertNull(again.orders.get(NORTH_1));
    }
  }

  @Test
  void close_databaseAway_endsAndLosesNothingOfWhatWasStored() {
    Registries one = Registries.over(this::connect);
    one.stored(register("north-1", "north", "192.0.2.1:80", null));
    away.set(true);
    Receipt.Done drained = one.done(order(What.DRAIN));
    await().until(() -> !one.registry.status().connected());
    one.close();
    assertFalse(drained.stored().isDone());
    away.set(false);
    try (Registries again = Registries.over(this::connect)) {
      assertEquals(1, again.registry.book().last());
      assertTrue(again.registry.isRegistered(NORTH_1));
    }
  }

  /** A connection that fails while the database is away, and may lose the answer of a commit. */
  private Connection connect() throws SQLException {
    requireThere();
    Connection real = ConnectionSource.h2(folder.resolve("registry")).connect();
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (_, method, arguments) -> {
              if (!method.getName().equals("close")) {
                requireThere();
              }
              try {
                Object result = method.invoke(real, arguments);
                if (method.getName().equals("commit")
                    && answersToLose.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                  throw new SQLException("the answer was lost");
                }
                return result;
              } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
              }
            });
  }

  private void requireThere() throws SQLException {
    if (away.get()) {
      throw new SQLException("the database is away");
    }
  }
}
