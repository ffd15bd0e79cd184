package oca.fill.jobs;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import oca.fill.jobs.FillTotals.Failure;
import oca.fill.state.StateStore;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.protocol.FillReport;
import oca.protocol.FillReport.OriginReason;

/**
 * Running totals of fill reports, durable before a report is acknowledged.
 *
 * <p>A report is sent until it is accepted and carries no number, so a result is recognised by
 * appliance, file and the moment it ended; the newest {@code resultsKept} are remembered for that.
 */
public final class FillLedger {
  private static final String ORIGIN_REASON = "fill.origin_bytes.";
  private static final int MAX_REASON = 500;
  private static final int FAILURES_SHOWN = 20;

  private final StateStore store;
  private final int resultsKept;

  /**
   * Continues the ledger in {@code store}.
   *
   * @param resultsKept how many results are remembered, 1 or more
   */
  public FillLedger(StateStore store, int resultsKept) {
    this.store = store;
    this.resultsKept = resultsKept;
  }

  /**
   * Counts a report, each result once.
   *
   * @return how many of its results were new
   */
  public int take(FillReport report) throws IOException {
    return take(
        report,
        (_, _) -> {
          // Nobody else counts it.
        });
  }

  /** Whoever counts results too, in the same transaction. */
  @FunctionalInterface
  public interface Also {
    /** Called once for each result that was not counted before. */
    void count(Connection connection, FillReport.Result result) throws SQLException;
  }

  /**
   * The same with something more in the transaction, which is done with it or not at all.
   *
   * @return how many of its results were new
   */
  public int take(FillReport report, Also also) throws IOException {
    return store.write(
        connection -> {
          int fresh = 0;
          for (FillReport.Result result : report.results()) {
            if (remember(connection, report.appliance(), result)) {
              fresh++;
              count(connection, result);
              also.count(connection, result);
            }
          }
          StateStore.count(connection, "fill.duplicates", report.results().size() - fresh);
          forget(connection);
          return fresh;
        });
  }

  /** The totals so far. */
  public FillTotals totals() throws IOException {
    return store.read(
        connection -> {
          long bytes = StateStore.total(connection, "fill.bytes");
          long originBytes = StateStore.total(connection, "fill.origin_bytes");
          return new FillTotals(
              StateStore.total(connection, "fill.files"),
              StateStore.total(connection, "fill.failed"),
              bytes,
              originBytes,
              bytes - originBytes,
              StateStore.total(connection, "fill.files_from_peer"),
              StateStore.total(connection, "fill.files_from_origin"),
              StateStore.total(connection, "fill.duplicates"),
              originReasons(connection),
              StateStore.total(connection, "fill.bad_peers"),
              failures(connection));
        });
  }

  private static Map<String, Long> originReasons(Connection connection) throws SQLException {
    Map<String, Long> bytes = new TreeMap<>();
    for (OriginReason reason : OriginReason.values()) {
      bytes.put(
          reason.name().toLowerCase(Locale.ROOT),
          StateStore.total(connection, ORIGIN_REASON + reason.name()));
    }
    return bytes;
  }

  private static void count(Connection connection, FillReport.Result result) throws SQLException {
    StateStore.count(connection, "fill.bytes", result.bytesFetched());
    StateStore.count(connection, "fill.origin_bytes", result.bytesFromOrigin());
    for (Map.Entry<OriginReason, Long> origin : result.originReasons().entrySet()) {
      StateStore.count(connection, ORIGIN_REASON + origin.getKey().name(), origin.getValue());
    }
    StateStore.count(connection, "fill.bad_peers", result.badPeers().size());
    StateStore.count(connection, result.filled() ? "fill.files" : "fill.failed", 1);
    if (result.filled()) {
      switch (result.source()) {
        case PEER -> StateStore.count(connection, "fill.files_from_peer", 1);
        case ORIGIN -> StateStore.count(connection, "fill.files_from_origin", 1);
        case NONE -> StateStore.count(connection, "fill.files_from_nowhere", 1);
      }
    }
  }

  /** Whether the result is new; notes it if so. */
  private static boolean remember(
      Connection connection, ApplianceId appliance, FillReport.Result result) throws SQLException {
    OffsetDateTime ended = result.at().atOffset(ZoneOffset.UTC);
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT 1 FROM fill_result"
                + " WHERE appliance = ? AND file_high = ? AND file_low = ? AND ended = ?")) {
      select.setString(1, appliance.value());
      select.setLong(2, result.file().high());
      select.setLong(3, result.file().low());
      select.setObject(4, ended);
      try (ResultSet rows = select.executeQuery()) {
        if (rows.next()) {
          return false;
        }
      }
    }
    String reason = StateStore.text(result.reason());
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO fill_result (appliance, file_high, file_low, ended, manifest_version,"
                + " filled, reason) VALUES (?, ?, ?, ?, ?, ?, ?)")) {
      insert.setString(1, appliance.value());
      insert.setLong(2, result.file().high());
      insert.setLong(3, result.file().low());
      insert.setObject(4, ended);
      insert.setLong(5, result.manifestVersion());
      insert.setBoolean(6, result.filled());
      insert.setString(7, reason.substring(0, Math.min(reason.length(), MAX_REASON)));
      insert.executeUpdate();
    }
    return true;
  }

  private void forget(Connection connection) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement(
            "DELETE FROM fill_result WHERE number <= (SELECT MAX(number) FROM fill_result) - ?")) {
      delete.setLong(1, resultsKept);
      delete.executeUpdate();
    }
  }

  private static List<Failure> failures(Connection connection) throws SQLException {
    List<Failure> failures = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT ended, appliance, file_high, file_low, reason FROM fill_result"
                + " WHERE NOT filled ORDER BY number DESC FETCH FIRST ? ROWS ONLY")) {
      select.setInt(1, FAILURES_SHOWN);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          failures.add(
              new Failure(
                  rows.getObject(1, OffsetDateTime.class).toInstant().toString(),
                  rows.getString(2),
                  new ContentId(rows.getLong(3), rows.getLong(4)).toString(),
                  rows.getString(5)));
        }
      }
    }
    return failures;
  }
}
