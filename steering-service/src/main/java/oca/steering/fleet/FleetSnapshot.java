package oca.steering.fleet;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;
import oca.model.ApplianceId;
import org.jspecify.annotations.Nullable;

/**
 * The fleet at one moment: members in the order of their names, what they hold, and how leases are
 * judged. Immutable; one volatile read gives a reader a consistent whole.
 */
public final class FleetSnapshot {
  private final Liveness liveness;
  private final Member[] byNumber;
  private final int[] order;
  private final Roster roster;
  private final Holders holders;
  private final Freeze freeze;

  private FleetSnapshot(
      Liveness liveness,
      Member[] byNumber,
      int[] order,
      Roster roster,
      Holders holders,
      Freeze freeze) {
    this.liveness = liveness;
    this.byNumber = byNumber;
    this.order = order;
    this.roster = roster;
    this.holders = holders;
    this.freeze = freeze;
  }

  /** Before the first heartbeat. */
  static FleetSnapshot empty(Liveness liveness, Holders holders) {
    return new FleetSnapshot(
        liveness, new Member[0], new int[0], Roster.EMPTY, holders, Freeze.NONE);
  }

  /** Everybody ever heard of, alive or not, in the order of their names. */
  public List<Member> members() {
    return new InOrder(byNumber, order);
  }

  /** Where each of them stands: the same object until somebody comes or moves. */
  public Roster roster() {
    return roster;
  }

  /** Who holds what. */
  public Holders holders() {
    return holders;
  }

  /** Whether leases are let run out; an alert when not. */
  public Freeze freeze() {
    return freeze;
  }

  /** The member of that name; null when it was never heard of. */
  public @Nullable Member member(ApplianceId id) {
    int at = position(id.value());
    return at < 0 ? null : byNumber[order[at]];
  }

  /** The member that players know by that pathway now; null when there is none. */
  public @Nullable Member ofPathway(String pathway) {
    int dot = pathway.indexOf('.');
    String name = dot < 0 ? pathway : pathway.substring(0, dot);
    int at = position(name);
    Member member = at < 0 ? null : byNumber[order[at]];
    return member != null && member.pathway().equals(pathway) ? member : null;
  }

  /** The member of that number, as in a {@link HolderSet}; null when there is none. */
  public @Nullable Member member(int number) {
    return number >= 0 && number < byNumber.length ? byNumber[number] : null;
  }

  /**
   * How a member stands.
   *
   * @param nowNanos on the clock that noted the heartbeats
   */
  public Standing standing(Member member, long nowNanos) {
    return liveness.standing(member, freeze, nowNanos);
  }

  /**
   * The highest rung on which anybody stands; {@link Standing#GONE} of an empty fleet. Goes through
   * all members.
   */
  public Standing best(long nowNanos) {
    Standing best = Standing.GONE;
    for (Member member : byNumber) {
      Standing standing = standing(member, nowNanos);
      best = standing.compareTo(best) < 0 ? standing : best;
    }
    return best;
  }

  /** With what is now known of a member, old or new; a new one has the next free number. */
  FleetSnapshot with(Member member) {
    int number = member.number();
    Roster now = roster.with(number, member.site());
    if (number < byNumber.length) {
      Member[] changed = byNumber.clone();
      changed[number] = member;
      return new FleetSnapshot(liveness, changed, order, now, holders, freeze);
    }
    Member[] more = Arrays.copyOf(byNumber, number + 1);
    more[number] = member;
    int at = -position(member.id().value()) - 1;
    int[] longer = new int[order.length + 1];
    System.arraycopy(order, 0, longer, 0, at);
    longer[at] = number;
    System.arraycopy(order, at, longer, at + 1, order.length - at);
    return new FleetSnapshot(liveness, more, longer, now, holders, freeze);
  }

  FleetSnapshot with(Holders changed) {
    return changed.equals(holders)
        ? this
        : new FleetSnapshot(liveness, byNumber, order, roster, changed, freeze);
  }

  FleetSnapshot with(Freeze changed) {
    return changed.equals(freeze)
        ? this
        : new FleetSnapshot(liveness, byNumber, order, roster, holders, changed);
  }

  /** Where the member is in the order, or {@code -(where it would go) - 1}. */
  private int position(String name) {
    int low = 0;
    int high = order.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int compared = byNumber[order[middle]].id().value().compareTo(name);
      if (compared == 0) {
        return middle;
      }
      if (compared < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -low - 1;
  }

  private static final class InOrder extends AbstractList<Member> implements RandomAccess {
    private final Member[] byNumber;
    private final int[] order;

    InOrder(Member[] byNumber, int[] order) {
      this.byNumber = byNumber;
      this.order = order;
    }

    @Override
    public Member get(int index) {
      return byNumber[order[index]];
    }

    @Override
    public int size() {
      return order.length;
    }
  }
}
