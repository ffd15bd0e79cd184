package oca.steering.registry;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.steering.fleet.Order;
import org.jspecify.annotations.Nullable;

/** A registry for tests, with the orders that it gave. */
final class Registries implements AutoCloseable {
  static final ApplianceId NORTH_1 = new ApplianceId("north-1");
  static final Instant NOW = Instant.parse("2026-11-22T20:00:00Z");

  final Map<ApplianceId, Order> orders = new ConcurrentHashMap<>();
  final Registry registry;

  Registries(Optional<ConnectionSource> source, int queue, Map<ApplianceId, Order> lastKnown) {
    Registry.Settings settings =
        new Registry.Settings(
            new Book.Limits(100, 50), queue, Duration.ofMillis(20), Duration.ofMillis(20));
    registry =
        new Registry(
            source, settings, InstantSource.fixed(NOW), lastKnown, _ -> false, orders::put);
  }

  /** One that has read its database. */
  static Registries over(ConnectionSource source) {
    Registries made = new Registries(Optional.of(source), 100, Map.of());
    made.registry.start(Duration.ofSeconds(10));
    return made;
  }

  static Command register(String id, String site, String endpoint, @Nullable String note) {
    return new Command(
        What.REGISTER,
        new ApplianceId(id),
        new SiteId(site),
        Endpoint.parse(endpoint),
        note,
        "ann",
        "");
  }

  static Command order(What what) {
    return Command.order(what, NORTH_1, "ann", "for the test");
  }

  /** In force. */
  Receipt.Done done(Command command) {
    return assertInstanceOf(Receipt.Done.class, registry.apply(command));
  }

  /** In force and on disk. */
  Change stored(Command command) {
    Receipt.Done done = done(command);
    try {
      done.stored().get(10, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(command + " was not stored: " + registry.status(), e);
    }
    return done.change();
  }

  @Override
  public void close() {
    registry.close();
  }
}
