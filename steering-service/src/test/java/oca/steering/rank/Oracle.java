package oca.steering.rank;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import oca.model.Endpoint;
import oca.model.Position;
import oca.model.RendezvousScore;
import oca.model.SiteId;
import oca.steering.fleet.FleetSnapshot;
import oca.steering.fleet.Member;
import oca.steering.fleet.Standing;
import oca.steering.routes.ForwardingTable.Match;
import oca.steering.routes.ForwardingTable.SitePath;
import org.jspecify.annotations.Nullable;

/**
 * The ranking written down from its rules alone, with no thought of speed: everybody is looked at,
 * sorted, grouped and picked from. It shares with the ranker the hash functions, and how a lease
 * stands, which the fleet's tests are about.
 */
final class Oracle {
  private final Map<SiteId, Site> sites;
  private final Rules rules;
  private final Endpoint origin;
  private final double reachKm;
  private final @Nullable Match match;
  private final @Nullable Position viewer;
  private final Ask ask;
  private final FleetSnapshot fleet;
  private final Map<String, Box> boxes;
  private final Shares shares;
  private final long now;
  private final List<SiteId> homes;
  private final Map<String, @Nullable String> faults = new HashMap<>();
  private final Map<SiteId, Boolean> spreads = new HashMap<>();

  Oracle(
      List<Site> sites,
      Rules rules,
      Endpoint origin,
      double reachKm,
      @Nullable Match match,
      @Nullable Position viewer,
      Ask ask,
      FleetSnapshot fleet,
      Map<String, Box> boxes,
      Shares shares,
      long now) {
    this.sites = sites.stream().collect(Collectors.toMap(Site::id, site -> site));
    this.rules = rules;
    this.origin = origin;
    this.reachKm = reachKm;
    this.match = match;
    this.viewer = viewer;
    this.ask = ask;
    this.fleet = fleet;
    this.boxes = boxes;
    this.shares = shares;
    this.now = now;
    this.homes = homes();
    for (Member member : fleet.members()) {
      faults.put(name(member), judged(member));
    }
  }

  /** The names in the answer, best first. */
  List<String> answer() {
    List<Member> inAnswers = new ArrayList<>();
    List<Member> known = new ArrayList<>();
    for (Standing standing : Standing.values()) {
      fleet.members().stream()
          .filter(member -> standing(member) == standing && fault(member) == null)
          .map(Member::site)
          .distinct()
          .sorted(byPlace())
          .forEach(
              site -> (standing.inAnswers() ? inAnswers : known).addAll(order(standing, site)));
    }
    return (inAnswers.isEmpty() ? known : inAnswers)
        .stream().limit(rules.most()).map(Oracle::name).toList();
  }

  /** Everybody's rank, reason and place. */
  Map<String, String> verdicts(List<String> answer) {
    boolean needsKnown = answer.stream().noneMatch(name -> standing(member(name)).inAnswers());
    Map<String, String> verdicts = new TreeMap<>();
    for (Member member : fleet.members()) {
      int rank = answer.indexOf(name(member)) + 1;
      String fault = fault(member);
      String reason;
      if (rank > 0) {
        reason = "CHOSEN";
      } else if (!standing(member).inAnswers() && !needsKnown) {
        reason = "LEASE_EXPIRED";
      } else if (fault != null) {
        reason = fault;
      } else {
        reason = isHeldBack(member) ? "WARMING" : "BEYOND_LIMIT";
      }
      verdicts.put(name(member), rank + " " + reason + " " + place(member.site()));
    }
    return verdicts;
  }

  private int place(SiteId site) {
    return homes.isEmpty()
        ? 0
        : sites.keySet().stream().sorted(byPlace()).toList().indexOf(site) + 1;
  }

  private @Nullable String fault(Member member) {
    return faults.get(name(member));
  }

  private @Nullable String judged(Member member) {
    Box box = box(member);
    boolean holds = box.held().containsAll(ask.files());
    if (standing(member) == Standing.GONE) {
      return "LEASE_EXPIRED";
    } else if (box.fault() != null) {
      return "UNHEALTHY";
    } else if (box.draining()) {
      return "DRAINING";
    } else if (headroom(member) < rules.headroomFloor() && !isCurrent(member)) {
      return "NO_HEADROOM";
    } else if (!sites.containsKey(member.site())) {
      return "UNKNOWN_SITE";
    } else if (homes.isEmpty()) {
      return "NO_ROUTE";
    } else if (ask.form() == Ask.Form.PATHWAYS && box.port() != origin.port()) {
      return "OTHER_PORT";
    } else if (ask.files().isEmpty()) {
      return "UNKNOWN_TITLE";
    } else if (!holds) {
      return ask.files().stream().anyMatch(box.filling()::contains) ? "FILLING" : "NOT_HELD";
    }
    return null;
  }

  /** The order of those who are fit, of one standing and at one site. */
  private List<Member> order(Standing standing, SiteId site) {
    List<Member> fit =
        fleet.members().stream()
            .filter(m -> standing(m) == standing && m.site().equals(site) && fault(m) == null)
            .sorted(Comparator.comparingInt(Member::number))
            .collect(Collectors.toCollection(ArrayList::new));
    if (!fit.stream().allMatch(this::isHeldBack)) {
      fit.removeIf(this::isHeldBack);
    }
    double mean = fit.stream().mapToDouble(this::load).sum() / fit.size();
    double bound = Math.max(mean * rules.bound(), mean + rules.stay()) + 1e-9;
    List<Member> order = new ArrayList<>();
    while (!fit.isEmpty()) {
      Member next =
          isSpread(site)
              ? ofTwo(fit, order.size())
              : fit.stream()
                  .max(
                      Comparator.comparing((Member m) -> load(m) <= bound)
                          .thenComparingDouble(this::score))
                  .orElseThrow();
      Member current = fit.stream().filter(this::isCurrent).findFirst().orElse(null);
      if (order.isEmpty() && current != null && room(next) - room(current) <= rules.stay() + 1e-9) {
        next = current;
      }
      fit.remove(next);
      order.add(next);
    }
    return order;
  }

  private Member ofTwo(List<Member> fit, int pick) {
    Member one = drawn(fit, Chance.of(ask.draw(), 2L * pick));
    Member other = drawn(fit, Chance.of(ask.draw(), 2L * pick + 1));
    return load(other) < load(one) ? other : one;
  }

  private Member drawn(List<Member> fit, double chance) {
    double left = chance * fit.stream().mapToDouble(this::weight).reduce(0, Double::sum);
    for (Member member : fit) {
      left -= weight(member);
      if (left < 0) {
        return member;
      }
    }
    return fit.getLast();
  }

  private double weight(Member member) {
    return box(member).bitsPerSecondLimit() * Math.max(headroom(member), 0.001) * share(member);
  }

  private double score(Member member) {
    long key = RendezvousScore.hash(ask.key());
    long server = RendezvousScore.hash(name(member));
    double weight = Math.max(1, Math.ceil(share(member) * 10));
    return box(member).bitsPerSecondLimit() * RendezvousScore.of(key, server, weight);
  }

  private boolean isHeldBack(Member member) {
    double slowStart = rules.slowStart().toNanos();
    double age = now - member.risenNanos();
    if (age >= slowStart || isCurrent(member)) {
      return false;
    }
    long draw =
        isSpread(member.site())
            ? ask.draw()
            : RendezvousScore.hash(ask.key()) ^ RendezvousScore.hash(name(member));
    return Chance.of(draw, Chance.WARMTH + member.number()) >= age / slowStart;
  }

  private boolean isSpread(SiteId site) {
    return spreads.computeIfAbsent(site, this::spread);
  }

  private boolean spread(SiteId site) {
    List<Member> there = fleet.members().stream().filter(m -> m.site().equals(site)).toList();
    long holders = there.stream().filter(m -> box(m).held().containsAll(ask.files())).count();
    return holders > rules.spread() * there.size();
  }

  private Comparator<SiteId> byPlace() {
    return Comparator.comparing((SiteId site) -> !homes.contains(site))
        .thenComparing(site -> !site.equals(homes.getFirst()))
        .thenComparingDouble(site -> site(homes.getFirst()).kilometresTo(site(site)))
        .thenComparing(site -> site);
  }

  private List<SiteId> homes() {
    Comparator<Site> byDistance =
        Comparator.comparingDouble(
            site -> viewer == null ? 0 : viewer.kilometresTo(site.position()));
    if (match == null) {
      return viewer == null
          ? List.of()
          : sites.values().stream()
              .filter(site -> viewer.kilometresTo(site.position()) <= reachKm)
              .min(byDistance.thenComparing(Site::id))
              .map(site -> List.of(site.id()))
              .orElse(List.of());
    }
    PathOrder best = PathOrder.of(match.paths().getFirst());
    return match.paths().stream()
        .filter(path -> PathOrder.of(path).equals(best))
        .map(SitePath::site)
        .filter(sites::containsKey)
        .map(this::site)
        .sorted(byDistance)
        .map(Site::id)
        .toList();
  }

  private record PathOrder(int asPathLength, long med) {
    static PathOrder of(SitePath path) {
      return new PathOrder(path.attributes().asPathLength(), path.attributes().med());
    }
  }

  private double headroom(Member member) {
    return 1 - box(member).used() / (double) Box.CONNECTIONS;
  }

  private double share(Member member) {
    return Math.clamp(shares.of(member.number()), 0.001, 1);
  }

  private double load(Member member) {
    return (1 - headroom(member)) / share(member);
  }

  private double room(Member member) {
    return headroom(member) * share(member);
  }

  private boolean isCurrent(Member member) {
    return member.id().equals(ask.current());
  }

  private Standing standing(Member member) {
    return fleet.standing(member, now);
  }

  private Site site(SiteId id) {
    return Objects.requireNonNull(sites.get(id));
  }

  private Box box(Member member) {
    return Objects.requireNonNull(boxes.get(name(member)));
  }

  private Member member(String name) {
    return fleet.members().stream().filter(m -> name(m).equals(name)).findFirst().orElseThrow();
  }

  private static String name(Member member) {
    return member.id().value();
  }
}
