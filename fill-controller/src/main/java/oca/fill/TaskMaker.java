package oca.fill;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import oca.fill.catalog.CatalogView;
import oca.fill.fleet.FleetSnapshot;
import oca.fill.fleet.FleetSnapshot.Member;
import oca.fill.forecast.Forecast;
import oca.fill.placement.PlacementTask;
import oca.fill.placement.PlacementTask.Pin;
import oca.fill.placement.PlacementTask.Region;
import oca.fill.placement.PlacementTask.Room;
import oca.model.ApplianceId;
import oca.model.SiteId;
import oca.protocol.CatalogEntry;
import oca.protocol.FillManifest;

/** Puts catalogue, forecast, fleet and configuration into the form in which they are placed. */
final class TaskMaker {
  private final FillConfig config;
  private final CatalogView view;
  private final Set<String> wanted;

  /** What of the configuration has no effect now. */
  private final Set<String> notes = new TreeSet<>();

  /**
   * A maker.
   *
   * @param wanted titles that content owners want held at all sites, as far as there is room
   */
  TaskMaker(FillConfig config, CatalogView view, Set<String> wanted) {
    this.config = config;
    this.view = view;
    this.wanted = wanted;
  }

  /** Titles that the configuration pins; a plan that has no room for them is none. */
  Set<String> pinnedTitles() {
    Set<String> titles = new TreeSet<>();
    for (PlacementConfig.Pinned pinned : config.placement().pinned()) {
      titles.addAll(pinned.titles());
      pinned.paths().forEach(path -> view.titleOf(path).ifPresent(titles::add));
    }
    return titles;
  }

  List<String> notes() {
    return List.copyOf(notes);
  }

  /** The task; {@code told} is what appliances were told before, also those that were away. */
  PlacementTask task(Forecast forecast, FleetSnapshot fleet, Collection<FillManifest> told) {
    List<Region> regions = new ArrayList<>();
    config.sitesOfRegion().forEach((id, sites) -> regions.add(new Region(id, sites)));
    List<Room> rooms = fleet.alive().stream().map(this::room).toList();
    Map<String, List<CatalogEntry>> titles = view.titles();
    String[] units = titles.keySet().toArray(String[]::new);
    long[] bytes = new long[units.length];
    double[][] expected = new double[regions.size()][units.length];
    for (int unit = 0; unit < units.length; unit++) {
      for (CatalogEntry file : titles.getOrDefault(units[unit], List.of())) {
        bytes[unit] += file.length();
        if (!view.isBlockList(file)) {
          for (int region = 0; region < expected.length; region++) {
            expected[region][unit] += forecast.expectedBytes(file.id(), regions.get(region).id());
          }
        }
      }
    }
    return new PlacementTask(
        config.rules(),
        regions,
        rooms,
        pins(units, rooms),
        units,
        bytes,
        expected,
        incumbents(units, rooms, told));
  }

  private Room room(Member member) {
    PlacementConfig placement = config.placement();
    long capacity = member.capacityBytes();
    long bits = member.health().bitsPerSecondLimit();
    Optional<PlacementConfig.ServerType> type =
        Optional.ofNullable(placement.servers().get(member.id().value()))
            .map(name -> placement.types().get(name))
            .or(
                () ->
                    new TreeMap<>(placement.types())
                        .values().stream().filter(it -> it.fits(capacity, bits)).findFirst());
    double throughput = type.map(it -> it.throughput()).orElse(Math.max(1, bits) / 1e9);
    double storage = type.map(it -> it.storage()).orElse(Math.max(1, capacity) / 1e12);
    return new Room(member.id(), member.site(), capacity, throughput, storage);
  }

  private List<Pin> pins(String[] units, List<Room> rooms) {
    Set<SiteId> manned = new TreeSet<>(rooms.stream().map(Room::site).toList());
    Map<Integer, Map<SiteId, Integer>> copies = new TreeMap<>();
    for (PlacementConfig.Pinned pinned : config.placement().pinned()) {
      Set<SiteId> sites = sites(pinned, manned);
      Set<String> titles = new TreeSet<>(pinned.titles());
      for (String path : pinned.paths()) {
        view.titleOf(path)
            .ifPresentOrElse(
                titles::add, () -> notes.add("pinned but not in the catalogue: " + path));
      }
      for (String title : titles) {
        int unit = Arrays.binarySearch(units, title);
        if (unit < 0) {
          notes.add("pinned but not in the catalogue: " + title);
          continue;
        }
        for (SiteId site : sites) {
          copies
              .computeIfAbsent(unit, _ -> new TreeMap<>())
              .merge(site, pinned.copies(), Math::max);
        }
      }
    }
    for (String title : wanted) {
      int unit = Arrays.binarySearch(units, title);
      if (unit >= 0) {
        Map<SiteId, Integer> at = copies.computeIfAbsent(unit, _ -> new TreeMap<>());
        manned.forEach(site -> at.merge(site, config.live().copies(), Math::max));
      }
    }
    List<Pin> pins = new ArrayList<>();
    copies.forEach((unit, at) -> at.forEach((site, count) -> pins.add(new Pin(unit, site, count))));
    return pins;
  }

  private Set<SiteId> sites(PlacementConfig.Pinned pinned, Set<SiteId> manned) {
    Set<SiteId> named = new TreeSet<>(pinned.sites());
    Map<SiteId, List<SiteId>> byRegion = config.sitesOfRegion();
    pinned.regions().forEach(region -> named.addAll(byRegion.getOrDefault(region, List.of())));
    if (pinned.sites().isEmpty() && pinned.regions().isEmpty()) {
      return manned;
    }
    for (SiteId site : named) {
      if (!manned.contains(site)) {
        notes.add("pinned to the site " + site + ", where no appliance is alive");
      }
    }
    named.retainAll(manned);
    return named;
  }

  private static int[][] incumbents(
      String[] units, List<Room> rooms, Collection<FillManifest> told) {
    int[][] incumbents = new int[rooms.size()][0];
    Map<ApplianceId, Integer> places = new HashMap<>();
    for (int room = 0; room < incumbents.length; room++) {
      places.put(rooms.get(room).appliance(), room);
    }
    for (FillManifest manifest : told) {
      Integer room = places.get(manifest.appliance());
      if (room != null) {
        incumbents[room] =
            manifest.entries().stream()
                .map(entry -> entry.file().title())
                .distinct()
                .mapToInt(title -> Arrays.binarySearch(units, title))
                .filter(unit -> unit >= 0)
                .sorted()
                .toArray();
      }
    }
    return incumbents;
  }
}
