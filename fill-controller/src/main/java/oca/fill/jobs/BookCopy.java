package oca.fill.jobs;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import oca.fill.jobs.Desk.Entry;
import oca.model.ApplianceId;
import org.jspecify.annotations.Nullable;

/**
 * What the engine knows of the book: reads slots that were gained, takes newer standings over, and
 * compares. Under the engine's lock.
 */
final class BookCopy {
  /** After so many jobs others come to their turn before more is read. */
  private static final int LOADED_AT_ONCE = 10_000;

  private final EngineSettings settings;
  private final JobStore store;
  private final Tenure tenure;
  private final WaitingList waits;
  private final EngineCounts counts;
  private final LongSupplier nanoTime;

  BookCopy(
      EngineSettings settings,
      JobStore store,
      Tenure tenure,
      WaitingList waits,
      EngineCounts counts,
      LongSupplier nanoTime) {
    this.settings = settings;
    this.store = store;
    this.tenure = tenure;
    this.waits = waits;
    this.counts = counts;
    this.nanoTime = nanoTime;
  }

  /** A plan that we have not heard of has changed the job. */
  void refresh(Slot slot, long number) throws IOException {
    Optional<Job> job = store.job(number);
    if (job.isPresent()) {
      put(slot, new OpenJob(number, job.get().appliance(), job.get().standing(), 0));
    }
    tenure.lookSoon();
  }

  void put(Slot slot, OpenJob job) {
    if (job.standing().generation() > slot.lease.generation()) {
      // Somebody has granted it under a newer lease: ours was lost while we read.
      tenure.doubt(slot);
      return;
    }
    Entry entry = slot.put(job, now());
    if (entry != null) {
      waits.add(now() + job.waitMillis() * 1_000_000, entry);
    }
  }

  /** The slot of an appliance, its jobs read from the book; null when it is not ours. */
  @Nullable Slot slotOf(ApplianceId appliance) throws IOException {
    Slot slot = tenure.slotOf(appliance);
    if (slot != null && !slot.loaded) {
      // Those who ask first are served first: with a million jobs all slots take seconds.
      load(List.of(slot));
      slot = tenure.slotOf(appliance);
    }
    return slot;
  }

  /**
   * Reads slots that were gained: many when they have little, few at a time when they have much.
   */
  void loadSome() throws IOException {
    int before = pending();
    for (Slot slot : tenure.slots()) {
      if (slot.partial
          && slot.jobs.size() < LOADED_AT_ONCE
          && before < settings.pendingJobs() / 2) {
        // There is room now for what had none.
        tenure.doubt(slot);
      }
    }
    for (int most = 1; pending() - before < LOADED_AT_ONCE; most *= 2) {
      List<Slot> next = tenure.unloaded(most);
      if (next.isEmpty()) {
        return;
      }
      load(next);
    }
  }

  private void load(List<Slot> gained) throws IOException {
    List<Integer> numbers = gained.stream().map(slot -> slot.lease.slot()).toList();
    try {
      int room = Math.max(1, settings.pendingJobs() - pending());
      gained.forEach(slot -> slot.loaded = true);
      int[] count = {0};
      store.open(
          numbers,
          room,
          job -> {
            count[0]++;
            put(job);
          });
      gained.forEach(slot -> slot.partial = count[0] >= room);
      store.outbox(numbers).forEach(this::hear);
    } catch (IOException | RuntimeException e) {
      gained.forEach(tenure::doubt);
      throw e;
    }
  }

  private void put(OpenJob job) {
    Slot slot = tenure.slotOf(job.appliance());
    if (slot != null) {
      put(slot, job);
    }
  }

  /** Something of the outbox is to be told, unless the appliance has heard it just now. */
  void hear(Tell tell) {
    Slot slot = tenure.slotOf(tell.appliance());
    if (slot != null && !slot.heard.contains(tell.number())) {
      slot.desk(tell.appliance()).outbox.put(tell.number(), tell);
    }
  }

  private int pending() {
    return tenure.slots().stream().mapToInt(slot -> slot.jobs.size()).sum();
  }

  /** Compares a slot with the book. What differs should not: it is set right and counted. */
  void compare(Slot slot) throws IOException {
    if (slot.partial) {
      // What had no room differs, and is no bug.
      return;
    }
    Map<Long, OpenJob> book = new HashMap<>();
    store.open(List.of(slot.lease.slot()), Integer.MAX_VALUE, job -> book.put(job.number(), job));
    int differ = 0;
    for (OpenJob job : book.values()) {
      Entry entry = slot.jobs.get(job.number());
      differ += entry == null || entry.standing.revision() != job.standing().revision() ? 1 : 0;
    }
    differ += (int) slot.jobs.keySet().stream().filter(job -> !book.containsKey(job)).count();
    if (differ > 0 && pending() < settings.pendingJobs() && tenure.isCurrent(slot)) {
      counts.reconciled(differ, slot.lease.slot());
      tenure.doubt(slot);
    }
  }

  private long now() {
    return nanoTime.getAsLong();
  }
}
