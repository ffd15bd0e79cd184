package oca.fill.plan;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import oca.fill.placement.PlacementTask;
import oca.model.SiteId;

/**
 * What a plan comes to.
 *
 * @param copies placed, over all appliances
 * @param bytes of those copies
 * @param expectedBytes that viewers are expected to ask for a day
 * @param servedBytes of those, what an appliance of the site is to hold
 */
public record PlanSums(long copies, long bytes, double expectedBytes, double servedBytes) {

  /** Adds a plan up. */
  public static PlanSums of(PlanContent content) {
    PlacementTask task = content.task();
    long copies = 0;
    long bytes = 0;
    Map<SiteId, boolean[]> held = new TreeMap<>();
    for (int room = 0; room < content.held().length; room++) {
      boolean[] here =
          held.computeIfAbsent(
              task.rooms().get(room).site(), _ -> new boolean[task.units().length]);
      for (int unit : content.held()[room]) {
        copies++;
        bytes += task.bytes()[unit];
        here[unit] = true;
      }
    }
    double expected = 0;
    double served = 0;
    for (Map.Entry<SiteId, boolean[]> site : held.entrySet()) {
      double[] demand = task.demandAt(site.getKey());
      expected += IntStream.range(0, demand.length).mapToDouble(i -> demand[i]).sum();
      boolean[] here = site.getValue();
      served += IntStream.range(0, demand.length).mapToDouble(i -> here[i] ? demand[i] : 0).sum();
    }
    return new PlanSums(copies, bytes, expected, served);
  }
}
