package oca.fill.demand;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import oca.fill.demand.Tally.Amount;
import oca.fill.demand.Tally.Cell;

/** Adds amounts to the rows of a table of cells. */
final class DemandRows {
  private static final String UPDATE =
      "UPDATE demand SET bytes = bytes + ?, requests = requests + ?"
          + " WHERE file_high = ? AND file_low = ? AND region = ? AND plan_hour = ?";
  private static final String INSERT =
      "INSERT INTO demand (bytes, requests, file_high, file_low, region, plan_hour)"
          + " VALUES (?, ?, ?, ?, ?, ?)";

  private DemandRows() {}

  static void add(Connection connection, Map<Cell, Amount> amounts) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(UPDATE);
        PreparedStatement insert = connection.prepareStatement(INSERT)) {
      for (Map.Entry<Cell, Amount> amount : amounts.entrySet()) {
        bind(update, amount.getKey(), amount.getValue());
        if (update.executeUpdate() == 0) {
          bind(insert, amount.getKey(), amount.getValue());
          insert.executeUpdate();
        }
      }
    }
  }

  /** Bytes, requests, file, place, hour: the order of parameters of both tables' statements. */
  static void bind(PreparedStatement statement, Cell cell, Amount amount) throws SQLException {
    statement.setLong(1, amount.bytes());
    statement.setLong(2, amount.requests());
    statement.setLong(3, cell.file().high());
    statement.setLong(4, cell.file().low());
    statement.setString(5, cell.place());
    statement.setLong(6, cell.hour());
  }
}
