package oca.fill.placement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import oca.fill.placement.PlacementPlanner.Rules;
import oca.fill.placement.PlacementTask.Pin;
import oca.fill.placement.PlacementTask.Region;
import oca.fill.placement.PlacementTask.Room;
import oca.model.ApplianceId;
import oca.model.SiteId;

/** Tasks from titles and rooms in any order, as tests like to write them. */
final class Tasks {
  private Tasks() {}

  /** A title with what each region is expected to ask for. */
  record Title(String name, long bytes, Map<SiteId, Double> expectedBytes) {}

  static Placement plan(
      Rules rules,
      List<Title> titles,
      List<Room> rooms,
      Map<SiteId, List<SiteId>> sitesOfRegion,
      Map<ApplianceId, Set<String>> before) {
    return PlacementPlanner.plan(task(rules, titles, rooms, sitesOfRegion, before, List.of()));
  }

  static PlacementTask task(
      Rules rules,
      List<Title> titles,
      List<Room> rooms,
      Map<SiteId, List<SiteId>> sitesOfRegion,
      Map<ApplianceId, Set<String>> before,
      List<Pin> pins) {
    List<Title> sorted = titles.stream().sorted(Comparator.comparing(Title::name)).toList();
    List<Room> byId = rooms.stream().sorted(Comparator.comparing(Room::appliance)).toList();
    List<Region> regions = new ArrayList<>();
    new TreeMap<>(sitesOfRegion).forEach((id, sites) -> regions.add(new Region(id, sites)));
    String[] units = sorted.stream().map(Title::name).toArray(String[]::new);
    double[][] expected = new double[regions.size()][units.length];
    for (int r = 0; r < regions.size(); r++) {
      for (int u = 0; u < units.length; u++) {
        expected[r][u] = sorted.get(u).expectedBytes().getOrDefault(regions.get(r).id(), 0.0);
      }
    }
    int[][] incumbents = new int[byId.size()][];
    for (int i = 0; i < incumbents.length; i++) {
      incumbents[i] =
          before.getOrDefault(byId.get(i).appliance(), Set.of()).stream()
              .mapToInt(name -> Arrays.binarySearch(units, name))
              .filter(unit -> unit >= 0)
              .sorted()
              .toArray();
    }
    return new PlacementTask(
        rules,
        regions,
        byId,
        pins,
        units,
        sorted.stream().mapToLong(Title::bytes).toArray(),
        expected,
        incumbents);
  }
}
