package oca.fill.publish;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import oca.fill.fleet.FleetSnapshot;
import oca.fill.fleet.FleetSnapshot.Member;
import oca.fill.placement.RendezvousHash;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.SiteId;
import oca.protocol.CatalogEntry;
import oca.protocol.FillManifest.Source;
import oca.protocol.FillManifest.Tier;

/**
 * From where an appliance fetches a file, and how long it waits before it asks farther away.
 *
 * <p>Those of a site that are to hold a file stand in a line, by weighted rendezvous hashing. The
 * first of them are its masters: they ask peers that hold it, then other sites, then the origin, at
 * once. Each of the others asks peers that hold it, then the one in the line that it takes blocks
 * from (the line is a tree, so that nobody gives to more than {@code fanout}), then those above
 * that, up to the master; only after a while other sites, and later the origin. The farther down
 * the line, the longer, so that one goes first and the others take from it. A master that dies is
 * no longer in the line, and the next is master by the next manifest.
 *
 * <p>Left out are appliances that are away, report a fault, or are said to send wrong bytes. Peers
 * with little headroom come last among equals, and a rendezvous hash of file and asker decides the
 * rest, so that a crowd of askers does not descend on one. The origin is last, and always there.
 */
public final class SourceRanker {
  /** The most peers that are named for one file. */
  static final int MAX_PEERS = 8;

  /** The most appliances of other sites that are named for one file. */
  static final int MAX_SITES = 2;

  private static final int MAX_HOLDERS = 3;
  private static final int NEXT_IN_LINE = 3;
  private static final double LITTLE_HEADROOM = 0.1;

  private final Map<SiteId, List<Member>> usable = new TreeMap<>();
  private final Map<ApplianceId, Set<String>> placed;
  private final URI originBase;
  private final FlowRules rules;
  private final Map<SiteId, Map<String, List<Member>>> toHold = new HashMap<>();

  /** Who holds a file whole, by site; worked out when a file is first asked for. */
  private final Map<ContentId, SortedMap<SiteId, List<Member>>> holding = new HashMap<>();

  /** From which sites it costs a site something else than the usual. */
  private final Map<SiteId, List<SiteId>> unusual = new HashMap<>();

  /**
   * Ranks by one state of the fleet and one placement.
   *
   * @param placed titles that each appliance is to hold
   * @param originBase a file is at this URI followed by its path; ends with a slash
   * @param avoided host and port of those who are not to be asked
   */
  public SourceRanker(
      FleetSnapshot fleet,
      Map<ApplianceId, Set<String>> placed,
      URI originBase,
      FlowRules rules,
      Set<String> avoided) {
    this.placed = placed;
    this.originBase = originBase;
    this.rules = rules;
    for (FlowRules.Way way : rules.costs().keySet()) {
      unusual.computeIfAbsent(way.to(), _ -> new ArrayList<>()).add(way.from());
    }
    for (Member member : fleet.alive()) {
      if (member.health().fault() == null && !avoided.contains(member.endpoint().toString())) {
        usable.computeIfAbsent(member.site(), _ -> new ArrayList<>()).add(member);
      }
    }
  }

  /**
   * The sources for {@code asker}, one or more, none of them its own.
   *
   * @param masterNeeds how long the site's first master needs until it has fetched the file
   */
  public List<Source> sources(Member asker, CatalogEntry file, Duration masterNeeds) {
    List<Member> line = line(asker.site(), file);
    int place = place(line, asker);
    boolean master = place < rules.masters();
    List<Source> sources = new ArrayList<>();
    for (Member peer : peers(asker, file, line, place)) {
      sources.add(source(peer, file, Tier.PEER, Duration.ZERO));
    }
    List<Member> hops = hops(asker, file);
    Duration needs = master ? Duration.ZERO : masterNeeds;
    Duration step = rules.step().multipliedBy(Math.clamp(place - rules.masters(), 0, NEXT_IN_LINE));
    Duration siteAfter = master ? Duration.ZERO : rules.siteAfter().plus(needs).plus(step);
    Set<Member> others = new LinkedHashSet<>(elsewhere(asker, file));
    others.addAll(hops);
    others.stream()
        .limit(MAX_SITES)
        .forEach(other -> sources.add(source(other, file, Tier.SITE, siteAfter)));
    Duration originAfter = rules.originAfter().plus(needs).plus(step);
    sources.add(
        new Source(
            URI.create(originBase + file.path()),
            Tier.ORIGIN,
            millis(master && hops.isEmpty() ? Duration.ZERO : originAfter)));
    return sources;
  }

  /** Whether {@code asker} is the first to fetch the file for its site. */
  boolean isFirstMaster(Member asker, CatalogEntry file) {
    List<Member> line = line(asker.site(), file);
    return !line.isEmpty() && line.getFirst().id().equals(asker.id());
  }

  private List<Member> line(SiteId site, CatalogEntry file) {
    List<Member> those =
        toHold
            .computeIfAbsent(site, _ -> new HashMap<>())
            .computeIfAbsent(
                file.title(),
                title ->
                    at(site).stream()
                        .filter(it -> placed.getOrDefault(it.id(), Set.of()).contains(title))
                        .toList());
    return those.size() < 2
        ? those
        : RendezvousHash.order(
            file.path(), those, it -> it.id().value(), it -> Math.max(1, it.capacityBytes()));
  }

  private static int place(List<Member> line, Member asker) {
    for (int i = 0; i < line.size(); i++) {
      if (line.get(i).id().equals(asker.id())) {
        return i;
      }
    }
    return line.size();
  }

  private Set<Member> peers(Member asker, CatalogEntry file, List<Member> line, int place) {
    Set<Member> peers = new LinkedHashSet<>();
    holders(asker, file, asker.site()).stream().limit(MAX_HOLDERS).forEach(peers::add);
    if (place < rules.masters()) {
      // Blocks that a master before it had given on before it died are with those after it.
      line.stream().skip(place + 1L).limit(NEXT_IN_LINE).forEach(peers::add);
      return peers;
    }
    for (int above = place; above >= rules.masters(); ) {
      above = (above - rules.masters()) / rules.fanout();
      peers.add(line.get(above));
    }
    if (place > rules.masters() && rules.masters() < line.size()) {
      peers.add(line.get(rules.masters()));
    }
    Set<Member> some = new LinkedHashSet<>();
    peers.stream().limit(MAX_PEERS).forEach(some::add);
    return some;
  }

  /** Who holds the file whole at a site, those with headroom first. */
  private List<Member> holders(Member asker, CatalogEntry file, SiteId site) {
    List<Member> holders =
        holding(file).getOrDefault(site, List.of()).stream()
            .filter(it -> !it.id().equals(asker.id()))
            .toList();
    if (holders.size() < 2) {
      return holders;
    }
    List<Member> ordered =
        new ArrayList<>(
            RendezvousHash.order(
                file.path() + " " + asker.id(), holders, it -> it.id().value(), _ -> 1));
    ordered.sort(Comparator.comparing((Member it) -> it.health().headroom() < LITTLE_HEADROOM));
    return ordered;
  }

  /** Who holds it at other sites, the cheapest first, as many as are named. */
  private List<Member> elsewhere(Member asker, CatalogEntry file) {
    SortedMap<SiteId, List<Member>> sites = holding(file);
    List<SiteId> priced = unusual.getOrDefault(asker.site(), List.of());
    Set<SiteId> those = new TreeSet<>(priced);
    those.retainAll(sites.keySet());
    // All others cost the same, and are in the order of their names.
    int others = 0;
    for (SiteId site : sites.keySet()) {
      if (others == MAX_SITES) {
        break;
      }
      if (!site.equals(asker.site()) && !priced.contains(site)) {
        those.add(site);
        others++;
      }
    }
    List<Member> holders = new ArrayList<>();
    those.stream()
        .filter(site -> !site.equals(asker.site()))
        .sorted(Comparator.comparingDouble(site -> rules.cost(site, asker.site())))
        .limit(MAX_SITES)
        .forEach(site -> holders.addAll(holders(asker, file, site)));
    return holders;
  }

  private SortedMap<SiteId, List<Member>> holding(CatalogEntry file) {
    return holding.computeIfAbsent(
        file.id(),
        id -> {
          SortedMap<SiteId, List<Member>> found = new TreeMap<>();
          for (List<Member> site : usable.values()) {
            for (Member member : site) {
              if (member.held().contains(id)) {
                found.computeIfAbsent(member.site(), _ -> new ArrayList<>()).add(member);
              }
            }
          }
          return found;
        });
  }

  /** Who is to hold it at the sites that are asked before the origin. */
  private List<Member> hops(Member asker, CatalogEntry file) {
    return rules.hops().getOrDefault(asker.site(), List.of()).stream()
        .flatMap(site -> line(site, file).stream().limit(1))
        .toList();
  }

  private List<Member> at(SiteId site) {
    return usable.getOrDefault(site, List.of());
  }

  private static Source source(Member at, CatalogEntry file, Tier tier, Duration after) {
    return new Source(at.endpoint().http(file.path()), tier, millis(after));
  }

  private static long millis(Duration after) {
    return after.compareTo(Source.MOST_AFTER) > 0 ? Source.MOST_AFTER.toMillis() : after.toMillis();
  }
}
