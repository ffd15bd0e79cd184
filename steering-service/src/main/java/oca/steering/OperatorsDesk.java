package oca.steering;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.protocol.http.ConnectionLimits;
import oca.protocol.http.ControlListener;
import oca.protocol.service.NewerDataException;
import oca.steering.fleet.HeartbeatIntake;
import oca.steering.http.ApplianceGate;
import oca.steering.operators.Console;
import oca.steering.operators.FleetEvents;
import oca.steering.operators.OperatorsGate;
import oca.steering.operators.OrdersEndpoint;
import oca.steering.operators.Roster;
import oca.steering.registry.Receipt;
import oca.steering.registry.Registry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wires what operators decide and see: the registry, whose orders go to the intake; their endpoint;
 * the console; and the listener of their own.
 */
final class OperatorsDesk implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(OperatorsDesk.class);

  private static final Duration EVENTS = Duration.ofSeconds(1);

  /** One event can be the whole fleet: a watcher is dropped before many of them wait for it. */
  private static final int EVENTS_WAITING = 8;

  private static final int CONNECTIONS = 512;

  private final RegistryConfig config;
  private final HeartbeatIntake intake;
  private final Registry registry;
  private final Optional<ControlListener> listener;
  private final OrdersEndpoint orders;
  private final FleetEvents events;

  /**
   * A desk that takes its address at once.
   *
   * @throws IOException when it cannot be had; the message names it
   */
  OperatorsDesk(SteeringConfig config, FleetWatch watch, InstantSource clock) throws IOException {
    this.config = config.registry();
    this.intake = watch.intake();
    Optional<OperatorsConfig> operators = config.operators();
    this.listener = operators.isEmpty() ? Optional.empty() : Optional.of(listener(operators.get()));
    this.registry =
        new Registry(
            this.config.source(),
            this.config.settings(config.limits().appliances()),
            clock,
            watch.savedOrders(),
            id -> intake.snapshot().member(id) != null,
            (id, order) -> {
              intake.order(id, order);
              watch.saveSoon();
            });
    Roster roster = new Roster(intake::snapshot, registry::book, watch.clock());
    this.events = new FleetEvents(roster, watch::isReady, clock);
    this.orders =
        new OrdersEndpoint(
            roster,
            command -> {
              Receipt receipt = registry.apply(command);
              events.tellSoon();
              return receipt;
            },
            registry::status,
            intake::thaw,
            this.config.patience());
    if (this.config.required()) {
      intake.admitOnly(this::admits);
    }
  }

  /** Where operators ask, with the port that was taken. */
  Optional<Endpoint> endpoint() {
    return listener.map(ControlListener::endpoint);
  }

  /** What is answered there; empty when that is not configured. */
  Set<String> routes() {
    return listener.<Set<String>>map(ControlListener::routes).orElse(Set.of());
  }

  /** Adds the registration, unless only operators may register. */
  void addForAppliancesTo(ControlListener appliances, ApplianceGate gate) {
    if (!config.required()) {
      orders.addForAppliancesTo(appliances, gate, gate::refusal);
    }
  }

  /**
   * Reads the registry, for so long as configured, and begins to answer.
   *
   * @param others adds what other rooms have for operators
   * @throws NewerDataException when a newer release wrote the registry
   */
  void start(Consumer<ControlListener> others) throws NewerDataException {
    registry.start(config.startWait());
    registry.requireReadable();
    listener.ifPresent(
        operators -> {
          orders.addForOperatorsTo(operators);
          events.addForOperatorsTo(operators);
          new Console().addForOperatorsTo(operators);
          others.accept(operators);
          events.start(EVENTS);
          operators.start();
          log.info("operators are answered on {}", operators.endpoint());
        });
  }

  @Override
  public void close() {
    listener.ifPresent(ControlListener::close);
    events.close();
    registry.close();
  }

  /** Until the database was read, whoever was in the fleet before the start may be in it. */
  private boolean admits(ApplianceId id) {
    return registry.isRegistered(id)
        || (!registry.isLoaded() && intake.snapshot().member(id) != null);
  }

  private static ControlListener listener(OperatorsConfig config) throws IOException {
    ConnectionLimits usual = ConnectionLimits.DEFAULT;
    ConnectionLimits limits =
        new ConnectionLimits(
            CONNECTIONS,
            CONNECTIONS,
            usual.idle(),
            usual.head(),
            usual.requestTime(),
            config.watchers(),
            EVENTS_WAITING,
            usual.eventHeartbeat());
    return ControlListener.bind(
            config.listen(),
            new ControlListener.Limits((int) config.requestBody().bytes(), config.requestsAtOnce()),
            limits,
            Optional.empty())
        .guard("/", new OperatorsGate(config.names(), config.tokenFile()));
  }
}
