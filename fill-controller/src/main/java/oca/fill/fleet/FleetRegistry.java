package oca.fill.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import oca.fill.fleet.FleetSnapshot.Member;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.SiteId;
import oca.protocol.Heartbeat;
import oca.protocol.HeartbeatReply;
import oca.protocol.Inventory;
import oca.protocol.InventoryDelta;
import oca.protocol.InventoryDigest;
import org.jspecify.annotations.Nullable;

/**
 * Appliances by their newest heartbeat.
 *
 * <p>Of one boot, a heartbeat whose sequence is not above the newest is dropped and counted. A boot
 * id other than the current one is a new boot, unless it is the one just replaced: a straggler of
 * that is dropped too.
 */
public final class FleetRegistry {
  private record Known(
      Heartbeat newest,
      long receivedNanos,
      Optional<String> earlierBoot,
      Optional<Told> told,
      Set<ContentId> held) {

    /** Whether what it said of this boot is what it has now. */
    boolean hasInventory() {
      return isOfThisBoot()
          && told.get().version() == newest.inventoryVersion()
          && (told.get().whole() || agrees());
    }

    /** The version from which a delta would do; null when none would. */
    @Nullable Long deltaFrom() {
      return isOfThisBoot()
              && newest.inventoryDigest() != null
              && told.get().version() < newest.inventoryVersion()
          ? told.get().version()
          : null;
    }

    boolean agrees() {
      InventoryDigest digest = newest.inventoryDigest();
      return digest == null || (told.isPresent() && digest.equals(told.get().digest()));
    }

    private boolean isOfThisBoot() {
      return told.isPresent() && told.get().bootId().equals(newest.bootId());
    }

    Known with(Told now, Set<ContentId> files) {
      return new Known(newest, receivedNanos, earlierBoot, Optional.of(now), files);
    }
  }

  /**
   * What an appliance said that it holds.
   *
   * @param whole whether it came as a whole: if its digest is not what the sender announced then,
   *     asking again would bring the same
   */
  private record Told(String bootId, long version, InventoryDigest digest, boolean whole) {}

  /**
   * What was not taken.
   *
   * @param outOfOrder heartbeats older than the newest
   * @param beyondLimit heartbeats of appliances beyond the limit
   * @param strayInventories inventories of a boot or appliance that sent no heartbeat, and deltas
   *     that do not start from what is known
   */
  public record Dropped(long outOfOrder, long beyondLimit, long strayInventories) {}

  private final long leaseNanos;
  private final int maxAppliances;
  private final LongSupplier nanoTime;
  private final Map<ApplianceId, Known> fleet = new TreeMap<>();
  private long changedNanos;
  private long outOfOrder;
  private long beyondLimit;
  private long strayInventories;

  /**
   * An empty fleet.
   *
   * @param lease how old the newest heartbeat of a living appliance may be
   * @param maxAppliances heartbeats of more are refused
   * @param nanoTime a monotonic clock
   */
  public FleetRegistry(Duration lease, int maxAppliances, LongSupplier nanoTime) {
    this.leaseNanos = lease.toNanos();
    this.maxAppliances = maxAppliances;
    this.nanoTime = nanoTime;
    this.changedNanos = nanoTime.getAsLong();
  }

  /**
   * Takes a heartbeat.
   *
   * @throws IllegalArgumentException when there are too many appliances
   */
  public synchronized HeartbeatReply take(Heartbeat heartbeat) {
    long now = nanoTime.getAsLong();
    Known before = fleet.get(heartbeat.appliance());
    if (before == null && fleet.size() >= maxAppliances) {
      beyondLimit++;
      throw new IllegalArgumentException(
          "more than " + maxAppliances + " appliances; raise limits.appliances");
    }
    if (before != null && isStale(before, heartbeat)) {
      outOfOrder++;
      return new HeartbeatReply(false);
    }
    if (before == null || !isAlive(before, now)) {
      changedNanos = now;
    }
    Known after = replace(before, heartbeat, now);
    fleet.put(heartbeat.appliance(), after);
    return after.hasInventory()
        ? new HeartbeatReply(false)
        : new HeartbeatReply(true, after.deltaFrom());
  }

  /** Takes an inventory; false when it belongs to no current boot, the next heartbeat asks anew. */
  public synchronized boolean take(Inventory inventory) {
    Known known = fleet.get(inventory.appliance());
    if (known == null || !known.newest().bootId().equals(inventory.bootId())) {
      strayInventories++;
      return false;
    }
    Set<ContentId> held = Set.copyOf(inventory.held());
    Told told = new Told(inventory.bootId(), inventory.version(), InventoryDigest.of(held), true);
    fleet.put(inventory.appliance(), known.with(told, held));
    return true;
  }

  /** Takes what changed; false when it does not start from what is known of its boot. */
  public synchronized boolean take(InventoryDelta delta) {
    Known known = fleet.get(delta.appliance());
    Told before = known == null ? null : known.told().orElse(null);
    if (known == null
        || before == null
        || !known.newest().bootId().equals(delta.bootId())
        || !before.bootId().equals(delta.bootId())
        || before.version() != delta.fromVersion()
        || delta.toVersion() <= delta.fromVersion()) {
      strayInventories++;
      return false;
    }
    Set<ContentId> held = new HashSet<>(known.held());
    InventoryDigest digest = before.digest();
    for (ContentId file : delta.removed()) {
      digest = held.remove(file) ? digest.without(file) : digest;
    }
    for (ContentId file : delta.added()) {
      digest = held.add(file) ? digest.with(file) : digest;
    }
    Told told = new Told(delta.bootId(), delta.toVersion(), digest, false);
    fleet.put(delta.appliance(), known.with(told, Set.copyOf(held)));
    return true;
  }

  /** What an appliance holds, by all that it said; empty when it said nothing yet. */
  public synchronized Optional<Inventory> inventory(ApplianceId appliance) {
    Known known = fleet.get(appliance);
    return known == null
        ? Optional.empty()
        : known
            .told()
            .map(
                it ->
                    new Inventory(appliance, it.bootId(), it.version(), List.copyOf(known.held())));
  }

  /** Where an appliance stands, by its newest heartbeat; empty when it sent none. */
  public synchronized Optional<SiteId> site(ApplianceId appliance) {
    return Optional.ofNullable(fleet.get(appliance)).map(it -> it.newest().site());
  }

  /** The fleet now. */
  public synchronized FleetSnapshot snapshot() {
    long now = nanoTime.getAsLong();
    List<Member> members = new ArrayList<>();
    for (Known known : fleet.values()) {
      Heartbeat newest = known.newest();
      members.add(
          new Member(
              newest.appliance(),
              newest.site(),
              newest.endpoint(),
              isAlive(known, now),
              newest.capacityBytes(),
              known.held(),
              newest.health()));
    }
    return new FleetSnapshot(members);
  }

  /** How long ago an appliance last appeared or came back. */
  public synchronized Duration settledFor() {
    return Duration.ofNanos(nanoTime.getAsLong() - changedNanos);
  }

  /** What was not taken so far. */
  public synchronized Dropped dropped() {
    return new Dropped(outOfOrder, beyondLimit, strayInventories);
  }

  private boolean isAlive(Known known, long now) {
    return now - known.receivedNanos() < leaseNanos;
  }

  private static boolean isStale(Known before, Heartbeat heartbeat) {
    return before.newest().bootId().equals(heartbeat.bootId())
        ? heartbeat.sequence() <= before.newest().sequence()
        : before.earlierBoot().equals(Optional.of(heartbeat.bootId()));
  }

  private static Known replace(@Nullable Known before, Heartbeat heartbeat, long now) {
    if (before == null) {
      return new Known(heartbeat, now, Optional.empty(), Optional.empty(), Set.of());
    }
    if (before.newest().bootId().equals(heartbeat.bootId())) {
      return new Known(heartbeat, now, before.earlierBoot(), before.told(), before.held());
    }
    // What it held before the boot is most likely still there; its digest says so, or the reply
    // asks.
    Known after =
        new Known(
            heartbeat, now, Optional.of(before.newest().bootId()), before.told(), before.held());
    return heartbeat.inventoryDigest() != null && after.agrees() && before.told().isPresent()
        ? after.with(
            new Told(
                heartbeat.bootId(),
                heartbeat.inventoryVersion(),
                before.told().get().digest(),
                before.told().get().whole()),
            before.held())
        : after;
  }
}
