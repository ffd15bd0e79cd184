package oca.steering.fleet;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import oca.model.ApplianceId;
import oca.protocol.Heartbeat;
import oca.protocol.Inventory;
import oca.steering.fleet.Holders.Holding;

/**
 * Takes in heartbeats and inventories and publishes the {@link FleetSnapshot} that follows.
 *
 * <p>The only writer: whoever delivers a message takes the lock, so that one message after the
 * other is applied; readers read the published snapshot and never wait. Messages may come twice,
 * late or out of order, so each is judged by its boot and sequence first. What was dropped changes
 * nothing; in particular it renews no lease.
 */
public final class HeartbeatIntake {
  /** Former boots remembered per appliance, to know their stragglers from a new start. */
  static final int FORMER_BOOTS = 8;

  /**
   * How much is taken in.
   *
   * @param appliances names ever heard within the life of the process; names are kept, because an
   *     id given to players must never come to mean another host
   * @param filesPerAppliance files in one inventory
   * @param filesInAll files in all inventories together; about 32 bytes each
   */
  public record Limits(int appliances, int filesPerAppliance, long filesInAll) {
    public Limits {
      if (appliances < 1 || filesPerAppliance < 1 || filesInAll < 1) {
        throw new IllegalArgumentException("limits must be above zero");
      }
    }
  }

  /** What only the writer needs to remember of an appliance. */
  private static final class Memory {
    final Deque<String> formerBoots = new ArrayDeque<>();
    String host = "";
    int hosts;

    /** The version of this boot that was too large: not asked for again. */
    Optional<Long> refusedInventory = Optional.empty();
  }

  private final LongSupplier nanoClock;
  private final Limits limits;
  private final String reservedPathway;
  private final ReentrantLock writing = new ReentrantLock();
  private final Map<ApplianceId, Memory> memories = new HashMap<>();
  private final Map<Verdict, LongAdder> heartbeats = counters();
  private final Map<Verdict, LongAdder> inventories = counters();
  private volatile FleetSnapshot snapshot = FleetSnapshot.EMPTY;

  /**
   * An intake that has heard of nobody.
   *
   * @param nanoClock monotonic, the one that readers derive ages with
   * @param reservedPathway a pathway id that no appliance may have: the origin's
   */
  public HeartbeatIntake(LongSupplier nanoClock, Limits limits, String reservedPathway) {
    this.nanoClock = nanoClock;
    this.limits = limits;
    this.reservedPathway = reservedPathway;
  }

  /** The fleet as now known. */
  public FleetSnapshot snapshot() {
    return snapshot;
  }

  /** Judges and, when it is news, applies a heartbeat. */
  public Outcome heartbeat(Heartbeat heartbeat) {
    writing.lock();
    try {
      Verdict verdict = judge(heartbeat);
      if (verdict == Verdict.ACCEPTED) {
        apply(heartbeat);
      }
      count(heartbeats, verdict);
      return new Outcome(verdict, wantsInventory(heartbeat));
    } finally {
      writing.unlock();
    }
  }

  /** Judges and, when it is news, applies an inventory. */
  public Verdict inventory(Inventory inventory) {
    HeldFiles files =
        inventory.held().size() > limits.filesPerAppliance()
            ? HeldFiles.NONE
            : new HeldFiles(inventory.held());
    writing.lock();
    try {
      Verdict verdict = judge(inventory, files);
      if (verdict == Verdict.ACCEPTED) {
        Holding holding = new Holding(inventory.version(), files);
        snapshot = snapshot.with(snapshot.holders().with(inventory.appliance(), holding));
      } else if (verdict == Verdict.TOO_MANY_FILES) {
        memory(inventory.appliance()).refusedInventory = Optional.of(inventory.version());
      }
      count(inventories, verdict);
      return verdict;
    } finally {
      writing.unlock();
    }
  }

  /** Heartbeats with that verdict since the start. */
  public long heartbeats(Verdict verdict) {
    return sum(heartbeats, verdict);
  }

  /** Inventories with that verdict since the start. */
  public long inventories(Verdict verdict) {
    return sum(inventories, verdict);
  }

  private Verdict judge(Heartbeat heartbeat) {
    if (heartbeat.sequence() < 1) {
      return Verdict.MALFORMED;
    }
    Member member = snapshot.member(heartbeat.appliance());
    if (member == null) {
      return memories.size() < limits.appliances() ? Verdict.ACCEPTED : Verdict.TOO_MANY_APPLIANCES;
    }
    Heartbeat newest = member.heartbeat();
    if (!heartbeat.bootId().equals(newest.bootId())) {
      boolean former = memory(heartbeat.appliance()).formerBoots.contains(heartbeat.bootId());
      return former ? Verdict.FORMER_BOOT : Verdict.ACCEPTED;
    }
    int order = Long.compare(heartbeat.sequence(), newest.sequence());
    return order > 0 ? Verdict.ACCEPTED : order == 0 ? Verdict.REPLAYED : Verdict.OVERTAKEN;
  }

  private void apply(Heartbeat heartbeat) {
    ApplianceId id = heartbeat.appliance();
    Memory memory = memory(id);
    FleetSnapshot next = snapshot;
    Member before = next.member(id);
    if (before != null && !before.heartbeat().bootId().equals(heartbeat.bootId())) {
      memory.formerBoots.addLast(before.heartbeat().bootId());
      if (memory.formerBoots.size() > FORMER_BOOTS) {
        memory.formerBoots.removeFirst();
      }
      memory.refusedInventory = Optional.empty();
      next = next.with(next.holders().without(id));
    }
    String pathway = pathway(memory, heartbeat);
    snapshot = next.with(new Member(heartbeat, nanoClock.getAsLong(), pathway));
  }

  private boolean wantsInventory(Heartbeat heartbeat) {
    Member member = snapshot.member(heartbeat.appliance());
    if (member == null || !member.heartbeat().bootId().equals(heartbeat.bootId())) {
      return false;
    }
    long announced = member.heartbeat().inventoryVersion();
    Holding known = snapshot.holders().of(heartbeat.appliance());
    return (known == null || known.version() != announced)
        && !memory(heartbeat.appliance()).refusedInventory.equals(Optional.of(announced));
  }

  private Memory memory(ApplianceId id) {
    return memories.computeIfAbsent(id, _ -> new Memory());
  }

  /** A new id at each change of host, because players remember what an id stood for. */
  private String pathway(Memory memory, Heartbeat heartbeat) {
    String name = heartbeat.appliance().value();
    if (!memory.host.equals(heartbeat.endpoint().host())) {
      memory.host = heartbeat.endpoint().host();
      memory.hosts += memory.hosts == 0 && name.equals(reservedPathway) ? 2 : 1;
    }
    return memory.hosts == 1 ? name : name + "." + memory.hosts;
  }

  private Verdict judge(Inventory inventory, HeldFiles files) {
    Member member = snapshot.member(inventory.appliance());
    if (member == null) {
      return Verdict.NO_HEARTBEAT;
    }
    if (!inventory.bootId().equals(member.heartbeat().bootId())) {
      return memory(inventory.appliance()).formerBoots.contains(inventory.bootId())
          ? Verdict.FORMER_BOOT
          : Verdict.NO_HEARTBEAT;
    }
    Holding known = snapshot.holders().of(inventory.appliance());
    if (known != null && known.version() == inventory.version()) {
      return Verdict.REPLAYED;
    }
    // The version just announced is always right; one not yet announced must be a later one.
    if (known != null
        && inventory.version() != member.heartbeat().inventoryVersion()
        && inventory.version() < known.version()) {
      return Verdict.OVERTAKEN;
    }
    long others = snapshot.holders().files() - (known == null ? 0 : known.files().size());
    return inventory.held().size() > limits.filesPerAppliance()
            || others + files.size() > limits.filesInAll()
        ? Verdict.TOO_MANY_FILES
        : Verdict.ACCEPTED;
  }

  private static Map<Verdict, LongAdder> counters() {
    Map<Verdict, LongAdder> counters = new EnumMap<>(Verdict.class);
    for (Verdict verdict : Verdict.values()) {
      counters.put(verdict, new LongAdder());
    }
    return counters;
  }

  private static void count(Map<Verdict, LongAdder> counters, Verdict verdict) {
    LongAdder counter = counters.get(verdict);
    if (counter != null) {
      counter.increment();
    }
  }

  private static long sum(Map<Verdict, LongAdder> counters, Verdict verdict) {
    LongAdder counter = counters.get(verdict);
    return counter == null ? 0 : counter.sum();
  }
}
