package oca.fill.publish;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import oca.fill.fleet.FleetSnapshot;
import oca.fill.fleet.FleetSnapshot.Member;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.SiteId;
import oca.protocol.CatalogEntry;
import oca.protocol.FillManifest;
import oca.protocol.FillManifest.Entry;
import oca.protocol.FillManifest.FillWindow;
import org.jspecify.annotations.Nullable;

/**
 * What is to be held, made into manifests: from whom each file is fetched, and at what rate. The
 * same orders are drafted again when the fleet is another one.
 */
public final class Drafts {
  /** Nobody under a cap gets less than this part of what the one with most to fetch gets. */
  private static final double LEAST_WEIGHT = 0.01;

  /** A master takes longer than its cap says: it serves, waits for others, fetches from afar. */
  private static final double SLOWER = 2;

  private final FleetSnapshot fleet;
  private final URI originBase;
  private final FlowRules rules;
  private final Set<String> avoided;

  /**
   * Drafts for one state of the fleet.
   *
   * @param originBase a file is at this URI followed by its path; ends with a slash
   * @param avoided host and port of those who are not to be asked
   */
  public Drafts(FleetSnapshot fleet, URI originBase, FlowRules rules, Set<String> avoided) {
    this.fleet = fleet;
    this.originBase = originBase;
    this.rules = rules;
    this.avoided = Set.copyOf(avoided);
  }

  /**
   * One file to hold.
   *
   * @param due when it must be there; null when that does not matter
   */
  public record Wanted(CatalogEntry file, @Nullable Instant due) {}

  /**
   * What one appliance is to hold.
   *
   * @param files most valuable first
   */
  public record Order(Member member, FillWindow window, List<Wanted> files) {
    public Order {
      files = List.copyOf(files);
    }
  }

  /** The manifests, with the version 0. */
  public List<FillManifest> of(List<Order> orders) {
    Map<ApplianceId, Set<String>> placed = new HashMap<>();
    for (Order order : orders) {
      Set<String> titles = placed.computeIfAbsent(order.member().id(), _ -> new HashSet<>());
      order.files().forEach(wanted -> titles.add(wanted.file().title()));
    }
    SourceRanker ranker = new SourceRanker(fleet, placed, originBase, rules, avoided);
    Map<ApplianceId, Long> outside = new HashMap<>();
    Map<SiteId, Map<ContentId, Duration>> needs = new HashMap<>();
    for (Order order : orders) {
      look(
          order,
          ranker,
          outside,
          needs.computeIfAbsent(order.member().site(), _ -> new HashMap<>()));
    }
    Map<ApplianceId, Double> rates = outsideRates(orders, outside);
    List<FillManifest> drafts = new ArrayList<>();
    for (Order order : orders) {
      Member member = order.member();
      Map<ContentId, Duration> here = needs.getOrDefault(member.site(), Map.of());
      List<Entry> entries = new ArrayList<>();
      for (Wanted wanted : order.files()) {
        Duration masterNeeds = here.getOrDefault(wanted.file().id(), Duration.ZERO);
        entries.add(
            new Entry(
                wanted.file(), ranker.sources(member, wanted.file(), masterNeeds), wanted.due()));
      }
      Double rate = rates.get(member.id());
      drafts.add(
          new FillManifest(
              member.id(),
              0,
              order.window(),
              rules.caps().appliance(),
              rate == null ? null : Math.max(1, rate.longValue()),
              entries));
    }
    return drafts;
  }

  /** What it fetches from outside, and how long until each file that it fetches for its site. */
  private void look(
      Order order,
      SourceRanker ranker,
      Map<ApplianceId, Long> outside,
      Map<ContentId, Duration> needs) {
    Member member = order.member();
    long ahead = 0;
    long fromOutside = 0;
    for (Wanted wanted : order.files()) {
      CatalogEntry file = wanted.file();
      if (!member.held().contains(file.id())) {
        ahead += file.length();
        if (ranker.isFirstMaster(member, file)) {
          fromOutside += file.length();
          double seconds = SLOWER * ahead / rules.caps().appliance();
          needs.put(file.id(), Duration.ofSeconds(Math.round(seconds)));
        }
      }
    }
    outside.put(member.id(), fromOutside);
  }

  /** Shares of the caps of sites and links, for those under one. */
  private Map<ApplianceId, Double> outsideRates(
      List<Order> orders, Map<ApplianceId, Long> outside) {
    double most = outside.values().stream().mapToLong(Long::longValue).max().orElse(0);
    List<Allotment.Limit<ApplianceId>> limits = new ArrayList<>();
    Set<ApplianceId> bound = new HashSet<>();
    for (FlowRules.Bound link : rules.caps().bounds()) {
      Set<ApplianceId> under =
          orders.stream()
              .map(Order::member)
              .filter(it -> link.sites().contains(it.site()))
              .map(Member::id)
              .collect(Collectors.toSet());
      limits.add(new Allotment.Limit<>(under, link.rate()));
      bound.addAll(under);
    }
    List<Allotment.Claim<ApplianceId>> claims =
        orders.stream()
            .map(order -> order.member().id())
            .filter(bound::contains)
            .map(
                id ->
                    new Allotment.Claim<>(
                        id,
                        Math.max(outside.getOrDefault(id, 0L), Math.max(1, most * LEAST_WEIGHT)),
                        rules.caps().appliance()))
            .toList();
    return Allotment.of(claims, limits);
  }
}
