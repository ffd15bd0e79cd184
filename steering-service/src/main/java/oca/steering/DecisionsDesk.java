package oca.steering;

import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Supplier;
import oca.config.Current;
import oca.model.Address;
import oca.protocol.http.ControlClient;
import oca.steering.fleet.FleetSnapshot;
import oca.steering.geo.GeoConfig;
import oca.steering.rank.Ask;
import oca.steering.rank.Decider;
import oca.steering.rank.Decision;
import oca.steering.records.DecisionLog;
import oca.steering.records.Setup;
import oca.steering.routes.ForwardingTable;
import org.jspecify.annotations.Nullable;

/** Wires the records of decisions: what they say of the configuration, and where they go. */
final class DecisionsDesk implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final ControlClient client = new ControlClient(TIMEOUT);
  private final DecisionLog log;

  DecisionsDesk(
      Current<SteeringConfig> settings, Supplier<ForwardingTable> routes, InstantSource clock) {
    RecordingConfig recording = settings.get().recording();
    log =
        DecisionLog.start(
            recording.to(),
            settings.map(DecisionsDesk::setup),
            recording.name(),
            UUID.randomUUID().toString(),
            new TableAge(routes, clock.millis())::millis,
            clock,
            client);
  }

  private static Setup setup(SteeringConfig config) {
    return Setup.of(
        config.sites(),
        config.ranking().rules(config.headroomFloor(), config.limits().appliancesPerAnswer()),
        config.origin(),
        config.geo().map(GeoConfig::reach).orElse(0),
        config.fleet().liveness(config.lease()),
        config.recording().listed());
  }

  DecisionLog log() {
    return log;
  }

  /** The same decider, with what it answers being noted. */
  Decider noting(Decider decider) {
    return new Noting(decider, log);
  }

  @Override
  public void close() {
    log.close();
    client.close();
  }

  private record Noting(Decider decider, DecisionLog log) implements Decider {
    @Override
    public Decision decide(Address client, Ask ask, FleetSnapshot fleet) {
      return decider.decide(client, ask, fleet);
    }

    @Override
    public void answered(Address client, Decision decision, long ttlSeconds) {
      log.note(client, decision, ttlSeconds);
    }
  }

  /** Since when the routes are the same object, as those see it who ask now and then. */
  private static final class TableAge {
    private final Supplier<ForwardingTable> routes;
    private @Nullable ForwardingTable seen;
    private long since;

    TableAge(Supplier<ForwardingTable> routes, long startMillis) {
      this.routes = routes;
      this.since = startMillis;
    }

    @SuppressWarnings("ReferenceEquality") // a table is another object when anything is different
    synchronized long millis(long wallMillis) {
      ForwardingTable now = routes.get();
      if (now != seen) {
        since = seen == null ? since : wallMillis;
        seen = now;
      }
      return Math.max(0, wallMillis - since);
    }
  }
}
