package oca.fill;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import oca.fill.placement.PlacementTask;
import oca.fill.placement.PlacementTask.Room;
import oca.fill.plan.PlanContent;
import oca.fill.publish.ManifestBook;
import oca.model.ApplianceId;
import oca.model.SiteId;
import oca.protocol.FillManifest;

/**
 * How much of what appliances were told to hold a plan takes away from them. What was there only
 * because there was room, nobody being expected to ask for it, does not count.
 */
final class Evictions {
  /** Less than this a day, in bytes, counts as nobody asking. */
  private static final double FAINT_BYTES = 1024;

  private Evictions() {}

  /**
   * One appliance.
   *
   * @param share of its capacity
   */
  record Evicted(ApplianceId appliance, long bytes, double share) {}

  /** All appliances of {@code next}, those that lose most first. */
  static List<Evicted> of(Optional<PlanContent> before, PlanContent next, ManifestBook manifests) {
    PlacementTask task = next.task();
    Map<SiteId, double[]> wanted = new HashMap<>();
    List<Evicted> evicted = new ArrayList<>();
    for (int i = 0; i < task.rooms().size(); i++) {
      Room room = task.rooms().get(i);
      Set<String> stays = new HashSet<>();
      for (int unit : next.held()[i]) {
        stays.add(task.units()[unit]);
      }
      double[] demand =
          wanted.computeIfAbsent(
              room.site(),
              site -> before.map(it -> it.task().demandAt(site)).orElse(new double[0]));
      long bytes = 0;
      for (FillManifest.Entry entry :
          manifests.manifest(room.appliance()).map(FillManifest::entries).orElse(List.of())) {
        String title = entry.file().title();
        if (!stays.contains(title) && wasAskedFor(before, demand, title)) {
          bytes += entry.file().length();
        }
      }
      evicted.add(
          new Evicted(room.appliance(), bytes, (double) bytes / Math.max(1, room.capacityBytes())));
    }
    evicted.sort((a, b) -> Double.compare(b.share(), a.share()));
    return evicted;
  }

  private static boolean wasAskedFor(Optional<PlanContent> before, double[] demand, String title) {
    if (before.isEmpty()) {
      return true;
    }
    int unit = Arrays.binarySearch(before.get().task().units(), title);
    return unit < 0 || demand[unit] >= FAINT_BYTES;
  }
}
