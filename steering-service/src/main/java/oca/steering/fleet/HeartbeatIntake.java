package oca.steering.fleet;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import oca.model.ApplianceId;
import oca.protocol.Heartbeat;
import oca.protocol.Inventory;
import oca.protocol.InventoryDelta;
import oca.protocol.InventoryDigest;
import org.jspecify.annotations.Nullable;

/**
 * Takes in heartbeats and inventories and publishes the {@link FleetSnapshot} that follows.
 *
 * <p>The only writer: whoever delivers a message takes the lock, so that one message after the
 * other is applied; readers read the published snapshot and never wait. An inventory of many files
 * is worked into a copy of the index beside that lock, under one of its own, and the lock is taken
 * only to publish the result: heartbeats go on meanwhile.
 *
 * <p>Messages may come twice, late or out of order, so each is judged by its boot and sequence or
 * version first. What was dropped changes nothing; in particular it renews no lease.
 *
 * <p>A heartbeat names the version and the digest of what its sender holds. Where the digest is
 * that of what the index has, nothing needs to be sent, even after the appliance was started again;
 * where only the version differs, a delta is asked for; where the version is known and the digest
 * differs, somebody has lost count, and the whole inventory is asked for.
 */
public final class HeartbeatIntake {
  /** A hundred years: what is older makes no difference, and would not fit into nanoseconds. */
  private static final long MAX_SILENT_MILLIS = 36_500L * 86_400_000;

  /**
   * How much is taken in.
   *
   * @param appliances names ever heard within the life of the process; names are kept, because an
   *     id given to players must never come to mean another host; below 65,535
   * @param filesPerAppliance files in one inventory
   * @param filesInAll files in all inventories together; 2 bytes each, more where few hold a file
   * @param files different files in all inventories; about 50 bytes each
   * @param inventoriesPerSecond whole inventories asked for; those that would be more are asked for
   *     at a later heartbeat, so that a start does not bring all of them at once
   */
  public record Limits(
      int appliances, int filesPerAppliance, long filesInAll, int files, int inventoriesPerSecond) {
    public Limits {
      if (appliances < 1
          || filesPerAppliance < 1
          || filesInAll < 1
          || files < 1
          || inventoriesPerSecond < 1) {
        throw new IllegalArgumentException("limits must be above zero");
      }
      if (appliances >= HolderSet.NUMBERS) {
        throw new IllegalArgumentException(
            "no more than " + (HolderSet.NUMBERS - 1) + " appliances can be told apart");
      }
    }

    /** Limits with as many different files as there may be in all, up to ten million. */
    public Limits(int appliances, int filesPerAppliance, long filesInAll) {
      this(appliances, filesPerAppliance, filesInAll, (int) Math.min(filesInAll, 10_000_000), 100);
    }
  }

  /** Whether a message about files is news. */
  @FunctionalInterface
  private interface News {
    Verdict judge(Member member, Memory memory, @Nullable Holding known);
  }

  /** Works a message into the index. */
  @FunctionalInterface
  private interface Change {
    Holders apply(Holders holders, int number);
  }

  private final LongSupplier nanoClock;
  private final Limits limits;
  private final Judge judge;
  private final String reservedPathway;
  private Liveness liveness;
  private final LossWatch losses;
  private final long seed;
  private final ReentrantLock writing = new ReentrantLock();
  private final ReentrantLock indexing = new ReentrantLock();
  private final Reindex reindex = new Reindex();
  private final Map<ApplianceId, Memory> memories = new HashMap<>();
  private final VerdictCounts heartbeats = new VerdictCounts();
  private final VerdictCounts inventories = new VerdictCounts();
  private final VerdictCounts deltas = new VerdictCounts();
  private final Map<ApplianceId, Order> orders = new HashMap<>();
  private final LongAdder divergences = new LongAdder();
  private volatile FleetSnapshot snapshot;
  private volatile Predicate<ApplianceId> admitted = _ -> true;
  private long askedSinceNanos;
  private int asked;

  /**
   * An intake that has heard of nobody.
   *
   * @param nanoClock monotonic, the one that readers derive ages with
   * @param reservedPathway a pathway id that no appliance may have: the origin's
   * @param lossRules when nobody is evicted
   * @param seed of the index: a number that senders do not know
   */
  public HeartbeatIntake(
      LongSupplier nanoClock,
      Limits limits,
      String reservedPathway,
      Liveness liveness,
      LossRules lossRules,
      long seed) {
    this.nanoClock = nanoClock;
    this.limits = limits;
    this.judge = new Judge(limits);
    this.reservedPathway = reservedPathway;
    this.liveness = liveness;
    this.losses = new LossWatch(lossRules, liveness);
    this.seed = seed;
    this.snapshot = FleetSnapshot.empty(liveness, Holders.none(seed));
    this.askedSinceNanos = nanoClock.getAsLong();
  }

  /** An intake with the usual leases. */
  public HeartbeatIntake(LongSupplier nanoClock, Limits limits, String reservedPathway) {
    this(nanoClock, limits, reservedPathway, Liveness.DEFAULT, LossRules.DEFAULT, 0);
  }

  /** The fleet as now known. */
  public FleetSnapshot snapshot() {
    return snapshot;
  }

  /** Judges and, when it is news, applies a heartbeat. */
  public Outcome heartbeat(Heartbeat heartbeat) {
    writing.lock();
    try {
      Member before = snapshot.member(heartbeat.appliance());
      Memory memory = before == null ? new Memory() : memory(heartbeat.appliance());
      Verdict verdict =
          admitted.test(heartbeat.appliance())
              ? judge.heartbeat(heartbeat, before, memory, snapshot.members().size())
              : Verdict.UNREGISTERED;
      if (verdict == Verdict.ACCEPTED) {
        apply(heartbeat);
      }
      heartbeats.count(verdict);
      return outcome(verdict, heartbeat);
    } finally {
      writing.unlock();
    }
  }

  /** Takes heartbeats of those only; of all until this is called. */
  public void admitOnly(Predicate<ApplianceId> registered) {
    admitted = registered;
  }

  /**
   * Puts an appliance under an operator's order, in answers at once, or as soon as it is heard. One
   * for each appliance of the registry, which bounds them.
   */
  public void order(ApplianceId id, Order order) {
    writing.lock();
    try {
      if (order == Order.NONE) {
        orders.remove(id);
      } else {
        orders.put(id, order);
      }
      Member member = snapshot.member(id);
      if (member != null && member.order() != order) {
        snapshot = snapshot.with(member.under(order));
      }
    } finally {
      writing.unlock();
    }
  }

  /** Judges and, when it is news, applies an inventory. */
  public Verdict inventory(Inventory inventory) {
    FileBatch held =
        inventory.held().size() > limits.filesPerAppliance()
            ? FileBatch.EMPTY
            : new FileBatch(inventory.held(), seed);
    Verdict verdict =
        index(
            inventory.appliance(),
            inventory.version(),
            (member, memory, known) -> judge.inventory(inventory, member, memory, known),
            (holders, number) -> reindex.replace(holders, number, held));
    if (verdict == Verdict.ACCEPTED) {
      giveUpOnContradiction(inventory);
    }
    inventories.count(verdict);
    return verdict;
  }

  /** Judges and, when it fits what is known, applies a delta. */
  public Verdict delta(InventoryDelta delta) {
    if (delta.fromVersion() >= delta.toVersion()) {
      deltas.count(Verdict.MALFORMED);
      return Verdict.MALFORMED;
    }
    boolean tooMany = judge.isTooLarge(delta);
    FileBatch added = tooMany ? FileBatch.EMPTY : new FileBatch(delta.added(), seed);
    FileBatch removed = tooMany ? FileBatch.EMPTY : new FileBatch(delta.removed(), seed);
    Verdict verdict =
        index(
            delta.appliance(),
            delta.toVersion(),
            (member, memory, known) -> judge.delta(delta, member, memory, known),
            (holders, number) -> reindex.change(holders, number, removed, added));
    deltas.count(verdict);
    return verdict;
  }

  /** Goes by other leases and rules from now on; those of appliances begin when they did. */
  public void goBy(Liveness otherLiveness, LossRules otherRules) {
    writing.lock();
    try {
      liveness = otherLiveness;
      losses.goBy(otherRules, otherLiveness);
      snapshot = snapshot.with(otherLiveness);
    } finally {
      writing.unlock();
    }
  }

  /** Looks whether so many fell silent that nobody is to be evicted. For a watchdog, often. */
  public void tick() {
    writing.lock();
    try {
      FleetSnapshot now = snapshot;
      snapshot = now.with(losses.look(now.members(), now.freeze(), nanoClock.getAsLong()));
    } finally {
      writing.unlock();
    }
  }

  /**
   * Ends a freeze by an operator's word: whoever is silent is gone.
   *
   * @return false when nothing was frozen
   */
  public boolean thaw() {
    writing.lock();
    try {
      boolean frozen = snapshot.freeze().frozen();
      if (frozen) {
        snapshot = snapshot.with(losses.thaw(nanoClock.getAsLong()));
      }
      return frozen;
    } finally {
      writing.unlock();
    }
  }

  /** Heartbeats with that verdict since the start. */
  public long heartbeats(Verdict verdict) {
    return heartbeats.sum(verdict);
  }

  /** Inventories with that verdict since the start. */
  public long inventories(Verdict verdict) {
    return inventories.sum(verdict);
  }

  /** Deltas with that verdict since the start. */
  public long deltas(Verdict verdict) {
    return deltas.sum(verdict);
  }

  /** Heartbeats whose digest was not that of what is known at their version, since the start. */
  public long divergences() {
    return divergences.sum();
  }

  /** Freezes begun since the start. */
  public long freezes() {
    writing.lock();
    try {
      return losses.freezes();
    } finally {
      writing.unlock();
    }
  }

  /** What is to be saved of the fleet, as of {@code now} by the wall clock. */
  public FleetRecord record(Instant now) {
    writing.lock();
    try {
      long nanos = nanoClock.getAsLong();
      List<FleetRecord.Entry> entries = new ArrayList<>();
      FleetSnapshot fleet = snapshot;
      for (int number = 0; number < fleet.members().size(); number++) {
        Member member = Objects.requireNonNull(fleet.member(number));
        Memory memory = memory(member.id());
        entries.add(
            new FleetRecord.Entry(
                member.heartbeat(),
                Liveness.ageNanos(member, nanos) / 1_000_000,
                fleet.standing(member, nanos).inAnswers(),
                member.pathway(),
                memory.hosts(),
                memory.formerBoots(),
                member.order() == Order.NONE ? null : member.order()));
      }
      return new FleetRecord(now, entries);
    } finally {
      writing.unlock();
    }
  }

  /**
   * Begins with a fleet that was saved. Those that were in answers are suspects, whose leases run
   * out when the grace is over; with a grace of one lease whoever was heard just before is as good
   * as alive. The others are as long unheard as they are. Before the first heartbeat only.
   *
   * @param now by the wall clock; one that went back makes nobody younger than when he was saved
   * @param grace how long they have to be heard
   * @return how many of them were in answers
   * @throws IllegalStateException when somebody was heard already
   */
  public int restore(FleetRecord record, Instant now, Duration grace) {
    writing.lock();
    try {
      if (!memories.isEmpty()) {
        throw new IllegalStateException("a saved fleet comes before the first heartbeat");
      }
      long nanos = nanoClock.getAsLong();
      losses.restored(nanos);
      long since = Math.max(0, Duration.between(record.saved(), now).toMillis());
      int inAnswers = 0;
      for (FleetRecord.Entry entry : record.entries()) {
        ApplianceId id = entry.heartbeat().appliance();
        if (memories.containsKey(id) || memories.size() >= limits.appliances()) {
          continue;
        }
        Memory memory = memory(id);
        memory.restore(entry.heartbeat().endpoint().host(), entry.hosts(), entry.formerBoots());
        long silent = Math.max(0, Math.min(entry.silentMillis() + since, MAX_SILENT_MILLIS));
        long heard = nanos - silent * 1_000_000;
        long end = nanos + grace.toNanos();
        long from = entry.inAnswers() ? end - liveness.out().toNanos() : heard;
        int number = snapshot.members().size();
        Order order = entry.order() == null ? Order.NONE : entry.order();
        if (order != Order.NONE) {
          orders.put(id, order);
        }
        snapshot =
            snapshot.with(
                new Member(
                    entry.heartbeat(),
                    heard,
                    entry.pathway(),
                    number,
                    from,
                    entry.inAnswers(),
                    // It was known before the start: whatever it was then, it is no newcomer.
                    heard - MAX_SILENT_MILLIS * 1_000_000,
                    order));
        inAnswers += entry.inAnswers() ? 1 : 0;
      }
      return inAnswers;
    } finally {
      writing.unlock();
    }
  }

  /** All that is known of the fleet as of {@code now} by the wall clock, for another process. */
  public FleetImage image(Instant now) {
    writing.lock();
    try {
      return new FleetImage(record(now), orders, snapshot.holders());
    } finally {
      writing.unlock();
    }
  }

  /** Reads an image for this intake; see {@link FleetImage#read}. */
  public FleetImage readImage(byte[] bytes) throws IOException {
    return FleetImage.read(bytes, limits, seed);
  }

  /**
   * Begins with what another process, or this one before its start, knew: as the other {@code
   * restore}, and with what each member holds.
   *
   * @param image read by this intake
   */
  public int restore(FleetImage image, Instant now, Duration grace) {
    writing.lock();
    try {
      int inAnswers = restore(image.fleet(), now, grace);
      orders.putAll(image.orders());
      snapshot = snapshot.with(image.holders());
      return inAnswers;
    } finally {
      writing.unlock();
    }
  }

  /** Every operator's order, of appliances that were never heard of too. */
  public Map<ApplianceId, Order> orders() {
    writing.lock();
    try {
      return Map.copyOf(orders);
    } finally {
      writing.unlock();
    }
  }

  private void apply(Heartbeat heartbeat) {
    ApplianceId id = heartbeat.appliance();
    Memory memory = memory(id);
    FleetSnapshot next = snapshot;
    Member before = next.member(id);
    int number = before == null ? next.members().size() : before.number();
    if (before != null && !before.heartbeat().bootId().equals(heartbeat.bootId())) {
      memory.startedAgain(before.heartbeat().bootId());
      next = next.with(next.holders().with(number, null));
    }
    String pathway = memory.pathway(id, heartbeat.endpoint().host(), reservedPathway);
    long now = nanoClock.getAsLong();
    Order order = orders.getOrDefault(id, Order.NONE);
    long risen = risen(before, heartbeat, now);
    next = next.with(new Member(heartbeat, now, pathway, number, now, false, risen, order));
    snapshot = next.with(believed(next.holders(), number, heartbeat));
  }

  /**
   * Since when it has been in service. Whoever was not heard for a lease is a newcomer again, for
   * its viewers have left it; one that does not say how long it has been up is new when first
   * heard.
   */
  private long risen(@Nullable Member before, Heartbeat heartbeat, long now) {
    if (before != null && before.heartbeat().bootId().equals(heartbeat.bootId())) {
      return snapshot.standing(before, now).inAnswers() ? before.risenNanos() : now;
    }
    Long up = heartbeat.upMillis();
    return up == null ? now : now - Math.clamp(up, 0, MAX_SILENT_MILLIS) * 1_000_000;
  }

  /** What is indexed counts, whatever it was called before, if its digest is that announced. */
  private static Holders believed(Holders holders, int number, Heartbeat heartbeat) {
    InventoryDigest digest = heartbeat.inventoryDigest();
    if (digest == null || !digest.equals(holders.indexed(number))) {
      return holders;
    }
    Holding known = holders.of(number);
    return known != null && known.version() == heartbeat.inventoryVersion()
        ? holders
        : holders.with(number, new Holding(heartbeat.inventoryVersion(), digest));
  }

  private Outcome outcome(Verdict verdict, Heartbeat heartbeat) {
    Member member = snapshot.member(heartbeat.appliance());
    if (member == null || !member.heartbeat().bootId().equals(heartbeat.bootId())) {
      return new Outcome(verdict, false);
    }
    Heartbeat newest = member.heartbeat();
    long announced = newest.inventoryVersion();
    Holding known = snapshot.holders().of(member.number());
    if (known != null && known.version() == announced) {
      if (Judge.agree(known, newest)) {
        return new Outcome(verdict, false);
      }
      divergences.increment();
    }
    if (memory(heartbeat.appliance()).isRefused(announced)) {
      return new Outcome(verdict, false);
    }
    if (known != null && newest.inventoryDigest() != null && known.version() < announced) {
      return new Outcome(verdict, true, known.version());
    }
    return new Outcome(verdict, mayAsk());
  }

  private boolean mayAsk() {
    long now = nanoClock.getAsLong();
    if (now - askedSinceNanos >= 1_000_000_000) {
      askedSinceNanos = now;
      asked = 0;
    }
    return asked++ < limits.inventoriesPerSecond();
  }

  private Memory memory(ApplianceId id) {
    return memories.computeIfAbsent(id, _ -> new Memory());
  }

  /** Judges, works the change into a copy, judges again and publishes. */
  private Verdict index(ApplianceId appliance, long version, News news, Change change) {
    indexing.lock();
    try {
      Holders seen;
      int number;
      writing.lock();
      try {
        Member member = snapshot.member(appliance);
        Verdict verdict = judge(member, news);
        if (verdict != Verdict.ACCEPTED || member == null) {
          refuse(verdict, appliance, version);
          return verdict;
        }
        seen = snapshot.holders();
        number = member.number();
      } finally {
        writing.unlock();
      }
      Holders changed = change.apply(seen, number);
      writing.lock();
      try {
        // A heartbeat of another boot may have come meanwhile.
        Verdict verdict =
            judge.fits(changed, number)
                ? judge(snapshot.member(appliance), news)
                : Verdict.TOO_MANY_FILES;
        if (verdict == Verdict.ACCEPTED) {
          Holding holding = new Holding(version, changed.indexed(number));
          Holders current = changed.withHoldingsOf(snapshot.holders());
          snapshot = snapshot.with(current.with(number, holding));
        }
        refuse(verdict, appliance, version);
        return verdict;
      } finally {
        writing.unlock();
      }
    } finally {
      indexing.unlock();
    }
  }

  private Verdict judge(@Nullable Member member, News news) {
    return member == null
        ? Verdict.NO_HEARTBEAT
        : news.judge(member, memory(member.id()), snapshot.holders().of(member.number()));
  }

  /** A sender whose inventory is not what its digest says would send it at each heartbeat. */
  private void giveUpOnContradiction(Inventory inventory) {
    writing.lock();
    try {
      Member member = snapshot.member(inventory.appliance());
      Holding known = member == null ? null : snapshot.holders().of(member.number());
      if (member != null
          && known != null
          && known.version() == inventory.version()
          && member.heartbeat().inventoryVersion() == inventory.version()
          && !Judge.agree(known, member.heartbeat())) {
        memory(inventory.appliance()).refuse(inventory.version());
      }
    } finally {
      writing.unlock();
    }
  }

  private void refuse(Verdict verdict, ApplianceId appliance, long version) {
    if (verdict == Verdict.TOO_MANY_FILES) {
      memory(appliance).refuse(version);
    }
  }
}
