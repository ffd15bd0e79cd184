package oca.fill;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import oca.fill.catalog.CatalogBook;
import oca.fill.catalog.CatalogView;
import oca.fill.day.DayScale;
import oca.fill.demand.DemandLedger;
import oca.fill.fleet.FleetRegistry;
import oca.fill.fleet.FleetSnapshot;
import oca.fill.placement.Placement;
import oca.fill.placement.PlacementPlanner;
import oca.fill.placement.PlacementTask;
import oca.fill.plan.PlanBook;
import oca.fill.plan.PlanContent;
import oca.fill.plan.PlanDiff;
import oca.fill.plan.PlanHead;
import oca.fill.plan.PlanRefusedException;
import oca.fill.plan.PlanSums;
import oca.fill.publish.ManifestBook;
import oca.fill.state.StateStore;
import oca.model.ApplianceId;
import oca.model.SiteId;
import oca.protocol.FillManifest.FillWindow;

/**
 * Makes plans and puts them in force: demand to forecast to placement to a draft; a draft to
 * manifests, published. One at a time.
 *
 * <p>Only living appliances are planned for. One that is away keeps its last manifest, whose window
 * has closed, and gets the next when it is back.
 */
final class PlanMaker {
  private static final String DECIDED_AT = "plan.made_at_millis";
  private static final Placement NOTHING =
      PlacementPlanner.plan(
          new PlacementTask(
              new PlacementPlanner.Rules(1, 1, 1, 0, 1),
              List.of(),
              List.of(),
              List.of(),
              new String[0],
              new long[0],
              new double[0][],
              new int[0][]));

  /** What came of it. */
  sealed interface Outcome {
    /**
     * A plan is in force.
     *
     * @param version of the plan
     * @param appliances planned for
     * @param titles in the catalogue
     * @param changedManifests those that differ from before
     * @param window when it is to be carried out
     */
    record Made(long version, int appliances, int titles, int changedManifests, FillWindow window)
        implements Outcome {}

    /** A plan was made and waits for an operator. */
    record Held(long version, String why) implements Outcome {}

    /** Nothing was done. */
    record NotReady(String why) implements Outcome {}
  }

  private final Supplier<FillConfig> config;
  private final DayScale scale;
  private final InstantSource wall;
  private final CatalogBook catalog;
  private final DemandLedger demand;
  private final FleetRegistry fleet;
  private final ManifestBook manifests;
  private final PlanBook plans;
  private final Publisher publisher;
  private final ForecastDesk forecasts;
  private final Supplier<Set<String>> wanted;

  /** What owners wanted when the newest plan was made. */
  private volatile Set<String> planned;

  private volatile Optional<Instant> decidedAt;
  private volatile String alert = "";

  /** The window for which nothing more is planned unless an operator asks. */
  private volatile Optional<FillWindow> settled = Optional.empty();

  /** A plan with what takes a while to make of it and is asked for often. */
  private record Known(PlanContent content, Placement placement) {}

  private volatile Optional<Known> newest = Optional.empty();
  private volatile Optional<Known> inForce = Optional.empty();

  PlanMaker(
      Supplier<FillConfig> config,
      InstantSource wall,
      StateStore store,
      CatalogBook catalog,
      DemandLedger demand,
      FleetRegistry fleet,
      ManifestBook manifests,
      PlanBook plans,
      Publisher publisher,
      ForecastDesk forecasts,
      Supplier<Set<String>> wanted)
      throws IOException {
    this.config = config;
    this.scale = config.get().scale();
    this.wall = wall;
    this.catalog = catalog;
    this.demand = demand;
    this.fleet = fleet;
    this.manifests = manifests;
    this.plans = plans;
    this.publisher = publisher;
    this.forecasts = forecasts;
    this.wanted = wanted;
    this.planned = wanted.get();
    long millis = store.read(connection -> StateStore.total(connection, DECIDED_AT));
    this.decidedAt = millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
  }

  PlanBook plans() {
    return plans;
  }

  /** The placement in force; nothing before the first. */
  Placement placement() throws IOException {
    Optional<PlanHead> applied = plans.applied();
    return applied.isEmpty() ? NOTHING : placement(applied.get().version());
  }

  /** The placement of a plan. */
  Placement placement(long version) throws IOException {
    return known(version).placement();
  }

  private Known known(long version) throws IOException {
    for (Optional<Known> candidate : List.of(inForce, newest)) {
      if (candidate.isPresent() && candidate.get().content().version() == version) {
        return candidate.get();
      }
    }
    PlanContent content = plans.plan(version).content();
    Known read = new Known(content, content.placement());
    if (plans.applied().filter(head -> head.version() == version).isPresent()) {
      inForce = Optional.of(read);
    } else {
      newest = Optional.of(read);
    }
    return read;
  }

  /** When a plan last came into force, wall time. */
  Optional<Instant> madeAt() {
    return decidedAt;
  }

  /** Whether content owners want something else than when the newest plan was made. */
  boolean isWantedAnew() {
    return !planned.equals(wanted.get());
  }

  /** Why the newest plan made for a window waits for an operator; empty when none does. */
  String alert() {
    return alert;
  }

  /**
   * Whether the open window is settled: its plan waits for an operator, or an operator went back to
   * the plan before.
   */
  boolean isSettled() {
    return settled.filter(window()::equals).isPresent();
  }

  /** The window that is open now or opens next, in wall time to the millisecond. */
  FillWindow window() {
    return publisher.window();
  }

  /** The same for one site. */
  FillWindow window(SiteId site) {
    return publisher.window(site);
  }

  /** On when a title is due on an appliance; empty when it is not, or is held. */
  Optional<String> dueSentence(String title, ApplianceId appliance) {
    return publisher.dueSentence(title, appliance);
  }

  /** Copies in force that cannot be there any more when they are released. */
  int late() {
    return publisher.late();
  }

  /** Has manifests in force follow the fleet, see {@link Publisher#renew}. */
  synchronized int renew() throws IOException {
    return publisher.renew();
  }

  /**
   * As {@link #make}, unless none is due any more once whoever else makes or applies one is done.
   */
  synchronized Optional<Outcome> makeIf(BooleanSupplier isDue) throws IOException {
    return isDue.getAsBoolean() ? Optional.of(make()) : Optional.empty();
  }

  /**
   * Makes a plan for the window that is open now or opens next, and puts it in force unless it
   * takes too much away or that is not to happen by itself.
   *
   * @throws IOException when the database failed; the plan before stays in force
   */
  synchronized Outcome make() throws IOException {
    Optional<String> missing = missing();
    if (missing.isPresent()) {
      return new Outcome.NotReady(missing.get());
    }
    PlanHead head = draft();
    Optional<String> limit = evictsTooMuch(known(head.version()).content());
    if (limit.isPresent() || !config.get().plans().automatic()) {
      settled = Optional.of(window());
      alert = limit.orElse("plan " + head.version() + " waits: plans.automatic is off");
      return new Outcome.Held(head.version(), alert);
    }
    return apply(head.version(), true);
  }

  /**
   * Makes a draft.
   *
   * @throws PlanRefusedException when there is nothing to plan, or what is pinned finds no room
   */
  synchronized PlanHead draft() throws IOException {
    Optional<String> missing = missing();
    if (missing.isPresent()) {
      throw new PlanRefusedException(409, missing.get());
    }
    CatalogView view = catalog.view();
    Instant now = wall.instant().truncatedTo(ChronoUnit.MILLIS);
    Instant planNow = scale.plan(now);
    Set<String> titles = wanted.get();
    TaskMaker maker = new TaskMaker(config.get(), view, titles);
    PlacementTask task =
        maker.task(forecasts.anew(view, planNow), fleet.snapshot(), manifests.manifests());
    Placement placement = PlacementPlanner.plan(task);
    requireHomes(placement, maker.pinnedTitles());
    PlanContent content = PlanContent.of(plans.next(), now, view.version(), placement);
    List<String> notes = new ArrayList<>(maker.notes());
    notes.addAll(publisher.lateness(content, fleet.snapshot(), view));
    PlanHead head = plans.add(content, PlanSums.of(content), notes);
    newest = Optional.of(new Known(content, placement));
    planned = titles;
    demand.prune(planNow);
    return head;
  }

  /**
   * Puts a plan in force: all manifests and the plans' states in one transaction.
   *
   * @param evict also when it takes more away than {@code plans.maxEvictedShare}
   * @throws PlanRefusedException when there is no such plan, it is not as it was made, is in force,
   *     or takes too much away
   */
  synchronized Outcome.Made apply(long version, boolean evict) throws IOException {
    PlanHead head = plans.head(version);
    if (head.state() == PlanHead.State.APPLIED) {
      throw new PlanRefusedException(409, "plan " + version + " is in force already");
    }
    PlanContent content = content(version);
    if (!evict) {
      Optional<String> limit = evictsTooMuch(content);
      if (limit.isPresent()) {
        throw new PlanRefusedException(409, limit.get());
      }
    }
    return enforce(head, content, plans.applied().map(PlanHead::version).orElse(0L));
  }

  /** The version of the plan in force, 0 for none; waits while one comes into force. */
  synchronized long versionInForce() {
    return plans.applied().map(PlanHead::version).orElse(0L);
  }

  /** Puts the plan in force that was before the one that is. */
  synchronized Outcome.Made rollBack() throws IOException {
    PlanHead applied =
        plans.applied().orElseThrow(() -> new PlanRefusedException(409, "no plan is in force yet"));
    if (applied.before() == 0) {
      throw new PlanRefusedException(
          409, "there was no plan before plan " + applied.version() + "; nothing to roll back to");
    }
    PlanHead head = plans.head(applied.before());
    Outcome.Made made = enforce(head, content(head.version()), head.before());
    settled = Optional.of(window());
    return made;
  }

  /** Without placing it anew, which a plan of another release could not be. */
  private PlanContent content(long version) throws IOException {
    for (Optional<Known> candidate : List.of(inForce, newest)) {
      if (candidate.isPresent() && candidate.get().content().version() == version) {
        return candidate.get().content();
      }
    }
    return plans.plan(version).content();
  }

  /** What a plan may take away without a flag. */
  double maxEvictedShare() {
    return config.get().plans().maxEvictedShare();
  }

  /** What going from one plan to another means; from 0 for nothing anywhere. */
  PlanDiff diff(long from, long to) throws IOException {
    PlanContent before = from == 0 ? null : content(from);
    FillWindow window = window();
    return PlanDiff.between(
        before,
        content(to),
        config.get().fillRate().bytes(),
        Duration.between(window.opens(), window.closes()));
  }

  /** What a plan takes away from appliances, those that lose most first. */
  List<Evictions.Evicted> evictions(long version) throws IOException {
    return evictions(content(version));
  }

  private List<Evictions.Evicted> evictions(PlanContent content) throws IOException {
    Optional<PlanHead> applied = plans.applied();
    Optional<PlanContent> before =
        applied.isEmpty() ? Optional.empty() : Optional.of(content(applied.get().version()));
    return Evictions.of(before, content, manifests);
  }

  private Optional<String> evictsTooMuch(PlanContent content) throws IOException {
    double limit = config.get().plans().maxEvictedShare();
    return evictions(content).stream()
        .filter(worst -> worst.share() > limit)
        .findFirst()
        .map(
            worst ->
                String.format(
                    Locale.ROOT,
                    "plan %d takes %.1f %% of its disk away from %s (%,d bytes) and the limit is"
                        + " %.1f %%; look at it (oca fill diff %d %d) and apply it with --evict,"
                        + " or raise plans.maxEvictedShare",
                    content.version(),
                    100 * worst.share(),
                    worst.appliance(),
                    worst.bytes(),
                    100 * limit,
                    plans.applied().map(PlanHead::version).orElse(0L),
                    content.version()));
  }

  private Optional<String> missing() {
    if (catalog.view().files() == 0) {
      return Optional.of("no catalogue with files has come from the origin yet");
    }
    return fleet.snapshot().alive().isEmpty()
        ? Optional.of("no appliance is alive; heartbeats are awaited")
        : Optional.empty();
  }

  /** What owners want takes what room there is; what the configuration pins must have room. */
  private static void requireHomes(Placement placement, Set<String> pinned)
      throws PlanRefusedException {
    List<Placement.Homeless> homeless =
        placement.homeless().stream().filter(it -> pinned.contains(it.unit())).toList();
    if (!homeless.isEmpty()) {
      Placement.Homeless first = homeless.getFirst();
      throw new PlanRefusedException(
          409,
          String.format(
              Locale.ROOT,
              "%d pinned titles find no room: %s (%,d bytes) lacks %d of its copies at the site %s;"
                  + " pin less in placement.pinned, or add capacity there",
              homeless.size(),
              first.unit(),
              first.bytes(),
              first.missing(),
              first.site()));
    }
  }

  private Outcome.Made enforce(PlanHead head, PlanContent content, long before) throws IOException {
    FleetSnapshot snapshot = fleet.snapshot();
    CatalogView view = catalog.view();
    Instant now = wall.instant();
    FillWindow window = window();
    PlanBook.Step step = plans.applying(head, now.truncatedTo(ChronoUnit.MILLIS), before);
    int changed =
        publisher.publish(
            content,
            snapshot,
            view,
            forecasts.forecast(view, scale.plan(now)),
            connection -> {
              step.write(connection);
              StateStore.put(connection, DECIDED_AT, now.toEpochMilli());
              return true;
            });
    step.done();
    inForce = newest.filter(it -> it.content().version() == head.version());
    decidedAt = Optional.of(now);
    settled = Optional.empty();
    alert = "";
    return new Outcome.Made(
        head.version(), content.held().length, view.titles().size(), changed, window);
  }
}
