package oca.fill.publish;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import oca.model.SiteId;

/**
 * Who fetches from whom, and how much of each link it may take. Values only; all times in wall
 * time.
 *
 * @param masters of those at a site that are to hold a file, so many fetch it from outside first
 * @param fanout so many others take a file's blocks from each that gets them, 1 or more
 * @param siteAfter how long others ask their peers in vain before they ask another site
 * @param originAfter how long they ask peers and other sites in vain before they ask the origin
 * @param step how much longer each of them waits than the one before it, so that one goes first
 * @param hops for a site, others whose appliances its masters ask before the origin, best first
 * @param costs of taking bytes from another site, by the two sites
 * @param defaultCost of what {@code costs} does not name
 * @param caps what appliances, sites and links may carry
 */
public record FlowRules(
    int masters,
    int fanout,
    Duration siteAfter,
    Duration originAfter,
    Duration step,
    Map<SiteId, List<SiteId>> hops,
    Map<Way, Double> costs,
    double defaultCost,
    Caps caps) {

  public FlowRules {
    hops = Map.copyOf(hops);
    costs = Map.copyOf(costs);
  }

  /** From one site to another. */
  public record Way(SiteId from, SiteId to) {}

  /**
   * What may be carried, in bytes per second of wall time.
   *
   * @param appliance all that one appliance fetches
   * @param bounds what some sites together may fetch from outside of each
   */
  public record Caps(long appliance, List<Bound> bounds) {
    public Caps {
      bounds = List.copyOf(bounds);
    }

    /** The most at which one appliance of a site can be filled from outside. */
    public double rate(SiteId site) {
      return bounds.stream()
          .filter(it -> it.sites().contains(site))
          .mapToLong(Bound::rate)
          .reduce(appliance, Math::min);
    }
  }

  /**
   * A link: a site's own, or one that several share.
   *
   * @param name for operators
   * @param sites that take from outside over it
   * @param rate that they may take together
   */
  public record Bound(String name, Set<SiteId> sites, long rate) {
    public Bound {
      sites = Set.copyOf(sites);
    }
  }

  /** What it costs {@code to} to take bytes from {@code from}. */
  double cost(SiteId from, SiteId to) {
    return costs.getOrDefault(new Way(from, to), defaultCost);
  }
}
