package oca.fill.demand;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import oca.fill.demand.Tally.Amount;
import oca.fill.demand.Tally.Cell;
import oca.model.ContentId;

/** The bounded table of demand that has no known file or region. */
final class ApartRows {
  private static final String UPDATE =
      "UPDATE demand_apart SET bytes = bytes + ?, requests = requests + ?"
          + " WHERE file_high = ? AND file_low = ? AND client = ? AND plan_hour = ?";
  private static final String INSERT =
      "INSERT INTO demand_apart (bytes, requests, file_high, file_low, client, plan_hour)"
          + " VALUES (?, ?, ?, ?, ?, ?)";

  private ApartRows() {}

  /** Adds the amounts while there is room; how many requests found none. */
  static long add(Connection connection, Map<Cell, Amount> amounts, int maxRows)
      throws SQLException {
    long rows = count(connection);
    long refused = 0;
    try (PreparedStatement update = connection.prepareStatement(UPDATE);
        PreparedStatement insert = connection.prepareStatement(INSERT)) {
      for (Map.Entry<Cell, Amount> amount : amounts.entrySet()) {
        DemandRows.bind(update, amount.getKey(), amount.getValue());
        if (update.executeUpdate() > 0) {
          continue;
        }
        if (rows >= maxRows) {
          refused += amount.getValue().requests();
        } else {
          DemandRows.bind(insert, amount.getKey(), amount.getValue());
          insert.executeUpdate();
          rows++;
        }
      }
    }
    return refused;
  }

  static Map<Cell, Amount> all(Connection connection) throws SQLException {
    Map<Cell, Amount> all = new LinkedHashMap<>();
    try (PreparedStatement select =
            connection.prepareStatement(
                "SELECT file_high, file_low, client, plan_hour, bytes, requests FROM demand_apart");
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        ContentId file = new ContentId(rows.getLong(1), rows.getLong(2));
        all.put(
            new Cell(file, rows.getString(3), rows.getLong(4)),
            new Amount(rows.getLong(5), rows.getLong(6)));
      }
    }
    return all;
  }

  static void delete(Connection connection, Cell cell) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement(
            "DELETE FROM demand_apart"
                + " WHERE file_high = ? AND file_low = ? AND client = ? AND plan_hour = ?")) {
      delete.setLong(1, cell.file().high());
      delete.setLong(2, cell.file().low());
      delete.setString(3, cell.place());
      delete.setLong(4, cell.hour());
      delete.executeUpdate();
    }
  }

  private static long count(Connection connection) throws SQLException {
    try (PreparedStatement select =
            connection.prepareStatement("SELECT COUNT(*) FROM demand_apart");
        ResultSet rows = select.executeQuery()) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }
}
