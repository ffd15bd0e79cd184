package oca.steering.rank;

import java.util.Arrays;
import java.util.List;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.Position;
import oca.steering.fleet.FleetSnapshot;
import oca.steering.fleet.HolderSet;
import oca.steering.fleet.Holders;
import oca.steering.fleet.Liveness;
import oca.steering.fleet.Member;
import oca.steering.fleet.Standing;
import oca.steering.rank.Places.View;
import oca.steering.routes.ForwardingTable.Match;
import org.jspecify.annotations.Nullable;

/**
 * One ask with all that its answer depends on, and the judgement of any one member by it. The
 * answer and its explanation both go by what stands here. Immutable.
 */
final class Question {
  /** A smaller share than this would never be heard of again. */
  private static final double LEAST_SHARE = 0.001;

  private static final int NOBODY = -1;
  private static final HolderSet[] UNKNOWN_FILES = {};

  private final Rules rules;
  private final Grounds grounds;
  private final Endpoint origin;
  private final @Nullable Match match;
  private final @Nullable Position viewer;
  private final Ask ask;
  private final FleetSnapshot fleet;
  private final Shares shares;
  private final long nowNanos;
  private final int[] homes;
  private final @Nullable View view;
  private final HolderSet[] sets;
  private final long slowStartNanos;
  private final int current;

  Question(
      Rules rules,
      Places places,
      Grounds grounds,
      Endpoint origin,
      @Nullable Match match,
      @Nullable Position viewer,
      Ask ask,
      FleetSnapshot fleet,
      Shares shares,
      long nowNanos) {
    this.rules = rules;
    this.grounds = grounds;
    this.origin = origin;
    this.match = match;
    this.viewer = viewer;
    this.ask = ask;
    this.fleet = fleet;
    this.shares = shares;
    this.nowNanos = nowNanos;
    this.homes = places.homes(match, viewer);
    this.view = homes.length == 0 ? null : places.view(homes[0]);
    this.sets = sets(fleet.holders(), ask.files());
    this.slowStartNanos = rules.slowStart().toNanos();
    Member used = ask.current() == null ? null : fleet.member(ask.current());
    this.current = used == null ? NOBODY : used.number();
  }

  Rules rules() {
    return rules;
  }

  Grounds grounds() {
    return grounds;
  }

  Endpoint origin() {
    return origin;
  }

  @Nullable Match match() {
    return match;
  }

  @Nullable Position viewer() {
    return viewer;
  }

  Ask ask() {
    return ask;
  }

  FleetSnapshot fleet() {
    return fleet;
  }

  Shares shares() {
    return shares;
  }

  long nowNanos() {
    return nowNanos;
  }

  /** The home sites, the first one first, then by distance from it; empty when there is none. */
  int[] homes() {
    return homes;
  }

  /** How the first home site sees the others; null when there is no home. */
  @Nullable View view() {
    return view;
  }

  /** Whether it is among the home sites. */
  boolean isHome(int site) {
    for (int home : homes) {
      if (home == site) {
        return true;
      }
    }
    return false;
  }

  /** Of the sets of holders that a member must be in, the smallest; nobody for an unknown title. */
  HolderSet fewest() {
    return sets.length == 0 ? HolderSet.NONE : sets[0];
  }

  /** Whether the member of that number holds every file asked for. */
  boolean holds(int number) {
    for (HolderSet set : sets) {
      if (!set.has(number)) {
        return false;
      }
    }
    return sets.length > 0 && fleet.holders().of(number) != null;
  }

  Standing standing(Member member) {
    return fleet.standing(member, nowNanos);
  }

  /** The first thing that speaks against the member; null when nothing does. */
  @Nullable Reason fault(Member member, Standing standing) {
    if (standing == Standing.GONE) {
      return Reason.LEASE_EXPIRED;
    }
    if (member.health().fault() != null) {
      return Reason.UNHEALTHY;
    }
    if (member.health().draining()) {
      return Reason.DRAINING;
    }
    // The floor is there to keep new viewers away; those there would only crowd the others.
    if (member.health().headroom() < rules.headroomFloor() && !isCurrent(member)) {
      return Reason.NO_HEADROOM;
    }
    if (grounds.siteOf(member.number()) == Places.UNKNOWN) {
      return Reason.UNKNOWN_SITE;
    }
    if (homes.length == 0) {
      return Reason.NO_ROUTE;
    }
    if (ask.form() == Ask.Form.PATHWAYS && member.endpoint().port() != origin.port()) {
      return Reason.OTHER_PORT;
    }
    if (sets.length == 0) {
      return Reason.UNKNOWN_TITLE;
    }
    if (holds(member.number())) {
      return null;
    }
    return isFilling(member) ? Reason.FILLING : Reason.NOT_HELD;
  }

  /** What is left to it by its players; above 0, to 1. */
  double share(Member member) {
    double share = shares.of(member.number());
    return share >= LEAST_SHARE ? Math.min(share, 1) : LEAST_SHARE;
  }

  /** 0 for one that was started this moment, growing to 1. */
  double warmth(Member member) {
    long age = nowNanos - member.risenNanos();
    return age >= slowStartNanos ? 1 : Math.max(0, age / (double) slowStartNanos);
  }

  /**
   * Whether a newcomer's equals are to take this viewer. Where viewers are spread that is a matter
   * of chance; where they are kept together the newcomer takes over one key after the other. Who
   * uses it already keeps it.
   *
   * @param spread see {@link #isSpread}
   */
  boolean isHeldBack(Member member, boolean spread) {
    double warmth = warmth(member);
    if (warmth >= 1 || isCurrent(member)) {
      return false;
    }
    long draw =
        spread ? ask.draw() : Rendezvous.hash(ask.key()) ^ Rendezvous.hash(member.id().value());
    return Chance.of(draw, Chance.WARMTH + member.number()) >= warmth;
  }

  boolean isCurrent(Member member) {
    return member.number() == current;
  }

  /** Whether so many of a site hold what is asked for that viewers are spread over them. */
  boolean isSpread(int site, int holders) {
    return holders > rules.spread() * grounds.at(site).length;
  }

  /** The same for the site of a member. */
  boolean isSpread(Member member) {
    int site = grounds.siteOf(member.number());
    int holders = 0;
    for (int number : grounds.at(site)) {
      holders += holds(number) ? 1 : 0;
    }
    return isSpread(site, holders);
  }

  /** 1 for the first site, 2 for the next and so on; 0 when it is not known. */
  int place(Member member) {
    int site = grounds.siteOf(member.number());
    if (view == null || site == Places.UNKNOWN) {
      return 0;
    }
    boolean home = isHome(site);
    int rank = view.rank()[site];
    int place = home ? 1 : 1 + rank;
    for (int other : homes) {
      // A home that is nearer is before it in any case, one that is farther only because it is one.
      boolean nearer = view.rank()[other] < rank;
      place += home == nearer ? 1 : 0;
    }
    return place;
  }

  /** Sites are looked at in ascending order of this: homes first, all by distance. */
  int order(int site) {
    if (view == null) {
      throw new IllegalStateException("there is no order without a home");
    }
    return isHome(site) ? view.rank()[site] : view.rank().length + view.rank()[site];
  }

  /** From the viewer's home to a member at a known place. */
  double kilometres(Member member) {
    return view == null ? 0 : view.kilometres()[grounds.siteOf(member.number())];
  }

  long ageNanos(Member member) {
    return Liveness.ageNanos(member, nowNanos);
  }

  /** Whether a file asked for is on its way in there. */
  boolean isFilling(Member member) {
    List<ContentId> filling = member.heartbeat().filling();
    if (filling.isEmpty()) {
      return false;
    }
    for (ContentId file : ask.files()) {
      if (filling.contains(file)) {
        return true;
      }
    }
    return false;
  }

  /** The files' sets of holders, each different one once, a smallest one first. */
  private static HolderSet[] sets(Holders holders, List<ContentId> files) {
    if (files.isEmpty()) {
      return UNKNOWN_FILES;
    }
    HolderSet[] sets = new HolderSet[Math.min(files.size(), 4)];
    int count = 0;
    for (int i = 0; i < files.size(); i++) {
      HolderSet set = holders.holders(files.get(i));
      // The files of a title are mostly placed together, and then share one object.
      if (count > 0 && set.equals(sets[count - 1])) {
        continue;
      }
      if (count == sets.length) {
        sets = Arrays.copyOf(sets, Math.min(files.size(), count * 2));
      }
      sets[count++] = set;
      if (set.size() < sets[0].size()) {
        sets[count - 1] = sets[0];
        sets[0] = set;
      }
    }
    return count == sets.length ? sets : Arrays.copyOf(sets, count);
  }
}
