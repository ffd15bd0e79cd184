package oca.fill.demand;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import oca.fill.day.DayScale;
import oca.fill.demand.Regions.Origin;
import oca.fill.state.StateStore;
import oca.model.ContentId;
import oca.model.SiteId;
import oca.protocol.ServeRecord;
import oca.protocol.ServeRecords;

/**
 * Batches added up in memory, by the rules of {@link DemandLedger}; so its database sees one row
 * per cell and not per record, and a stream processor one element. For one thread.
 */
public final class Tally {
  /**
   * A cell of the ledger.
   *
   * @param place a region, or a client's network when kept apart
   * @param hour of plan time, since 1970-01-01T00:00Z
   */
  public record Cell(ContentId file, String place, long hour) {}

  /** What fell into a cell. */
  public record Amount(long bytes, long requests) {
    /** Both together. */
    public Amount plus(Amount other) {
      return new Amount(bytes + other.bytes, requests + other.requests);
    }
  }

  /** The counters of the ledger and the names under which they are kept. */
  public enum Count {
    BATCHES,
    RECORDS,
    BYTES,
    DUPLICATE_BATCHES,
    DUPLICATE_RECORDS,
    UNKNOWN_FILES,
    UNKNOWN_REGIONS,
    EXCLUDED,
    OUTSIDE_HISTORY,
    APART_REFUSED,
    ADOPTED,
    DROPPED_BY_SENDERS;

    /** Its name in a database or a message. */
    public String key() {
      return "demand." + name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  private static final int MAX_ADDRESS = 45;
  private static final int MAX_BOOT_ID = 100;

  final Map<Cell, Amount> demand = new HashMap<>();
  final Map<Cell, Amount> apart = new HashMap<>();
  final Map<Count, Long> counts = new EnumMap<>(Count.class);

  /** Nothing yet. */
  Tally() {}

  /**
   * Adds up a batch that was not counted before.
   *
   * @param received when it came; records from later count as of then
   * @param known whether a file is in the catalogue in force
   * @param historyDays days of plan time that are kept; what is older is counted and left out
   * @throws IllegalArgumentException when no sender would call its boot so
   */
  public static Tally of(
      ServeRecords batch,
      Instant received,
      Predicate<ContentId> known,
      Regions regions,
      DayScale scale,
      int historyDays) {
    if (batch.bootId().length() > MAX_BOOT_ID) {
      throw new IllegalArgumentException("a boot id of more than " + MAX_BOOT_ID + " characters");
    }
    if (batch.bootId().indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a boot id with a zero character");
    }
    Tally tally = new Tally();
    tally.count(Count.BATCHES, 1);
    tally.count(Count.RECORDS, batch.records().size());
    tally.count(Count.DROPPED_BY_SENDERS, Math.max(0, batch.dropped()));
    long now = hour(scale.plan(received));
    for (ServeRecord served : batch.records()) {
      Instant at = served.at().isAfter(received) ? received : served.at();
      long hour = hour(scale.plan(at));
      if (hour <= now - 24L * historyDays) {
        tally.count(Count.OUTSIDE_HISTORY, 1);
      } else {
        tally.add(served, hour, known.test(served.file()), regions.of(served.client()));
      }
    }
    return tally;
  }

  /** The hour of plan time in which a plan instant lies, since 1970-01-01T00:00Z. */
  public static long hour(Instant plan) {
    return Math.floorDiv(plan.getEpochSecond(), 3600L);
  }

  /** Demand by region. */
  public Map<Cell, Amount> demand() {
    return Collections.unmodifiableMap(demand);
  }

  /** What is kept apart, by network. */
  public Map<Cell, Amount> apart() {
    return Collections.unmodifiableMap(apart);
  }

  /** What was counted besides. */
  public Map<Count, Long> counts() {
    return Collections.unmodifiableMap(counts);
  }

  void count(Count count, long amount) {
    counts.merge(count, amount, Long::sum);
  }

  /** Adds what another batch comes to. */
  void add(Tally other) {
    other.demand.forEach((cell, amount) -> demand.merge(cell, amount, Amount::plus));
    other.apart.forEach((cell, amount) -> apart.merge(cell, amount, Amount::plus));
    other.counts.forEach(this::count);
  }

  /** Adds one record that is not older than the history kept. */
  void add(ServeRecord served, long hour, boolean known, Origin origin) {
    Amount amount = new Amount(Math.max(0, served.bodyBytes()), 1);
    switch (origin) {
      case Origin.Excluded _ -> count(Count.EXCLUDED, 1);
      case Origin.Unknown _ -> {
        count(Count.UNKNOWN_REGIONS, 1);
        if (!known) {
          count(Count.UNKNOWN_FILES, 1);
        }
        keepApart(served, hour, amount);
      }
      case Origin.Viewers viewers -> {
        if (known) {
          addDemand(served.file(), viewers.region(), hour, amount);
        } else {
          count(Count.UNKNOWN_FILES, 1);
          keepApart(served, hour, amount);
        }
      }
    }
  }

  void addDemand(ContentId file, SiteId region, long hour, Amount amount) {
    if (amount.bytes() > 0) {
      count(Count.BYTES, amount.bytes());
      demand.merge(new Cell(file, region.value(), hour), amount, Amount::plus);
    }
  }

  private void keepApart(ServeRecord served, long hour, Amount amount) {
    if (amount.bytes() > 0) {
      String client = StateStore.text(served.client());
      String place = client.substring(0, Math.min(client.length(), MAX_ADDRESS));
      apart.merge(new Cell(served.file(), place, hour), amount, Amount::plus);
    }
  }
}
