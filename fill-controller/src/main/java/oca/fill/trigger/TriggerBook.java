package oca.fill.trigger;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import oca.fill.catalog.CatalogView;
import oca.fill.fleet.FleetSnapshot;
import oca.fill.fleet.FleetSnapshot.Member;
import oca.fill.state.StateStore;
import oca.model.ApplianceId;
import oca.protocol.ApplianceOrders;
import oca.protocol.OrdersReport;
import oca.protocol.Wire;

/**
 * Every trigger that is kept, durable before it is acknowledged.
 *
 * <p>A trigger to pre-position is complete when all its titles are live; one to forget when every
 * appliance of the fleet has reported, and processed meanwhile if only those are missing that are
 * not alive. One with a part that cannot be done fails when the rest is done (RFC 8007, section
 * 2.3). One that has ended is kept for the configured time, and so long a title that was
 * pre-positioned stays wanted.
 *
 * <p>Safe on any thread; what changes something waits for the database.
 */
public final class TriggerBook {
  private static final String INDEX = "triggers";

  /** What is kept of all: the others have a document each. */
  record Index(long last, Set<Long> kept) {}

  private final StateStore store;
  private final TriggerConfig config;
  private final InstantSource wall;
  private final TreeMap<Long, Trigger> triggers = new TreeMap<>();
  private long last;

  /** What heartbeats look at, so that they wait for nobody. */
  private volatile List<Trigger> orders = List.of();

  private volatile boolean open;

  /** Takes up what was kept. */
  public TriggerBook(StateStore store, TriggerConfig config, InstantSource wall)
      throws IOException {
    this.store = store;
    this.config = config;
    this.wall = wall;
    Optional<byte[]> index = store.document(INDEX);
    if (index.isPresent()) {
      Index read = Wire.read(index.get(), Index.class);
      last = read.last();
      for (long number : read.kept()) {
        Optional<byte[]> kept = store.document(document(number));
        if (kept.isPresent()) {
          triggers.put(number, Wire.read(kept.get(), Trigger.class));
        }
      }
    }
    refresh();
  }

  /**
   * Takes a trigger.
   *
   * @throws ForeignContentException when it names what is not the owner's
   * @throws IllegalArgumentException when it is malformed, or more than may be kept
   * @throws IOException when it could not be kept; nothing came of it then
   */
  synchronized Trigger take(TriggerConfig.Owner owner, CatalogView catalog, TriggerSpec spec)
      throws ForeignContentException, IOException {
    Work work = Scope.work(owner, catalog, spec);
    expire();
    int targets = triggers.values().stream().mapToInt(it -> it.spec().targets()).sum();
    if (triggers.size() >= config.limits().triggers()
        || targets + spec.targets() > config.limits().targetsInAll()) {
      throw new IllegalArgumentException(
          "too many triggers are kept; delete some that have ended, or raise triggers.limits");
    }
    Instant now = wall.instant();
    boolean idle = work.titles().isEmpty() && !work.isOrder();
    Trigger taken =
        new Trigger(
            last + 1,
            owner.name(),
            spec,
            work,
            idle ? outcome(work.errors().isEmpty()) : TriggerState.PENDING,
            now,
            now,
            idle ? now : null,
            List.of(),
            Set.of());
    last++;
    keep(List.of(taken), Set.of());
    return taken;
  }

  /** The owner's triggers, by number. */
  synchronized List<Trigger> all(TriggerConfig.Owner owner) throws IOException {
    expire();
    return triggers.values().stream().filter(it -> it.owner().equals(owner.name())).toList();
  }

  /** One of the owner's triggers. */
  synchronized Optional<Trigger> find(TriggerConfig.Owner owner, long number) throws IOException {
    expire();
    return Optional.ofNullable(triggers.get(number)).filter(it -> it.owner().equals(owner.name()));
  }

  /** Has nothing more done for a trigger, unless it has ended. */
  synchronized void cancel(Trigger trigger) throws IOException {
    Trigger current = triggers.get(trigger.number());
    if (current != null
        && (!current.state().isEnded() || current.state() == TriggerState.PROCESSED)) {
      keep(List.of(current.in(TriggerState.CANCELLED, wall.instant())), Set.of());
    }
  }

  /** Forgets a trigger, with all that was still to be done for it. */
  synchronized void delete(Trigger trigger) throws IOException {
    keep(List.of(), Set.of(trigger.number()));
  }

  /** Titles that some trigger wants held at all sites. */
  public synchronized Set<String> wantedTitles() {
    Set<String> titles = new TreeSet<>();
    for (Trigger trigger : triggers.values()) {
      if (trigger.state() != TriggerState.CANCELLED) {
        titles.addAll(trigger.work().titles());
      }
    }
    return titles;
  }

  /** Whether one may still change by itself. Does not wait. */
  public boolean hasOpen() {
    return open;
  }

  /** Whether there is something that the appliance has not reported on. Does not wait. */
  public boolean hasOrders(ApplianceId appliance) {
    for (Trigger trigger : orders) {
      if (trigger.waitsFor(appliance)) {
        return true;
      }
    }
    return false;
  }

  /** All that the appliance has not reported on. */
  public ApplianceOrders orders(ApplianceId appliance) {
    return new ApplianceOrders(
        appliance,
        orders.stream()
            .filter(trigger -> trigger.waitsFor(appliance))
            .map(
                it -> new ApplianceOrders.Order(it.number(), it.work().files(), it.work().purges()))
            .toList());
  }

  /** Notes what an appliance did; what is not known, or known already, is passed over. */
  public synchronized void take(OrdersReport report) throws IOException {
    List<Trigger> changed = new ArrayList<>();
    for (OrdersReport.Result result : report.results()) {
      Trigger trigger = triggers.get(result.number());
      if (trigger != null && trigger.waitsFor(report.appliance())) {
        String problem = result.problem();
        changed.add(trigger.done(report.appliance(), problem));
      }
    }
    keep(changed, Set.of());
  }

  /**
   * Looks how each trigger stands. To be called when a plan was made, when an appliance told what
   * it holds, and when one reported on orders.
   *
   * @param live whether enough appliances hold all of a title
   */
  public synchronized void review(FleetSnapshot fleet, Predicate<String> live) throws IOException {
    List<Trigger> changed = new ArrayList<>();
    Instant now = wall.instant();
    for (Trigger trigger : triggers.values()) {
      TriggerState next = isOpen(trigger) ? next(trigger, fleet, live) : trigger.state();
      if (next != trigger.state()) {
        changed.add(trigger.in(next, now));
      }
    }
    keep(changed, Set.of());
  }

  private static TriggerState next(Trigger trigger, FleetSnapshot fleet, Predicate<String> live) {
    if (!trigger.work().titles().isEmpty() && !trigger.work().titles().stream().allMatch(live)) {
      return TriggerState.ACTIVE;
    }
    List<Member> waitedFor =
        fleet.members().stream().filter(member -> trigger.waitsFor(member.id())).toList();
    if (trigger.work().isOrder() && (fleet.members().isEmpty() || !waitedFor.isEmpty())) {
      boolean alive = fleet.members().isEmpty() || waitedFor.stream().anyMatch(Member::alive);
      return alive ? TriggerState.ACTIVE : TriggerState.PROCESSED;
    }
    return outcome(trigger.work().errors().isEmpty() && trigger.problems().isEmpty());
  }

  private static TriggerState outcome(boolean well) {
    return well ? TriggerState.COMPLETE : TriggerState.FAILED;
  }

  private void expire() throws IOException {
    Instant oldest = wall.instant().minus(config.keep());
    Set<Long> gone = new TreeSet<>();
    for (Trigger trigger : triggers.values()) {
      Instant ended = trigger.ended();
      if (ended != null && ended.isBefore(oldest)) {
        gone.add(trigger.number());
      }
    }
    keep(List.of(), gone);
  }

  /** How long the status of a trigger that ended is kept. */
  Duration kept() {
    return config.keep();
  }

  private void keep(List<Trigger> changed, Set<Long> gone) throws IOException {
    if (changed.isEmpty() && gone.isEmpty()) {
      return;
    }
    Set<Long> numbers = new TreeSet<>(triggers.keySet());
    changed.forEach(trigger -> numbers.add(trigger.number()));
    numbers.removeAll(gone);
    store.write(
        connection -> {
          StateStore.keep(connection, INDEX, Wire.write(new Index(last, numbers)));
          for (Trigger trigger : changed) {
            StateStore.keep(connection, document(trigger.number()), Wire.write(trigger));
          }
          for (long number : gone) {
            StateStore.drop(connection, document(number));
          }
          return numbers.size();
        });
    changed.forEach(trigger -> triggers.put(trigger.number(), trigger));
    gone.forEach(triggers::remove);
    refresh();
  }

  private void refresh() {
    orders = triggers.values().stream().filter(trigger -> trigger.work().isOrder()).toList();
    open = triggers.values().stream().anyMatch(TriggerBook::isOpen);
  }

  private static boolean isOpen(Trigger trigger) {
    return !trigger.state().isEnded() || trigger.state() == TriggerState.PROCESSED;
  }

  private static String document(long number) {
    return "trigger." + number;
  }
}
