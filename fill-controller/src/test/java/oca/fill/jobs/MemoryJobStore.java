package oca.fill.jobs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import oca.model.ApplianceId;
import oca.model.ContentId;
import org.jspecify.annotations.Nullable;

/** The book in memory: what the databases do, in a form that can be read. */
final class MemoryJobStore implements JobStore {
  private record Held(String owner, String address, long generation, long until) {}

  private record Row(OpenJob open, JobFile file, long plan, String why, long notBefore, long at) {
    Job job(long now, long known) {
      return new Job(open.number(), open.appliance(), file, open.standing(), known, why, now - at);
    }

    OpenJob openJob(long now) {
      return new OpenJob(
          open.number(), open.appliance(), open.standing(), Math.max(0, notBefore - now));
    }
  }

  private static final Comparator<Row> URGENCY =
      Comparator.comparingLong((Row row) -> row.open().standing().deadline())
          .thenComparing(row -> row.open().standing().value(), Comparator.reverseOrder())
          .thenComparingLong(row -> row.open().number());

  private final LongSupplier millis;
  private final Map<Integer, Held> leases = new TreeMap<>();
  private final Map<String, Held> members = new TreeMap<>();
  private final Map<Long, Row> rows = new TreeMap<>();
  private final Map<ApplianceId, List<Long>> byAppliance = new HashMap<>();

  /** By which name a plan is known. */
  private final Map<Long, Long> plans = new HashMap<>();

  private final Map<Long, Tell> tells = new TreeMap<>();
  private final List<Step.Order> orders = new ArrayList<>();
  private final List<Runnable> listeners = new ArrayList<>();
  private Consumer<Step> witness = _ -> {};
  private long plan;
  private long lastJob;
  private long lastTell;

  /**
   * An empty book.
   *
   * @param millis the database's clock
   */
  MemoryJobStore(LongSupplier millis) {
    this.millis = millis;
    for (int slot = 0; slot < Lease.SLOTS; slot++) {
      leases.put(slot, new Held("", "", 0, 0));
    }
  }

  /** Has every step shown that is taken, whoever takes it. */
  void witness(Consumer<Step> shown) {
    witness = shown;
  }

  /** Commands that were obeyed, in order. */
  List<Step.Order> orders() {
    return List.copyOf(orders);
  }

  /** What that controller holds. */
  synchronized List<Lease> leasesOf(String owner) {
    List<Lease> held = new ArrayList<>();
    leases.forEach(
        (slot, by) -> {
          if (by.owner().equals(owner)) {
            held.add(new Lease(slot, by.generation()));
          }
        });
    return held;
  }

  @Override
  public synchronized void join(String owner, String address, Duration lease) {
    long until = now() + lease.toMillis();
    members.values().removeIf(member -> member.until() < now());
    members.put(owner, new Held(owner, address, 0, until));
    changed();
  }

  @Override
  public synchronized Optional<List<Lease>> beat(
      String owner, String address, Duration lease, int expected, int room) {
    long now = now();
    long until = now + lease.toMillis();
    members.put(owner, new Held(owner, address, 0, until));
    int left = room;
    int count = 0;
    List<Lease> mine = new ArrayList<>();
    for (Map.Entry<Integer, Held> entry : leases.entrySet()) {
      Held held = entry.getValue();
      boolean free = held.owner().isEmpty();
      boolean ours = held.owner().equals(owner);
      if (ours || (!free && held.until() < now) || (free && left-- > 0)) {
        long generation = ours ? held.generation() : Math.max(held.generation() + 1, now / 1_000);
        entry.setValue(new Held(owner, address, generation, until));
        mine.add(new Lease(entry.getKey(), generation));
        count++;
      }
    }
    return count == expected ? Optional.empty() : Optional.of(mine);
  }

  @Override
  public synchronized void release(String owner, Collection<Integer> slots) {
    for (int slot : slots) {
      Held held = leases.get(slot);
      if (held != null && held.owner().equals(owner)) {
        leases.put(slot, new Held("", "", held.generation(), 0));
      }
    }
    changed();
  }

  @Override
  public synchronized Look look() {
    long now = now();
    Map<String, List<Lease>> live = new TreeMap<>();
    Map<String, String> addresses = new HashMap<>();
    for (Held member : members.values()) {
      if (member.until() >= now) {
        live.put(member.owner(), new ArrayList<>());
        addresses.put(member.owner(), member.address());
      }
    }
    leases.forEach(
        (slot, held) -> {
          if (!held.owner().isEmpty() && held.until() >= now) {
            addresses.put(held.owner(), held.address());
            live.computeIfAbsent(held.owner(), _ -> new ArrayList<>())
                .add(new Lease(slot, held.generation()));
          }
        });
    List<Look.Tenant> tenants = new ArrayList<>();
    live.forEach(
        (owner, held) ->
            tenants.add(new Look.Tenant(owner, addresses.getOrDefault(owner, ""), held)));
    return new Look(plan, tenants);
  }

  @Override
  public synchronized Applied apply(
      long version, long known, Collection<ApplianceId> appliances, Collection<Wanted> wanted) {
    if (version <= plan) {
      return Applied.STALE;
    }
    List<Job> there = new ArrayList<>();
    for (ApplianceId appliance : new HashSet<>(appliances)) {
      there.addAll(jobs(appliance, null));
    }
    there.sort(Comparator.comparingLong(Job::number));
    PlanDiff diff = PlanDiff.of(known, wanted, there);
    plan = version;
    plans.put(version, known);
    for (PlanDiff.Added added : diff.added()) {
      Wanted want = added.wanted();
      long number = ++lastJob;
      OpenJob open = new OpenJob(number, want.appliance(), added.standing(), 0);
      rows.put(
          number, new Row(open, want.file(), version, "plan " + known + " wants it", 0, now()));
      byAppliance.computeIfAbsent(want.appliance(), _ -> new ArrayList<>()).add(number);
    }
    for (Step step : diff.steps()) {
      take(step, version, 0);
    }
    changed();
    int changes = diff.steps().size() - diff.again() - diff.withdrawn();
    return new Applied(true, diff.added().size(), diff.again(), diff.withdrawn(), changes);
  }

  @Override
  public synchronized void open(Collection<Integer> slots, int limit, Consumer<OpenJob> sink) {
    rows.values().stream()
        .filter(row -> slots.contains(Lease.slotOf(row.open().appliance())))
        .filter(row -> !row.open().standing().state().ended())
        .sorted(URGENCY)
        .limit(limit)
        .forEach(row -> sink.accept(row.openJob(now())));
  }

  @Override
  public synchronized void touched(Collection<Integer> slots, long after, Consumer<OpenJob> sink) {
    rows.values().stream()
        .filter(row -> slots.contains(Lease.slotOf(row.open().appliance())))
        .filter(row -> row.plan() > after)
        .forEach(row -> sink.accept(row.openJob(now())));
  }

  @Override
  public synchronized List<Tell> outbox(Collection<Integer> slots) {
    return tells.values().stream()
        .filter(tell -> slots.contains(Lease.slotOf(tell.appliance())))
        .toList();
  }

  @Override
  public synchronized Written write(Lease lease, List<Step> steps, Collection<Long> heard) {
    Held held = leases.get(lease.slot());
    if (held == null || held.generation() != lease.generation() || held.owner().isEmpty()) {
      return new Written.Stale();
    }
    List<Boolean> taken = new ArrayList<>();
    List<Tell> made = new ArrayList<>();
    for (Step step : steps) {
      Row row = rows.get(step.job());
      if (row != null && Lease.slotOf(row.open().appliance()) != lease.slot()) {
        throw new IllegalStateException("job " + step.job() + " is not of slot " + lease.slot());
      }
      boolean takes = row != null && row.open().standing().revision() == step.before().revision();
      if (takes && !row.open().standing().equals(step.before())) {
        throw new IllegalStateException("two standings of one revision of job " + step.job());
      }
      taken.add(takes);
      if (takes) {
        take(step, row.plan(), lease.generation()).ifPresent(made::add);
      }
    }
    tells.keySet().removeAll(Set.copyOf(heard));
    return new Written.Done(taken, made);
  }

  @Override
  public synchronized Optional<Job> job(long number) {
    return Optional.ofNullable(rows.get(number)).map(this::shown);
  }

  @Override
  public synchronized List<Job> jobs(ApplianceId appliance, @Nullable Collection<ContentId> files) {
    return byAppliance.getOrDefault(appliance, List.of()).stream()
        .map(number -> shown(rows.get(number)))
        .filter(job -> files == null || files.contains(job.file().id()))
        .toList();
  }

  @Override
  public synchronized List<Job> page(
      @Nullable ApplianceId appliance, @Nullable JobState state, long after, int limit) {
    return rows.values().stream()
        .map(this::shown)
        .filter(job -> job.number() > after)
        .filter(job -> appliance == null || job.appliance().equals(appliance))
        .filter(job -> state == null || job.standing().state() == state)
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized void onChange(Runnable changed) {
    listeners.add(changed);
  }

  @Override
  public void close() {}

  private Optional<Tell> take(Step step, long by, long generation) {
    Row row = rows.get(step.job());
    Standing after = step.after();
    witness.accept(step);
    OpenJob open = new OpenJob(step.job(), row.open().appliance(), after, 0);
    long notBefore = after.attempt() == row.open().standing().attempt() ? row.notBefore() : 0;
    notBefore = step.waitMillis() > 0 ? now() + step.waitMillis() : notBefore;
    rows.put(step.job(), new Row(open, row.file(), by, step.why(), notBefore, now()));
    if (step.order() != null) {
      orders.add(step.order());
    }
    if (step.tell() == null) {
      return Optional.empty();
    }
    Tell tell =
        new Tell(
            ++lastTell,
            row.open().appliance(),
            step.tell(),
            step.job(),
            step.told().generation(),
            step.told().attempt(),
            Math.max(generation, step.told().generation()),
            row.file());
    tells.put(tell.number(), tell);
    return Optional.of(tell);
  }

  private Job shown(Row row) {
    return row.job(now(), plans.getOrDefault(row.plan(), row.plan()));
  }

  private void changed() {
    listeners.forEach(Runnable::run);
  }

  private long now() {
    return millis.getAsLong();
  }
}
