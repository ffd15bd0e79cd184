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
import java.util.TreeMap;
import oca.fill.catalog.CatalogBook;
import oca.fill.catalog.CatalogView;
import oca.fill.day.DayScale;
import oca.fill.day.FillCalendar;
import oca.fill.demand.DemandLedger;
import oca.fill.fleet.FleetRegistry;
import oca.fill.fleet.FleetSnapshot;
import oca.fill.fleet.FleetSnapshot.Member;
import oca.fill.forecast.Forecast;
import oca.fill.forecast.Forecaster;
import oca.fill.placement.Placement;
import oca.fill.placement.PlacementPlanner;
import oca.fill.placement.PlacementPlanner.Room;
import oca.fill.placement.PlacementPlanner.Title;
import oca.fill.publish.ManifestBook;
import oca.fill.publish.SourceRanker;
import oca.fill.state.StateStore;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.SiteId;
import oca.protocol.BlockList;
import oca.protocol.CatalogEntry;
import oca.protocol.FillManifest;
import oca.protocol.FillManifest.FillWindow;
import oca.protocol.Wire;

/**
 * Makes one plan: demand to forecast to placement to manifests, published. One at a time.
 *
 * <p>Only living appliances are planned for. One that is away keeps its last manifest, whose window
 * has closed, and gets the next when it is back.
 */
final class PlanMaker {
  private static final String DOCUMENT = "placement";
  private static final String MADE_AT = "plan.made_at_millis";

  /** What came of it. */
  sealed interface Outcome {
    /**
     * A plan was published.
     *
     * @param appliances planned for
     * @param titles in the catalogue
     * @param changedManifests those that differ from before
     * @param window when it is to be carried out
     */
    record Made(int appliances, int titles, int changedManifests, FillWindow window)
        implements Outcome {}

    /** Nothing was done. */
    record NotReady(String why) implements Outcome {}
  }

  private final FillConfig config;
  private final DayScale scale;
  private final FillCalendar calendar;
  private final InstantSource wall;
  private final StateStore store;
  private final CatalogBook catalog;
  private final DemandLedger demand;
  private final FleetRegistry fleet;
  private final ManifestBook manifests;

  private volatile Placement placement;
  private volatile Optional<Instant> madeAt;

  PlanMaker(
      FillConfig config,
      InstantSource wall,
      StateStore store,
      CatalogBook catalog,
      DemandLedger demand,
      FleetRegistry fleet,
      ManifestBook manifests)
      throws IOException {
    this.config = config;
    this.scale = config.scale();
    this.calendar = config.calendar();
    this.wall = wall;
    this.store = store;
    this.catalog = catalog;
    this.demand = demand;
    this.fleet = fleet;
    this.manifests = manifests;
    Optional<byte[]> kept = store.document(DOCUMENT);
    this.placement = kept.isPresent() ? Wire.read(kept.get(), Placement.class) : Placement.NONE;
    long millis = store.read(connection -> StateStore.total(connection, MADE_AT));
    this.madeAt = millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
  }

  /** The placement in force. */
  Placement placement() {
    return placement;
  }

  /** When it was made, wall time. */
  Optional<Instant> madeAt() {
    return madeAt;
  }

  /** The window that is open now or opens next, in wall time to the millisecond. */
  FillWindow window() {
    FillCalendar.Window window = calendar.at(scale.plan(wall.instant()));
    return new FillWindow(millis(window.opens()), millis(window.closes()));
  }

  /**
   * Makes and publishes a plan for the window that is open now or opens next.
   *
   * @throws IOException when the database failed; the plan before stays in force
   */
  synchronized Outcome make() throws IOException {
    CatalogView view = catalog.view();
    FleetSnapshot snapshot = fleet.snapshot();
    if (view.files() == 0) {
      return new Outcome.NotReady("no catalogue with files has come from the origin yet");
    }
    if (snapshot.alive().isEmpty()) {
      return new Outcome.NotReady("no appliance is alive; heartbeats are awaited");
    }
    Instant now = wall.instant();
    Instant planNow = scale.plan(now);
    Forecast forecast = forecast(planNow);
    Placement next =
        new PlacementPlanner(config.rules())
            .plan(titles(view, forecast), rooms(snapshot), config.sitesOfRegion(), incumbents());
    FillWindow window = window();
    int changed = manifests.publish(drafts(next, snapshot, view, forecast, window));
    keep(next, now);
    demand.prune(planNow);
    return new Outcome.Made(next.shares().size(), view.titles().size(), changed, window);
  }

  private Forecast forecast(Instant planNow) throws IOException {
    List<Forecaster.Observation> past =
        demand.history(planNow).stream()
            .map(
                day ->
                    new Forecaster.Observation(
                        day.file(), day.region(), day.daysAgo(), day.bytes()))
            .toList();
    return new Forecaster(config.forecast().smoothing()).forecast(past);
  }

  private List<Title> titles(CatalogView view, Forecast forecast) {
    List<Title> titles = new ArrayList<>();
    view.titles()
        .forEach(
            (name, files) -> {
              Map<SiteId, Double> expected = new TreeMap<>();
              for (FillConfig.Region region : config.regions()) {
                expected.put(
                    region.id(),
                    files.stream()
                        .filter(file -> !view.isBlockList(file))
                        .mapToDouble(file -> forecast.expectedBytes(file.id(), region.id()))
                        .sum());
              }
              titles.add(new Title(name, bytes(files), expected));
            });
    return titles;
  }

  private static long bytes(List<CatalogEntry> files) {
    return files.stream().mapToLong(CatalogEntry::length).sum();
  }

  private static List<Room> rooms(FleetSnapshot snapshot) {
    return snapshot.alive().stream()
        .map(member -> new Room(member.id(), member.site(), member.capacityBytes()))
        .toList();
  }

  /** Whatever was published last counts as placed, also for one that is back from an absence. */
  private Map<ApplianceId, Set<String>> incumbents() {
    Map<ApplianceId, Set<String>> titles = new HashMap<>();
    for (FillManifest manifest : manifests.manifests()) {
      Set<String> held = titles.computeIfAbsent(manifest.appliance(), _ -> new HashSet<>());
      manifest.entries().forEach(entry -> held.add(entry.file().title()));
    }
    return titles;
  }

  private List<FillManifest> drafts(
      Placement next,
      FleetSnapshot snapshot,
      CatalogView view,
      Forecast forecast,
      FillWindow window) {
    Map<ApplianceId, Set<String>> placed = new HashMap<>();
    next.shares().forEach(share -> placed.put(share.appliance(), Set.copyOf(share.titles())));
    SourceRanker ranker = new SourceRanker(snapshot, placed, config.origin().base());
    List<FillManifest> drafts = new ArrayList<>();
    for (Member member : snapshot.alive()) {
      Optional<Placement.Share> share = next.share(member.id());
      if (share.isPresent()) {
        List<FillManifest.Entry> entries = new ArrayList<>();
        for (String title : share.get().titles()) {
          for (CatalogEntry file : ordered(view, title, forecast)) {
            entries.add(new FillManifest.Entry(file, ranker.sources(member, file)));
          }
        }
        drafts.add(new FillManifest(member.id(), 0, window, config.fillRate().bytes(), entries));
      }
    }
    return drafts;
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
    return config.regions().stream()
            .mapToDouble(region -> forecast.expectedBytes(id, region.id()))
            .sum()
        / Math.max(1, file.length());
  }

  private void keep(Placement next, Instant now) throws IOException {
    byte[] json = Wire.write(next);
    store.write(
        connection -> {
          StateStore.keep(connection, DOCUMENT, json);
          StateStore.put(connection, MADE_AT, now.toEpochMilli());
          return true;
        });
    placement = next;
    madeAt = Optional.of(now);
  }

  private Instant millis(Instant plan) {
    return scale.wall(plan).truncatedTo(ChronoUnit.MILLIS);
  }
}
