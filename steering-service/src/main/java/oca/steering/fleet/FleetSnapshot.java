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
  /** A heartbeat copies one chunk and the list of chunks, not the fleet. */
  private static final int CHUNK_BITS = 7;

  private static final int CHUNK = 1 << CHUNK_BITS;

  private final Liveness liveness;
  private final Member[][] chunks;
  private final int size;
  private final int[] order;
  private final Roster roster;
  private final Holders holders;
  private final Freeze freeze;

  private FleetSnapshot(
      Liveness liveness,
      Member[][] chunks,
      int size,
      int[] order,
      Roster roster,
      Holders holders,
      Freeze freeze) {
    this.liveness = liveness;
    this.chunks = chunks;
    this.size = size;
    this.order = order;
    this.roster = roster;
    this.holders = holders;
    this.freeze = freeze;
  }

  /** One that was put together from what was written of it; takes {@code order}. */
  static FleetSnapshot rebuilt(
      Liveness liveness,
      Member[] byNumber,
      int[] order,
      Roster roster,
      Holders holders,
      Freeze freeze) {
    Member[][] chunks = new Member[(byNumber.length + CHUNK - 1) >>> CHUNK_BITS][];
    for (int i = 0; i < chunks.length; i++) {
      int from = i << CHUNK_BITS;
      chunks[i] = Arrays.copyOfRange(byNumber, from, Math.min(byNumber.length, from + CHUNK));
    }
    return new FleetSnapshot(liveness, chunks, byNumber.length, order, roster, holders, freeze);
  }

  /** Before the first heartbeat. */
  static FleetSnapshot empty(Liveness liveness, Holders holders) {
    return new FleetSnapshot(
        liveness, new Member[0][], 0, new int[0], Roster.EMPTY, holders, Freeze.NONE);
  }

  /** Everybody ever heard of, alive or not, in the order of their names. */
  public List<Member> members() {
    return new InOrder(chunks, order);
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
    return at < 0 ? null : at(chunks, order[at]);
  }

  /** The member that players know by that pathway now; null when there is none. */
  public @Nullable Member ofPathway(String pathway) {
    int dot = pathway.indexOf('.');
    String name = dot < 0 ? pathway : pathway.substring(0, dot);
    int at = position(name);
    Member member = at < 0 ? null : at(chunks, order[at]);
    return member != null && member.pathway().equals(pathway) ? member : null;
  }

  /** The member of that number, as in a {@link HolderSet}; null when there is none. */
  public @Nullable Member member(int number) {
    return number >= 0 && number < size ? at(chunks, number) : null;
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
    for (Member[] chunk : chunks) {
      for (Member member : chunk) {
        Standing standing = standing(member, nowNanos);
        best = standing.compareTo(best) < 0 ? standing : best;
      }
    }
    return best;
  }

  /** With what is now known of a member, old or new; a new one has the next free number. */
  FleetSnapshot with(Member member) {
    int number = member.number();
    Roster now = roster.with(number, member.site());
    int chunk = number >>> CHUNK_BITS;
    Member[][] changed = Arrays.copyOf(chunks, Math.max(chunks.length, chunk + 1));
    Member[] before = chunk < chunks.length ? chunks[chunk] : new Member[0];
    int place = number & (CHUNK - 1);
    changed[chunk] = Arrays.copyOf(before, Math.max(before.length, place + 1));
    changed[chunk][place] = member;
    if (number < size) {
      return new FleetSnapshot(liveness, changed, size, order, now, holders, freeze);
    }
    int at = -position(member.id().value()) - 1;
    int[] longer = new int[order.length + 1];
    System.arraycopy(order, 0, longer, 0, at);
    longer[at] = number;
    System.arraycopy(order, at, longer, at + 1, order.length - at);
    return new FleetSnapshot(liveness, changed, number + 1, longer, now, holders, freeze);
  }

  FleetSnapshot with(Holders changed) {
    return changed.equals(holders)
        ? this
        : new FleetSnapshot(liveness, chunks, size, order, roster, changed, freeze);
  }

  FleetSnapshot with(Liveness changed) {
    return changed.equals(liveness)
        ? this
        : new FleetSnapshot(changed, chunks, size, order, roster, holders, freeze);
  }

  FleetSnapshot with(Freeze changed) {
    return changed.equals(freeze)
        ? this
        : new FleetSnapshot(liveness, chunks, size, order, roster, holders, changed);
  }

  /** Where the member is in the order, or {@code -(where it would go) - 1}. */
  private int position(String name) {
    int low = 0;
    int high = order.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int compared = at(chunks, order[middle]).id().value().compareTo(name);
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

  private static Member at(Member[][] chunks, int number) {
    return chunks[number >>> CHUNK_BITS][number & (CHUNK - 1)];
  }

  private static final class InOrder extends AbstractList<Member> implements RandomAccess {
    private final Member[][] chunks;
    private final int[] order;

    InOrder(Member[][] chunks, int[] order) {
      this.chunks = chunks;
      this.order = order;
    }

    @Override
    public Member get(int index) {
      return at(chunks, order[index]);
    }

    @Override
    public int size() {
      return order.length;
    }
  }
}
