package oca.steering.fleet;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import oca.model.ContentId;

/**
 * A fleet put together again from what was written of it, for decisions to be made anew. A snapshot
 * of it is good until the next change. For one thread.
 */
public final class RebuiltFleet {
  private final Liveness liveness;
  private final RebuiltHolders holders = new RebuiltHolders();
  private Member[] members = new Member[0];
  private int[] order = new int[0];
  private Roster roster = Roster.EMPTY;
  private Freeze freeze = Freeze.NONE;
  private FleetSnapshot snapshot;
  private int size;
  private boolean changed;
  private boolean reordered;

  /** Nobody yet. */
  public RebuiltFleet(Liveness liveness) {
    this.liveness = liveness;
    this.snapshot = FleetSnapshot.empty(liveness, holders);
  }

  /**
   * A member as it now is; a new one has the next free number.
   *
   * @param told whether it has said what it holds
   * @throws IllegalArgumentException when a number is left out
   */
  public void member(Member member, boolean told) {
    int number = member.number();
    if (number < 0 || number > size) {
      throw new IllegalArgumentException("member " + number + " after " + size + " members");
    }
    if (number == size) {
      members = size == members.length ? Arrays.copyOf(members, 2 * size + 1) : members;
      size++;
      reordered = true;
    } else {
      reordered |= !members[number].id().equals(member.id());
    }
    members[number] = member;
    roster = roster.with(number, member.site());
    holders.tell(number, told);
    changed = true;
  }

  /** How leases are let run out. */
  public void freeze(Freeze now) {
    freeze = now;
    changed = true;
  }

  /** Who holds a file. */
  public void holders(ContentId file, HolderSet set) {
    holders.put(file, set);
  }

  /** The set of those numbers, each below 65,535. */
  public static HolderSet setOf(List<Integer> numbers) {
    HolderSet set = HolderSet.NONE;
    for (int number : numbers) {
      if (number < 0 || number >= HolderSet.NUMBERS) {
        throw new IllegalArgumentException("not a member's number: " + number);
      }
      set = set.has(number) ? set : set.with(number);
    }
    return set;
  }

  /** Everybody put in, by number. */
  public List<Member> members() {
    return List.of(Arrays.copyOf(members, size));
  }

  /** The fleet as it is now. */
  public FleetSnapshot snapshot() {
    if (changed) {
      order = reordered ? inOrder() : order;
      reordered = false;
      Member[] now = Arrays.copyOf(members, size);
      snapshot = FleetSnapshot.rebuilt(liveness, now, order, roster, holders, freeze);
      changed = false;
    }
    return snapshot;
  }

  private int[] inOrder() {
    Integer[] sorted = new Integer[size];
    Arrays.setAll(sorted, i -> i);
    Arrays.sort(sorted, Comparator.comparing((Integer number) -> members[number].id().value()));
    return Arrays.stream(sorted).mapToInt(Integer::intValue).toArray();
  }
}
