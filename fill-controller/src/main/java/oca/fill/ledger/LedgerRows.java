package oca.fill.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import oca.fill.state.Upsert;
import oca.model.ContentId;
import oca.protocol.Wire;
import oca.protocol.WireException;
import org.jspecify.annotations.Nullable;

/** The ledger's tables (see {@code schema-2.sql}), within transactions of the store. */
final class LedgerRows {
  private LedgerRows() {}

  /** A day that is closed. */
  record Closed(long number, LocalDate day, String digest) {}

  /** Files of an appliance and their bytes. */
  record Waste(long files, long bytes) {}

  static Optional<Closed> last(Connection connection) throws SQLException {
    try (PreparedStatement select =
            connection.prepareStatement(
                "SELECT number, day_name, digest FROM ledger_day ORDER BY number DESC"
                    + " FETCH FIRST 1 ROW ONLY");
        ResultSet rows = select.executeQuery()) {
      return rows.next()
          ? Optional.of(
              new Closed(
                  rows.getLong(1), LocalDate.parse(rows.getString(2)), rows.getString(3).strip()))
          : Optional.empty();
    }
  }

  static Optional<LocalDate> firstOpen(Connection connection) throws SQLException {
    try (PreparedStatement select =
            connection.prepareStatement("SELECT MIN(day_name) FROM ledger_open");
        ResultSet rows = select.executeQuery()) {
      return rows.next()
          ? Optional.ofNullable(rows.getString(1)).map(LocalDate::parse)
          : Optional.empty();
    }
  }

  static @Nullable OpenLine open(Connection connection, LocalDate day, String appliance)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT json FROM ledger_open WHERE day_name = ? AND appliance = ?")) {
      select.setString(1, day.toString());
      select.setString(2, appliance);
      try (ResultSet rows = select.executeQuery()) {
        return rows.next() ? line(rows.getBytes(1)) : null;
      }
    }
  }

  static int openCount(Connection connection, LocalDate day) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT COUNT(*) FROM ledger_open WHERE day_name = ?")) {
      select.setString(1, day.toString());
      try (ResultSet rows = select.executeQuery()) {
        rows.next();
        return rows.getInt(1);
      }
    }
  }

  static SortedMap<String, OpenLine> allOpen(Connection connection, LocalDate day)
      throws SQLException {
    SortedMap<String, OpenLine> lines = new TreeMap<>();
    try (PreparedStatement select =
        connection.prepareStatement("SELECT appliance, json FROM ledger_open WHERE day_name = ?")) {
      select.setString(1, day.toString());
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          lines.put(rows.getString(1), line(rows.getBytes(2)));
        }
      }
    }
    return lines;
  }

  static void keep(Connection connection, LocalDate day, String appliance, OpenLine line)
      throws SQLException {
    byte[] json = Wire.write(line.saved());
    try (Upsert lines =
        Upsert.set(connection, "ledger_open", List.of("json"), List.of("day_name", "appliance"))) {
      lines.put(
          row -> {
            row.setBytes(1, json);
            row.setString(2, day.toString());
            row.setString(3, appliance);
          });
    }
  }

  static void addCause(
      Connection connection, LocalDate day, String appliance, String label, long bytes)
      throws SQLException {
    try (Upsert causes =
        Upsert.add(
            connection,
            "ledger_cause",
            List.of("bytes"),
            List.of("day_name", "appliance", "label"))) {
      causes.put(
          row -> {
            row.setLong(1, bytes);
            row.setString(2, day.toString());
            row.setString(3, appliance);
            row.setString(4, label);
          });
    }
  }

  static Map<String, Map<String, Long>> causes(Connection connection, LocalDate day)
      throws SQLException {
    Map<String, Map<String, Long>> causes = new TreeMap<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT appliance, label, bytes FROM ledger_cause WHERE day_name = ?")) {
      select.setString(1, day.toString());
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          causes
              .computeIfAbsent(rows.getString(1), _ -> new TreeMap<>())
              .put(rows.getString(2), rows.getLong(3));
        }
      }
    }
    return causes;
  }

  static void close(Connection connection, Closed closed, byte[] json, int kept)
      throws SQLException {
    try (PreparedStatement insert =
            connection.prepareStatement("INSERT INTO ledger_day VALUES (?, ?, ?, ?)");
        PreparedStatement old =
            connection.prepareStatement("DELETE FROM ledger_day WHERE number <= ?");
        PreparedStatement open =
            connection.prepareStatement("DELETE FROM ledger_open WHERE day_name <= ?");
        PreparedStatement causes =
            connection.prepareStatement("DELETE FROM ledger_cause WHERE day_name <= ?")) {
      insert.setLong(1, closed.number());
      insert.setString(2, closed.day().toString());
      insert.setString(3, closed.digest());
      insert.setBytes(4, json);
      insert.executeUpdate();
      old.setLong(1, closed.number() - kept);
      old.executeUpdate();
      open.setString(1, closed.day().toString());
      open.executeUpdate();
      causes.setString(1, closed.day().toString());
      causes.executeUpdate();
    }
  }

  /** Notes a filled file as not served; false when there is no room. */
  static boolean filled(
      Connection connection,
      String appliance,
      ContentId file,
      LocalDate day,
      Instant at,
      long bytes,
      int most)
      throws SQLException {
    if (unserved(connection, appliance) >= most) {
      return false;
    }
    try (Upsert files =
        Upsert.set(
            connection,
            "ledger_unserved",
            List.of("day_name", "filled", "bytes"),
            List.of("appliance", "file_high", "file_low"))) {
      files.put(
          row -> {
            row.setString(1, day.toString());
            row.setObject(2, at.atOffset(ZoneOffset.UTC));
            row.setLong(3, bytes);
            row.setString(4, appliance);
            row.setLong(5, file.high());
            row.setLong(6, file.low());
          });
    }
    return true;
  }

  static int unserved(Connection connection, String appliance) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT COUNT(*) FROM ledger_unserved WHERE appliance = ?")) {
      select.setString(1, appliance);
      try (ResultSet rows = select.executeQuery()) {
        rows.next();
        return rows.getInt(1);
      }
    }
  }

  /** Files that were served, or of which it is known why they were not. */
  static void forget(Connection connection, String appliance, Collection<ContentId> files)
      throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement(
            "DELETE FROM ledger_unserved"
                + " WHERE appliance = ? AND file_high = ? AND file_low = ?")) {
      for (ContentId file : files) {
        delete.setString(1, appliance);
        delete.setLong(2, file.high());
        delete.setLong(3, file.low());
        delete.addBatch();
      }
      delete.executeBatch();
    }
  }

  /** Files of an appliance filled before a moment, with the bytes fetched for them. */
  static Map<ContentId, Long> unserved(Connection connection, String appliance, Instant before)
      throws SQLException {
    Map<ContentId, Long> files = new TreeMap<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT file_high, file_low, bytes, filled FROM ledger_unserved"
                + " WHERE appliance = ?")) {
      select.setString(1, appliance);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          if (rows.getObject(4, OffsetDateTime.class).toInstant().isBefore(before)) {
            files.put(new ContentId(rows.getLong(1), rows.getLong(2)), rows.getLong(3));
          }
        }
      }
    }
    return files;
  }

  /** Takes out those filled on that day or before, summed up by appliance. */
  static Map<String, Waste> aged(Connection connection, LocalDate day) throws SQLException {
    Map<String, Waste> aged = new TreeMap<>();
    try (PreparedStatement select =
            connection.prepareStatement(
                "SELECT appliance, COUNT(*), SUM(bytes) FROM ledger_unserved WHERE day_name <= ?"
                    + " GROUP BY appliance");
        PreparedStatement delete =
            connection.prepareStatement("DELETE FROM ledger_unserved WHERE day_name <= ?")) {
      select.setString(1, day.toString());
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          aged.put(rows.getString(1), new Waste(rows.getLong(2), rows.getLong(3)));
        }
      }
      delete.setString(1, day.toString());
      delete.executeUpdate();
    }
    return aged;
  }

  private static OpenLine line(byte[] json) throws SQLException {
    try {
      return OpenLine.of(Wire.read(json, OpenLine.Saved.class));
    } catch (WireException e) {
      throw new SQLException("a line of the ledger cannot be read: " + e.getMessage(), e);
    }
  }
}
