package oca.fill.placement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import oca.fill.placement.Placement.Decision;
import oca.fill.placement.Placement.Share;
import oca.fill.placement.PlacementPlanner.Room;
import oca.fill.placement.PlacementPlanner.Rules;
import oca.model.ApplianceId;
import oca.model.SiteId;

/**
 * Places titles on the appliances of one site.
 *
 * <p>A title's popularity {@code p} is the bytes expected to be asked for by the bytes stored. Its
 * copies compete one by one: the first {@code minCopies} at {@code p}, the n-th further one at
 * {@code p / (n + 1)}, since that is how many plays each copy then serves (the d'Hondt divisors). A
 * copy that is in place already competes at {@code hysteresis} times that. The best copy goes to
 * the appliance with the best rendezvous score that has room and has not got the title, and so on
 * down to the titles that nobody is expected to ask for, which are last whatever their size and get
 * one copy.
 *
 * <p>When a second or later copy finds no room, no title gets that many copies any more: otherwise
 * a less popular title might end with more copies than a more popular one, having its first copy
 * elsewhere by luck of the hash. First copies go on to be tried, for smaller titles may fit.
 */
final class SiteRound {
  /** Less than this a day, in bytes, counts as nobody asking. */
  static final double FAINT_BYTES = 1024;

  /** A title as this site sees it. */
  record Candidate(String title, long bytes, double expectedBytes) {
    double popularity() {
      return expectedBytes / Math.max(1, bytes);
    }

    boolean isFaint() {
      return expectedBytes < FAINT_BYTES;
    }
  }

  /** The {@code number}-th copy, from 1, of a title. */
  private record Copy(Candidate of, int number, double key) {}

  private static final Comparator<Copy> BEST_FIRST =
      Comparator.comparing((Copy copy) -> copy.of().isFaint())
          .thenComparing(Comparator.comparingDouble(Copy::key).reversed())
          .thenComparingLong(copy -> copy.of().bytes())
          .thenComparing(copy -> copy.of().title())
          .thenComparingInt(Copy::number);

  private final Rules rules;
  private final SiteId site;
  private final List<Room> rooms;
  private final Map<ApplianceId, Set<String>> incumbents;
  private final Map<ApplianceId, Long> free = new HashMap<>();
  private final Map<ApplianceId, List<String>> titles = new LinkedHashMap<>();
  private final Map<String, List<ApplianceId>> holders = new HashMap<>();
  private final List<Decision> decisions = new ArrayList<>();

  SiteRound(Rules rules, SiteId site, List<Room> rooms, Map<ApplianceId, Set<String>> incumbents) {
    this.rules = rules;
    this.site = site;
    this.rooms = rooms;
    this.incumbents = incumbents;
    for (Room room : rooms) {
      free.put(room.appliance(), usable(room));
      titles.put(room.appliance(), new ArrayList<>());
    }
  }

  /** Places all candidates; once per round. */
  void place(List<Candidate> candidates) {
    double plays = candidates.stream().mapToDouble(Candidate::popularity).sum();
    List<Copy> copies = new ArrayList<>();
    Map<String, Integer> wanted = new HashMap<>();
    for (Candidate candidate : candidates) {
      int number = wanted(candidate, plays);
      wanted.put(candidate.title(), number);
      for (int n = 1; n <= number; n++) {
        copies.add(new Copy(candidate, n, key(candidate, n)));
      }
    }
    copies.sort(BEST_FIRST);
    assign(copies);
    int rank = 0;
    for (Copy copy : copies) {
      if (copy.number() == 1) {
        rank++;
        decisions.add(decision(copy.of(), rank, wanted.getOrDefault(copy.of().title(), 0)));
      }
    }
  }

  List<Decision> decisions() {
    return decisions;
  }

  List<Share> shares() {
    List<Share> shares = new ArrayList<>();
    for (Room room : rooms) {
      ApplianceId id = room.appliance();
      long usable = usable(room);
      shares.add(
          new Share(
              id,
              site,
              usable,
              usable - free.getOrDefault(id, 0L),
              titles.getOrDefault(id, List.of())));
    }
    return shares;
  }

  private void assign(List<Copy> copies) {
    int mostCopies = Integer.MAX_VALUE;
    for (Copy copy : copies) {
      String title = copy.of().title();
      boolean earlierPlaced = holders.getOrDefault(title, List.of()).size() == copy.number() - 1;
      if (!earlierPlaced || copy.number() > mostCopies) {
        continue;
      }
      if (!assign(copy.of()) && copy.number() > 1) {
        mostCopies = copy.number() - 1;
      }
    }
  }

  private boolean assign(Candidate candidate) {
    List<ApplianceId> have = holders.computeIfAbsent(candidate.title(), _ -> new ArrayList<>());
    for (Room room : order(candidate.title())) {
      ApplianceId id = room.appliance();
      long left = free.getOrDefault(id, 0L) - candidate.bytes();
      if (left >= 0 && !have.contains(id)) {
        free.put(id, left);
        have.add(id);
        titles.computeIfAbsent(id, _ -> new ArrayList<>()).add(candidate.title());
        return true;
      }
    }
    return false;
  }

  /** By rendezvous, weighted by capacity; who holds it already counts for more. */
  private List<Room> order(String title) {
    return RendezvousHash.order(
        title,
        rooms,
        room -> room.appliance().value(),
        room -> usable(room) * (holds(room, title) ? rules.hysteresis() : 1));
  }

  private int wanted(Candidate candidate, double plays) {
    if (candidate.isFaint()) {
      return 1;
    }
    double share = plays > 0 ? candidate.popularity() / plays : 0;
    int wanted = rules.copiesWanted(share, rooms.size());
    int withAdvantage = rules.copiesWanted(share * rules.hysteresis(), rooms.size());
    return Math.max(wanted, Math.min(copiesBefore(candidate.title()), withAdvantage));
  }

  private double key(Candidate candidate, int number) {
    double divisor = Math.max(1, number - rules.minCopies() + 1);
    double advantage = number <= copiesBefore(candidate.title()) ? rules.hysteresis() : 1;
    return candidate.popularity() * advantage / divisor;
  }

  private Decision decision(Candidate candidate, int rank, int wanted) {
    List<ApplianceId> have = holders.getOrDefault(candidate.title(), List.of());
    int before = copiesBefore(candidate.title());
    return new Decision(
        candidate.title(),
        site,
        rank,
        candidate.popularity(),
        candidate.expectedBytes(),
        wanted,
        before,
        have,
        reason(candidate, have.size(), wanted, before));
  }

  private Reason reason(Candidate candidate, int copies, int wanted, int before) {
    if (copies == 0) {
      boolean fitsNowhere = rooms.stream().allMatch(room -> candidate.bytes() > usable(room));
      return fitsNowhere ? Reason.TOO_LARGE : Reason.NO_ROOM;
    }
    if (copies < wanted) {
      return Reason.COPIES_CUT;
    }
    if (candidate.isFaint()) {
      return Reason.FILLS_ROOM;
    }
    return before > 0 ? Reason.KEPT : Reason.POPULAR;
  }

  private int copiesBefore(String title) {
    return (int) rooms.stream().filter(room -> holds(room, title)).count();
  }

  private boolean holds(Room room, String title) {
    return incumbents.getOrDefault(room.appliance(), Set.of()).contains(title);
  }

  private long usable(Room room) {
    return (long) Math.floor(Math.max(0, room.capacityBytes()) * (1 - rules.reserve()));
  }
}
