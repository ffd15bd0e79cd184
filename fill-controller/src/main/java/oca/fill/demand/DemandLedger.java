package oca.fill.demand;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import oca.fill.day.DayScale;
import oca.fill.demand.Regions.Origin;
import oca.fill.demand.Tally.Amount;
import oca.fill.demand.Tally.Cell;
import oca.fill.demand.Tally.Count;
import oca.fill.state.StateStore;
import oca.model.ContentId;
import oca.model.SiteId;
import oca.protocol.ServeRecords;

/**
 * Bytes asked for per file, region and hour of plan time.
 *
 * <p>All of it lives in the database; in memory there is one batch at a time. A batch is added up,
 * then written in one transaction together with its sequence number: what is acknowledged is
 * durable, and what is sent again counts once. Divided by the file's length, bytes become plays:
 * the published measure of popularity at Open Connect, bytes streamed by file size.
 *
 * <p>Bytes of the body count, whatever the status: a viewer who leaves after a minute wanted a
 * minute, and a refusal sends the viewer elsewhere, where the bytes are counted. A record from the
 * future (a server's clock is wrong) counts as of now.
 */
public final class DemandLedger {
  private static final Duration BOOTS_KEPT = Duration.ofDays(30);

  /**
   * What the ledger may grow to.
   *
   * @param historyDays days of plan time that are kept, 1 or more
   * @param apartRows cells of unknown files or regions that are kept, 0 or more
   * @param sequencesPerBoot how far back a repeated batch of a boot is told from a new one; what is
   *     older still is taken for repeated
   */
  public record Limits(int historyDays, int apartRows, int sequencesPerBoot) {}

  /**
   * Demand for a file from a region during 24 hours.
   *
   * @param daysAgo 0 for the 24 hours that end with the current one, 1 for those before, and so on
   * @param bytes sent of it, above 0
   */
  public record DayDemand(ContentId file, SiteId region, int daysAgo, long bytes) {}

  private final StateStore store;
  private final Regions regions;
  private final Predicate<ContentId> known;
  private final DayScale scale;
  private final InstantSource wall;
  private final Limits limits;

  /**
   * Continues the ledger in {@code store}.
   *
   * @param known whether a file is in the catalogue in force; asked from any thread
   */
  public DemandLedger(
      StateStore store,
      Regions regions,
      Predicate<ContentId> known,
      DayScale scale,
      InstantSource wall,
      Limits limits) {
    this.store = store;
    this.regions = regions;
    this.known = known;
    this.scale = scale;
    this.wall = wall;
    this.limits = limits;
  }

  /**
   * Counts a batch, once.
   *
   * @return false when it had been counted before
   * @throws IOException when it could not be made durable; nothing of it is counted then
   */
  public boolean take(ServeRecords batch) throws IOException {
    return take(
            List.of(batch),
            (_, _) -> {
              // Nobody else counts it.
            })
        .getFirst();
  }

  /** Whoever counts a batch too, in the same transaction. */
  @FunctionalInterface
  public interface Also {
    /** Called once for a batch that was not counted before. */
    void count(Connection connection, ServeRecords batch) throws SQLException;
  }

  /**
   * Counts batches, each once, and all of them or none, with something more in the transaction.
   *
   * @return for each in turn, false when it had been counted before
   * @throws IOException when they could not be made durable; nothing of them is counted then
   */
  public List<Boolean> take(List<ServeRecords> batches, Also also) throws IOException {
    Instant received = wall.instant();
    List<Tally> tallies = new ArrayList<>(batches.size());
    for (ServeRecords batch : batches) {
      tallies.add(Tally.of(batch, received, known, regions, scale, limits.historyDays()));
    }
    return store.write(
        connection -> {
          List<Boolean> fresh = new ArrayList<>(batches.size());
          // One row per cell and not one per cell and batch.
          Tally sum = new Tally();
          for (int i = 0; i < batches.size(); i++) {
            boolean first = take(connection, batches.get(i), received, sum);
            if (first) {
              sum.add(tallies.get(i));
              also.count(connection, batches.get(i));
            }
            fresh.add(first);
          }
          write(connection, sum);
          return fresh;
        });
  }

  private boolean take(Connection connection, ServeRecords batch, Instant received, Tally sum)
      throws SQLException {
    if (isRepeated(connection, batch)) {
      sum.count(Count.DUPLICATE_BATCHES, 1);
      sum.count(Count.DUPLICATE_RECORDS, batch.records().size());
      return false;
    }
    remember(connection, batch, received);
    return true;
  }

  /** Demand per day over the history kept, counted back from the hour of {@code planNow}. */
  public List<DayDemand> history(Instant planNow) throws IOException {
    long now = Tally.hour(planNow);
    String sql =
        "SELECT file_high, file_low, region, (? - plan_hour) / 24 AS age, SUM(bytes) FROM demand"
            + " WHERE plan_hour > ? AND plan_hour <= ? GROUP BY file_high, file_low, region, age"
            + " ORDER BY file_high, file_low, region, age";
    return store.read(
        connection -> {
          List<DayDemand> days = new ArrayList<>();
          try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setLong(1, now);
            select.setLong(2, now - 24L * limits.historyDays());
            select.setLong(3, now);
            try (ResultSet rows = select.executeQuery()) {
              while (rows.next()) {
                days.add(
                    new DayDemand(
                        new ContentId(rows.getLong(1), rows.getLong(2)),
                        new SiteId(rows.getString(3)),
                        rows.getInt(4),
                        rows.getLong(5)));
              }
            }
          }
          return days;
        });
  }

  /**
   * Turns what was kept apart into demand where file and region are known by now. To be called when
   * a new catalogue is in force.
   *
   * @return how many records
   */
  public long adopt() throws IOException {
    return store.write(
        connection -> {
          Tally tally = new Tally();
          long adopted = 0;
          for (Map.Entry<Cell, Amount> row : ApartRows.all(connection).entrySet()) {
            Cell cell = row.getKey();
            if (known.test(cell.file())
                && regions.of(cell.place()) instanceof Origin.Viewers viewers) {
              tally.addDemand(cell.file(), viewers.region(), cell.hour(), row.getValue());
              adopted += row.getValue().requests();
              ApartRows.delete(connection, cell);
            }
          }
          tally.count(Count.ADOPTED, adopted);
          write(connection, tally);
          return adopted;
        });
  }

  /** Forgets hours and boots that are older than what is kept. */
  public void prune(Instant planNow) throws IOException {
    long oldest = Tally.hour(planNow) - 24L * limits.historyDays();
    Timestamp boots = Timestamp.from(wall.instant().minus(BOOTS_KEPT));
    store.write(
        connection -> {
          try (PreparedStatement demand =
                  connection.prepareStatement("DELETE FROM demand WHERE plan_hour <= ?");
              PreparedStatement apart =
                  connection.prepareStatement("DELETE FROM demand_apart WHERE plan_hour <= ?");
              PreparedStatement batch =
                  connection.prepareStatement("DELETE FROM batch WHERE received < ?")) {
            demand.setLong(1, oldest);
            apart.setLong(1, oldest);
            batch.setTimestamp(1, boots);
            return demand.executeUpdate() + apart.executeUpdate() + batch.executeUpdate();
          }
        });
  }

  /** What was taken in so far. */
  public DemandTotals totals() throws IOException {
    return store.read(
        connection ->
            new DemandTotals(
                total(connection, Count.BATCHES),
                total(connection, Count.RECORDS),
                total(connection, Count.BYTES),
                total(connection, Count.DUPLICATE_BATCHES),
                total(connection, Count.DUPLICATE_RECORDS),
                total(connection, Count.UNKNOWN_FILES),
                total(connection, Count.UNKNOWN_REGIONS),
                total(connection, Count.EXCLUDED),
                total(connection, Count.OUTSIDE_HISTORY),
                total(connection, Count.APART_REFUSED),
                total(connection, Count.ADOPTED),
                total(connection, Count.DROPPED_BY_SENDERS)));
  }

  private boolean isRepeated(Connection connection, ServeRecords batch) throws SQLException {
    // As Repeats tells it. Two looks at the key, for a boot may have a thousand rows.
    String sql = "SELECT 1 FROM batch WHERE server = ? AND boot = ? AND sequence %s ? LIMIT 1";
    int back = limits.sequencesPerBoot();
    return isThere(connection, sql.formatted("="), batch, batch.sequence())
        || isThere(
            connection,
            sql.formatted(">="),
            batch,
            Math.min(batch.sequence(), Long.MAX_VALUE - back) + back);
  }

  private static boolean isThere(
      Connection connection, String sql, ServeRecords batch, long sequence) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setString(1, batch.server().value());
      select.setString(2, batch.bootId());
      select.setLong(3, sequence);
      try (ResultSet rows = select.executeQuery()) {
        return rows.next();
      }
    }
  }

  private void remember(Connection connection, ServeRecords batch, Instant received)
      throws SQLException {
    try (PreparedStatement insert =
            connection.prepareStatement("INSERT INTO batch VALUES (?, ?, ?, ?)");
        PreparedStatement forget =
            connection.prepareStatement(
                "DELETE FROM batch WHERE server = ? AND boot = ? AND sequence <= ?")) {
      insert.setString(1, batch.server().value());
      insert.setString(2, batch.bootId());
      insert.setLong(3, batch.sequence());
      insert.setTimestamp(4, Timestamp.from(received));
      insert.executeUpdate();
      forget.setString(1, batch.server().value());
      forget.setString(2, batch.bootId());
      forget.setLong(3, batch.sequence() - limits.sequencesPerBoot());
      forget.executeUpdate();
    }
  }

  private void write(Connection connection, Tally tally) throws SQLException {
    DemandRows.add(connection, tally.demand);
    if (!tally.apart.isEmpty()) {
      long refused = ApartRows.add(connection, tally.apart, limits.apartRows());
      tally.count(Count.APART_REFUSED, refused);
    }
    Map<String, Long> counts = new HashMap<>();
    tally.counts.forEach((count, amount) -> counts.put(count.key(), amount));
    StateStore.count(connection, counts);
  }

  private static long total(Connection connection, Count count) throws SQLException {
    return StateStore.total(connection, count.key());
  }
}
