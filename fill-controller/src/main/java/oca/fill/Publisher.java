package oca.fill;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import oca.fill.catalog.CatalogView;
import oca.fill.day.DayScale;
import oca.fill.day.FillCalendar;
import oca.fill.fleet.FleetRegistry;
import oca.fill.fleet.FleetSnapshot;
import oca.fill.fleet.FleetSnapshot.Member;
import oca.fill.forecast.Forecast;
import oca.fill.plan.PlanContent;
import oca.fill.publish.Drafts;
import oca.fill.publish.ManifestBook;
import oca.fill.publish.PeerFaults;
import oca.fill.state.StateStore;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.BlockList;
import oca.protocol.CatalogEntry;
import oca.protocol.FillManifest;
import oca.protocol.FillManifest.FillWindow;
import org.jspecify.annotations.Nullable;

/**
 * Turns a plan into manifests and publishes them, and has those in force follow the fleet. Called
 * by one thread at a time.
 */
final class Publisher {
  private final Supplier<FillConfig> config;
  private final DayScale scale;
  private final InstantSource wall;
  private final FleetRegistry fleet;
  private final ManifestBook manifests;
  private final PeerFaults faults;
  private final ReleaseTimes times;
  private final LongSupplier nanoTime;
  private final long startedNanos;

  /** What the manifests in force were drafted by. */
  private List<Object> drafted = List.of();

  /** What sources and rates of one open manifest follow from. */
  private record Standing(
      ApplianceId appliance,
      Endpoint endpoint,
      @Nullable String fault,
      FillWindow window,
      boolean complete) {}

  Publisher(
      Supplier<FillConfig> config,
      InstantSource wall,
      LongSupplier nanoTime,
      FleetRegistry fleet,
      ManifestBook manifests,
      PeerFaults faults,
      ReleaseTimes times) {
    this.config = config;
    this.scale = config.get().scale();
    this.wall = wall;
    this.fleet = fleet;
    this.manifests = manifests;
    this.faults = faults;
    this.times = times;
    this.nanoTime = nanoTime;
    this.startedNanos = nanoTime.getAsLong();
  }

  /** The window that is open now or opens next, in wall time to the millisecond. */
  FillWindow window() {
    return wall(config.get().calendar().at(scale.plan(wall.instant())));
  }

  /** The same for one site. */
  FillWindow window(SiteId site) {
    return wall(config.get().calendars(site).at(scale.plan(wall.instant())));
  }

  /**
   * Publishes a plan.
   *
   * @param also done in the same transaction
   * @return how many manifests differ from those before
   * @throws IOException when they could not be kept; the old ones stay
   */
  int publish(
      PlanContent plan,
      FleetSnapshot snapshot,
      CatalogView view,
      Forecast forecast,
      StateStore.Work<Boolean> also)
      throws IOException {
    int changed = manifests.publish(drafts(plan, snapshot, view, forecast), also);
    drafted = state(snapshot);
    return changed;
  }

  /**
   * Publishes the plan in force again where the fleet is another one since: a master that died is
   * replaced, and rates are shared anew. Does little when nothing has changed. After a start it
   * waits for all who have an open manifest, a lease long: who was not heard yet is not dead.
   *
   * @return how many manifests differ
   */
  int renew() throws IOException {
    FleetSnapshot snapshot = fleet.snapshot();
    List<Object> now = state(snapshot);
    if (now.equals(drafted) || isAwaited(snapshot)) {
      return 0;
    }
    List<Drafts.Order> orders = new ArrayList<>();
    for (Member member : snapshot.alive()) {
      open(member)
          .ifPresent(
              manifest ->
                  orders.add(
                      new Drafts.Order(
                          member,
                          manifest.window(),
                          manifest.entries().stream()
                              .map(it -> new Drafts.Wanted(it.file(), it.due()))
                              .toList())));
    }
    int changed =
        manifests.publish(
            new Drafts(
                    snapshot,
                    config.get().origin().base(),
                    config.get().flowRules(),
                    faults.avoided())
                .of(orders));
    drafted = now;
    return changed;
  }

  /** What a plan would not bring where it belongs by its release, for an operator. */
  List<String> lateness(PlanContent plan, FleetSnapshot snapshot, CatalogView view) {
    return times.notes(plan, snapshot, view, wall.instant(), member -> window(member.site()));
  }

  /** Copies in the manifests in force that cannot be there any more when they are released. */
  int late() {
    return times.late(fleet.snapshot(), manifests, wall.instant()).size();
  }

  /** On when a title is due on an appliance; empty when it is not, or is held. */
  Optional<String> dueSentence(String title, ApplianceId appliance) {
    return fleet.snapshot().members().stream()
        .filter(it -> it.id().equals(appliance))
        .findFirst()
        .flatMap(it -> times.sentence(title, it, manifests.manifest(appliance), wall.instant()));
  }

  private boolean isAwaited(FleetSnapshot snapshot) {
    if (nanoTime.getAsLong() - startedNanos >= config.get().lease().toNanos()) {
      return false;
    }
    Set<ApplianceId> heard = new HashSet<>();
    snapshot.members().forEach(member -> heard.add(member.id()));
    Instant now = wall.instant();
    return manifests.manifests().stream()
        .anyMatch(it -> it.window().isOpen(now) && !heard.contains(it.appliance()));
  }

  /** What sources and rates of the open manifests follow from, but for what is held by whom. */
  private List<Object> state(FleetSnapshot snapshot) {
    boolean capped = !config.get().flowRules().caps().bounds().isEmpty();
    List<Object> state = new ArrayList<>();
    state.add(config.get().hashCode());
    state.add(faults.avoided());
    for (Member member : snapshot.alive()) {
      Optional<FillManifest> manifest = open(member);
      if (manifest.isPresent()) {
        boolean complete =
            capped
                && manifest.get().entries().stream()
                    .allMatch(it -> member.held().contains(it.file().id()));
        state.add(
            new Standing(
                member.id(),
                member.endpoint(),
                member.health().fault(),
                manifest.get().window(),
                complete));
      }
    }
    return state;
  }

  /** The manifest of an appliance whose window is open. */
  private Optional<FillManifest> open(Member member) {
    Instant now = wall.instant();
    return manifests.manifest(member.id()).filter(it -> it.window().isOpen(now));
  }

  private List<FillManifest> drafts(
      PlanContent plan, FleetSnapshot snapshot, CatalogView view, Forecast forecast) {
    Map<ApplianceId, int[]> held = new HashMap<>();
    for (int room = 0; room < plan.held().length; room++) {
      held.put(plan.task().rooms().get(room).appliance(), plan.held()[room]);
    }
    Instant now = wall.instant();
    Map<ContentId, Instant> due = times.due(view, now);
    List<Drafts.Order> orders = new ArrayList<>();
    for (Member member : snapshot.alive()) {
      int[] units = held.get(member.id());
      if (units != null) {
        List<Drafts.Wanted> files = new ArrayList<>();
        for (int unit : units) {
          for (CatalogEntry file : ordered(view, plan.task().units()[unit], forecast)) {
            files.add(new Drafts.Wanted(file, due.get(file.id())));
          }
        }
        orders.add(times.order(member, window(member.site()), files, now));
      }
    }
    return new Drafts(
            snapshot, config.get().origin().base(), config.get().flowRules(), faults.avoided())
        .of(orders);
  }

  /**
   * A title's files, those that are asked for most first, else as the catalogue has them; each
   * block list directly before its file, which cannot be shown while it comes without.
   */
  private List<CatalogEntry> ordered(CatalogView view, String title, Forecast forecast) {
    List<CatalogEntry> files = view.titles().getOrDefault(title, List.of());
    Map<String, CatalogEntry> lists = new HashMap<>();
    files.stream().filter(view::isBlockList).forEach(list -> lists.put(list.path(), list));
    List<CatalogEntry> ordered = new ArrayList<>();
    files.stream()
        .filter(file -> !view.isBlockList(file))
        .sorted(Comparator.comparingDouble((CatalogEntry file) -> plays(file, forecast)).reversed())
        .forEach(
            file -> {
              BlockList blocks = file.blocks();
              CatalogEntry list = blocks == null ? null : lists.remove(blocks.path());
              if (list != null) {
                ordered.add(list);
              }
              ordered.add(file);
            });
    return ordered;
  }

  private double plays(CatalogEntry file, Forecast forecast) {
    ContentId id = file.id();
    return config.get().regions().stream()
            .mapToDouble(region -> forecast.expectedBytes(id, region.id()))
            .sum()
        / Math.max(1, file.length());
  }

  private FillWindow wall(FillCalendar.Window window) {
    return new FillWindow(millis(window.opens()), millis(window.closes()));
  }

  private Instant millis(Instant plan) {
    return scale.wall(plan).truncatedTo(ChronoUnit.MILLIS);
  }
}
