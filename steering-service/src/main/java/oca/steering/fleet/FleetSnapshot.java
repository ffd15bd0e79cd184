package oca.steering.fleet;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import oca.model.ApplianceId;
import org.jspecify.annotations.Nullable;

/**
 * The fleet at one moment: members in the order of their names, and what they hold. Immutable; one
 * volatile read gives a reader a consistent whole.
 */
public final class FleetSnapshot {
  /** Before the first heartbeat. */
  public static final FleetSnapshot EMPTY = new FleetSnapshot(List.of(), Holders.NONE);

  private final List<Member> members;
  private final Holders holders;

  private FleetSnapshot(List<Member> members, Holders holders) {
    this.members = members;
    this.holders = holders;
  }

  /** A snapshot of those members, of which no two have the same name. */
  public static FleetSnapshot of(Collection<Member> members, Holders holders) {
    Map<ApplianceId, Member> sorted = new TreeMap<>();
    for (Member member : members) {
      if (sorted.put(member.id(), member) != null) {
        throw new IllegalArgumentException("two members named " + member.id());
      }
    }
    return new FleetSnapshot(List.copyOf(sorted.values()), holders);
  }

  /** Everybody ever heard of, alive or not, in the order of their names. */
  public List<Member> members() {
    return members;
  }

  /** Who holds what. */
  public Holders holders() {
    return holders;
  }

  /** The member of that name; null when it was never heard of. */
  public @Nullable Member member(ApplianceId id) {
    int at = position(id);
    return at < 0 ? null : members.get(at);
  }

  FleetSnapshot with(Member member) {
    List<Member> changed = new ArrayList<>(members.size() + 1);
    changed.addAll(members);
    int at = position(member.id());
    if (at < 0) {
      changed.add(-at - 1, member);
    } else {
      changed.set(at, member);
    }
    return new FleetSnapshot(List.copyOf(changed), holders);
  }

  FleetSnapshot with(Holders changed) {
    return changed == holders ? this : new FleetSnapshot(members, changed);
  }

  /** Where the member is, or {@code -(where it would go) - 1}. */
  private int position(ApplianceId id) {
    int low = 0;
    int high = members.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = members.get(middle).id().compareTo(id);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -low - 1;
  }
}
