package oca.fill.demand;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import oca.fill.demand.Regions.Origin;
import oca.model.ContentId;
import oca.model.SiteId;
import oca.protocol.ServeRecord;

/** One batch added up in memory, so that the database sees one row per cell and not per record. */
final class Tally {
  /** A cell of the ledger; {@code place} is a region, or a client's network when kept apart. */
  record Cell(ContentId file, String place, long hour) {}

  /** What fell into a cell. */
  record Amount(long bytes, long requests) {
    Amount plus(Amount other) {
      return new Amount(bytes + other.bytes, requests + other.requests);
    }
  }

  /** The counters of the ledger and the names under which they are kept. */
  enum Count {
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

    String key() {
      return "demand." + name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  private static final int MAX_ADDRESS = 45;

  final Map<Cell, Amount> demand = new HashMap<>();
  final Map<Cell, Amount> apart = new HashMap<>();
  final Map<Count, Long> counts = new EnumMap<>(Count.class);

  void count(Count count, long amount) {
    counts.merge(count, amount, Long::sum);
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
      String client = served.client();
      String place = client.substring(0, Math.min(client.length(), MAX_ADDRESS));
      apart.merge(new Cell(served.file(), place, hour), amount, Amount::plus);
    }
  }
}
