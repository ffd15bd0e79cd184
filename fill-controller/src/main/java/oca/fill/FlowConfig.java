package oca.fill;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import oca.config.ByteSize;
import oca.config.Default;
import oca.config.Live;
import oca.fill.day.FillCalendar;
import oca.fill.day.FillCalendars;
import oca.fill.publish.FlowRules;
import oca.model.SiteId;

/**
 * How bytes flow to where they are to be: who fetches from outside, who waits for whom and how
 * long, what links carry, and when sites may fill.
 *
 * @param masters of those at a site that are to hold a file, so many fetch it from outside first
 * @param fanout so many others take a file's blocks from each that has them
 * @param siteAfter how long the others ask their peers in vain before they ask another site, in
 *     plan time
 * @param originAfter how long they ask peers and other sites in vain before they ask the origin, in
 *     plan time; more than {@code siteAfter}
 * @param step how much longer each of the next three in line waits than the one before it, in plan
 *     time
 * @param distrust how long nobody is sent to an appliance that is said to send wrong bytes, in wall
 *     time
 * @param hops sites that are asked before the origin
 * @param costs of taking bytes from one site to another
 * @param defaultCost of what {@code costs} does not name
 * @param sites what each site may take from outside
 * @param links that several sites share
 * @param windows of some sites; sites that are not named have the window that all others have
 */
public record FlowConfig(
    @Live @Default("1") int masters,
    @Live @Default("2") int fanout,
    @Live @Default("10min") Duration siteAfter,
    @Live @Default("30min") Duration originAfter,
    @Live @Default("10min") Duration step,
    @Default("1h") Duration distrust,
    @Live List<Hop> hops,
    @Live List<Cost> costs,
    @Live @Default("100") double defaultCost,
    @Live List<SiteCap> sites,
    @Live List<Link> links,
    @Live List<SiteWindow> windows) {
  private static final Duration DAY = Duration.ofDays(1);

  public FlowConfig {
    require(masters >= 1 && masters <= 16, "flow.masters must be 1 to 16");
    require(fanout >= 1 && fanout <= 64, "flow.fanout must be 1 to 64");
    require(
        !siteAfter.isNegative() && !step.isNegative() && siteAfter.compareTo(originAfter) < 0,
        "flow.originAfter must be more than flow.siteAfter");
    require(originAfter.compareTo(DAY) <= 0, "flow.originAfter must be 1d at most");
    require(step.compareTo(DAY) <= 0, "flow.step must be 1d at most");
    require(distrust.isPositive(), "flow.distrust must be above zero");
    require(defaultCost >= 0, "flow.defaultCost must be 0 or more");
    Set<SiteId> seen = new HashSet<>();
    for (Hop hop : hops) {
      require(seen.add(hop.site()), "flow.hops names the site " + hop.site() + " twice");
    }
  }

  /**
   * Sites whose appliances the masters of a site ask before the origin.
   *
   * @param site whose masters ask
   * @param from best first
   */
  public record Hop(SiteId site, List<SiteId> from) {
    public Hop {
      require(!from.contains(site), "the site " + site + " is a hop of itself");
    }
  }

  /**
   * What it costs to take bytes from one site to another; the unit is the operator's.
   *
   * @param from the site that gives
   * @param to the site that takes
   * @param cost 0 or more
   */
  public record Cost(SiteId from, SiteId to, double cost) {
    public Cost {
      require(cost >= 0, "the cost from " + from + " to " + to + " must be 0 or more");
    }
  }

  /**
   * What a site may take from outside of it.
   *
   * @param site that takes
   * @param rate per second of wall time, all its appliances together
   */
  public record SiteCap(SiteId site, ByteSize rate) {
    public SiteCap {
      require(rate.bytes() > 0, "the rate of the site " + site + " must be above zero");
    }
  }

  /**
   * A link over which sites take from outside of each.
   *
   * @param name for the log and the calendar
   * @param sites that take over it
   * @param rate per second of wall time, all together
   */
  public record Link(String name, List<SiteId> sites, ByteSize rate) {
    public Link {
      require(rate.bytes() > 0, "the rate of the link " + name + " must be above zero");
      require(!sites.isEmpty(), "the link " + name + " has no sites; name one or more");
    }
  }

  /**
   * A window, in plan time. Sites that are named together start together.
   *
   * @param sites whose window it is
   * @param opens the first moment at which clocks show so much or later
   * @param closes not after {@code opens} means on the next day
   * @param zone of both
   * @param days on which it opens; none means all
   */
  public record SiteWindow(
      List<SiteId> sites, LocalTime opens, LocalTime closes, ZoneId zone, List<DayOfWeek> days) {
    public SiteWindow {
      require(!sites.isEmpty(), "a window of flow.windows names no sites");
    }
  }

  /** When {@code site} may fill. */
  FillCalendars calendars(SiteId site, FillCalendar otherwise) {
    List<FillCalendar> own = new ArrayList<>();
    for (SiteWindow window : windows) {
      if (window.sites().contains(site)) {
        own.add(
            new FillCalendar(
                window.opens(), window.closes(), window.zone(), Set.copyOf(window.days())));
      }
    }
    return new FillCalendars(own.isEmpty() ? List.of(otherwise) : own);
  }

  /**
   * The rules in wall time.
   *
   * @param day how long a day of the plan lasts
   * @param appliance what an appliance may fetch per second
   */
  FlowRules rules(Duration day, long appliance) {
    Map<SiteId, List<SiteId>> before = new HashMap<>();
    hops.forEach(hop -> before.put(hop.site(), hop.from()));
    Map<FlowRules.Way, Double> ways = new HashMap<>();
    costs.forEach(it -> ways.put(new FlowRules.Way(it.from(), it.to()), it.cost()));
    List<FlowRules.Bound> bounds = new ArrayList<>();
    sites.forEach(
        it ->
            bounds.add(
                new FlowRules.Bound(it.site().value(), Set.of(it.site()), it.rate().bytes())));
    links.forEach(
        it ->
            bounds.add(new FlowRules.Bound(it.name(), Set.copyOf(it.sites()), it.rate().bytes())));
    return new FlowRules(
        masters,
        fanout,
        wall(siteAfter, day),
        wall(originAfter, day),
        wall(step, day),
        before,
        ways,
        defaultCost,
        new FlowRules.Caps(appliance, bounds));
  }

  private static Duration wall(Duration plan, Duration day) {
    return Duration.ofMillis(
        Math.round((double) plan.toMillis() * day.toMillis() / DAY.toMillis()));
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
