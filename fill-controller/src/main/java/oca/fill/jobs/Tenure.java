package oca.fill.jobs;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import oca.fill.jobs.Look.Tenant;
import oca.model.ApplianceId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which slots are ours, and when to say so again.
 *
 * <p>A dead controller's slots are taken by whoever sees it first, however many that makes; who has
 * more than its share lays the rest down at its next look, and only who has less takes those. Under
 * the engine's lock but for {@link #lookSoon}.
 */
final class Tenure {
  private static final Logger log = LoggerFactory.getLogger(Tenure.class);

  private final String owner;
  private final String address;
  private final EngineSettings settings;
  private final JobStore store;
  private final Courier courier;
  private final LongSupplier nanoTime;
  private final EngineCounts counts;
  private final Map<Integer, Slot> slots = new TreeMap<>();
  private Look newest = new Look(0, List.of());
  private volatile boolean lookWanted;
  private boolean uncertain = true;
  private int room = Lease.SLOTS;
  private long beatAt;
  private long nextBeat;
  private long nextLook;
  private long nextCheck;
  private int checked = -1;
  private long planSeen;

  Tenure(
      String owner,
      String address,
      EngineSettings settings,
      JobStore store,
      Courier courier,
      LongSupplier nanoTime,
      EngineCounts counts) {
    this.owner = owner;
    this.address = address;
    this.settings = settings;
    this.store = store;
    this.courier = courier;
    this.nanoTime = nanoTime;
    this.counts = counts;
    long now = nanoTime.getAsLong();
    this.beatAt = now;
    this.nextBeat = now;
    this.nextLook = now;
    this.nextCheck = now + settings.check().toNanos();
  }

  void join() throws IOException {
    store.join(owner, address, settings.lease());
    Look look = look();
    // What is loaded from here on has these plans in it.
    planSeen = look.plan();
    room = share(look);
  }

  /** Renews if that is due; slots that are gained by it are not {@link Slot#loaded} yet. */
  void beat(Function<ApplianceId, CircuitBreaker> breakers) throws IOException {
    long now = nanoTime.getAsLong();
    if (now - nextBeat < 0 && !uncertain) {
      return;
    }
    // After a pause longer than the lease as many may be ours, but others.
    boolean late = now - beatAt >= settings.lease().toNanos();
    int expected = uncertain || late ? -1 : slots.size();
    uncertain = true;
    Optional<List<Lease>> held = store.beat(owner, address, settings.lease(), expected, room);
    uncertain = false;
    beatAt = now;
    nextBeat = now + settings.busyBeat().toNanos();
    held.ifPresent(leases -> adopt(leases, breakers));
  }

  /** A slot whose jobs are to be read still; null when there is none. */
  @Nullable Slot firstUnloaded() {
    return slots.values().stream().filter(slot -> !slot.loaded).findFirst().orElse(null);
  }

  /** Slots whose jobs are to be read still. */
  List<Slot> unloaded(int most) {
    return slots.values().stream().filter(slot -> !slot.loaded).limit(most).toList();
  }

  /** How long until the next beat, which is put off while there is nothing to do. */
  long nanosToBeat(boolean busy) {
    if (lookWanted || uncertain) {
      return 0;
    }
    nextBeat = beatAt + (busy ? settings.busyBeat() : settings.idleBeat()).toNanos();
    return nextBeat - nanoTime.getAsLong();
  }

  boolean isLookDue() {
    return lookWanted || nanoTime.getAsLong() - nextLook >= 0;
  }

  boolean isCheckDue() {
    return nanoTime.getAsLong() - nextCheck >= 0;
  }

  void lookSoon() {
    lookWanted = true;
  }

  /** Has the next tick beat and see what is really ours. */
  void retrySoon() {
    uncertain = true;
  }

  Look look() throws IOException {
    lookWanted = false;
    try {
      newest = store.look();
    } catch (IOException e) {
      lookWanted = true;
      throw e;
    }
    nextLook = nanoTime.getAsLong() + settings.look().toNanos();
    return newest;
  }

  /** Lays down what is more than our share. */
  void balance(Look look) throws IOException {
    int share = share(look);
    if (look.of(owner).size() != slots.size()) {
      uncertain = true;
    }
    layDown(slots.values().stream().skip(share).toList());
    room = Math.max(0, share - slots.size());
  }

  void layDownAll() throws IOException {
    room = 0;
    layDown(List.copyOf(slots.values()));
  }

  private void layDown(List<Slot> surplus) throws IOException {
    if (!surplus.isEmpty()) {
      surplus.forEach(this::drop);
      store.release(owner, surplus.stream().map(slot -> slot.lease.slot()).toList());
    }
  }

  /** Throws the memory of a slot away; the next beat shows whether it is still ours. */
  void doubt(Slot slot) {
    drop(slot);
    uncertain = true;
  }

  @Nullable Slot slotOf(ApplianceId appliance) {
    return slots.get(Lease.slotOf(appliance));
  }

  Collection<Slot> slots() {
    return List.copyOf(slots.values());
  }

  /** The slot whose turn it is to be compared with the book; null when there is none. */
  @Nullable Slot nextToCheck() {
    nextCheck = nanoTime.getAsLong() + settings.check().toNanos();
    Optional<Integer> next = slots.keySet().stream().filter(slot -> slot > checked).findFirst();
    checked = next.orElse(-1);
    return next.map(slots::get).orElse(null);
  }

  /** Whether the book says that the slot is ours, and that there is no plan we have not seen. */
  boolean isCurrent(Slot slot) throws IOException {
    Look look = look();
    return look.plan() == planSeen && look.of(owner).contains(slot.lease);
  }

  long planSeen() {
    return planSeen;
  }

  void planSeen(long plan) {
    planSeen = plan;
  }

  Answer.Elsewhere elsewhere(ApplianceId appliance) {
    int slot = Lease.slotOf(appliance);
    for (Tenant tenant : newest.tenants()) {
      if (!tenant.owner().equals(owner)
          && tenant.leases().stream().anyMatch(lease -> lease.slot() == slot)) {
        return new Answer.Elsewhere(tenant.address());
      }
    }
    lookWanted = true;
    return new Answer.Elsewhere("");
  }

  private void adopt(List<Lease> held, Function<ApplianceId, CircuitBreaker> breakers) {
    Map<Integer, Lease> ours = new TreeMap<>();
    held.forEach(lease -> ours.put(lease.slot(), lease));
    for (Slot slot : slots()) {
      if (!slot.lease.equals(ours.get(slot.lease.slot()))) {
        counts.lost++;
        drop(slot);
      }
    }
    int gained = 0;
    for (Lease lease : ours.values()) {
      if (!slots.containsKey(lease.slot())) {
        slots.put(lease.slot(), new Slot(lease, breakers));
        gained++;
      }
    }
    if (gained > 0) {
      counts.takeovers += gained;
      lookWanted = true;
      log.info("decides for {} of {} slots now", slots.size(), Lease.SLOTS);
    }
  }

  private void drop(Slot slot) {
    if (slots.remove(slot.lease.slot(), slot)) {
      for (Desk desk : slot.desks.values()) {
        if (desk.waiting != null) {
          courier.moved(desk.id);
        }
      }
    }
  }

  private static int share(Look look) {
    int tenants = Math.max(1, look.tenants().size());
    return (Lease.SLOTS + tenants - 1) / tenants;
  }
}
