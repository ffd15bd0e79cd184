package oca.fill.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import oca.fill.fleet.FleetSnapshot.Member;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.protocol.Heartbeat;
import oca.protocol.HeartbeatReply;
import oca.protocol.Inventory;

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
      Optional<Inventory> inventory,
      Set<ContentId> held) {

    boolean hasInventory() {
      return inventory.isPresent()
          && inventory.get().bootId().equals(newest.bootId())
          && inventory.get().version() == newest.inventoryVersion();
    }
  }

  /**
   * What was not taken.
   *
   * @param outOfOrder heartbeats older than the newest
   * @param beyondLimit heartbeats of appliances beyond the limit
   * @param strayInventories inventories of a boot or appliance that sent no heartbeat
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
    return new HeartbeatReply(!after.hasInventory());
  }

  /** Takes an inventory; false when it belongs to no current boot, the next heartbeat asks anew. */
  public synchronized boolean take(Inventory inventory) {
    Known known = fleet.get(inventory.appliance());
    if (known == null || !known.newest().bootId().equals(inventory.bootId())) {
      strayInventories++;
      return false;
    }
    fleet.put(
        inventory.appliance(),
        new Known(
            known.newest(),
            known.receivedNanos(),
            known.earlierBoot(),
            Optional.of(
                new Inventory(
                    inventory.appliance(), inventory.bootId(), inventory.version(), List.of())),
            Set.copyOf(inventory.held())));
    return true;
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

  private static Known replace(
      @org.jspecify.annotations.Nullable Known before, Heartbeat heartbeat, long now) {
    if (before == null) {
      return new Known(heartbeat, now, Optional.empty(), Optional.empty(), Set.of());
    }
    if (before.newest().bootId().equals(heartbeat.bootId())) {
      return new Known(heartbeat, now, before.earlierBoot(), before.inventory(), before.held());
    }
    // What it held before the boot is most likely still there; the reply asks for the truth.
    return new Known(
        heartbeat, now, Optional.of(before.newest().bootId()), before.inventory(), before.held());
  }
}
