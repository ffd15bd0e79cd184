package oca.fill.demand;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import oca.fill.demand.Tally.Amount;
import oca.fill.demand.Tally.Cell;
import oca.fill.state.Upsert;

/** Adds amounts to the rows of a table of cells. */
final class DemandRows {
  private static final List<String> VALUES = List.of("bytes", "requests");
  private static final List<String> KEYS = List.of("file_high", "file_low", "region", "plan_hour");

  private DemandRows() {}

  static void add(Connection connection, Map<Cell, Amount> amounts) throws SQLException {
    if (amounts.isEmpty()) {
      return;
    }
    List<Upsert.Row> rows = new ArrayList<>(amounts.size());
    amounts.forEach((cell, amount) -> rows.add(row -> bind(row, cell, amount)));
    try (Upsert demand = Upsert.add(connection, "demand", VALUES, KEYS)) {
      demand.putAll(rows);
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
