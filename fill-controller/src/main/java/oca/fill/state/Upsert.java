package oca.fill.state;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * Changes a row, or adds it when it is not there, in words that H2 and PostgreSQL both know.
 *
 * <p>Two statements and no lock: nobody else writes. Parameters come in the order values, keys.
 */
public final class Upsert implements AutoCloseable {
  private static final int ROWS_AT_ONCE = 1000;

  private final PreparedStatement update;
  private final PreparedStatement insert;

  /** Sets the parameters of one row: values first, then keys. */
  @FunctionalInterface
  public interface Row {
    /** Called once or twice, with either statement. */
    void bind(PreparedStatement statement) throws SQLException;
  }

  private Upsert(
      Connection connection, String table, String change, List<String> values, List<String> keys)
      throws SQLException {
    StringJoiner sets = new StringJoiner(", ");
    values.forEach(value -> sets.add(change.formatted(value)));
    StringJoiner where = new StringJoiner(" AND ");
    keys.forEach(key -> where.add(key + " = ?"));
    List<String> all = new ArrayList<>(values);
    all.addAll(keys);
    this.update =
        connection.prepareStatement("UPDATE " + table + " SET " + sets + " WHERE " + where);
    try {
      this.insert =
          connection.prepareStatement(
              "INSERT INTO "
                  + table
                  + " ("
                  + String.join(", ", all)
                  + ") VALUES (?"
                  + ", ?".repeat(all.size() - 1)
                  + ")");
    } catch (SQLException | RuntimeException e) {
      update.close();
      throw e;
    }
  }

  /** Puts values in place of those that are there. */
  public static Upsert set(
      Connection connection, String table, List<String> values, List<String> keys)
      throws SQLException {
    return new Upsert(connection, table, "%1$s = ?", values, keys);
  }

  /** Adds to the numbers that are there. */
  public static Upsert add(
      Connection connection, String table, List<String> values, List<String> keys)
      throws SQLException {
    return new Upsert(connection, table, "%1$s = %1$s + ?", values, keys);
  }

  /** One row. */
  public void put(Row row) throws SQLException {
    row.bind(update);
    if (update.executeUpdate() == 0) {
      row.bind(insert);
      insert.executeUpdate();
    }
  }

  /** Rows with different keys, in few round trips. */
  public void putAll(List<? extends Row> rows) throws SQLException {
    for (int from = 0; from < rows.size(); from += ROWS_AT_ONCE) {
      putSome(rows.subList(from, Math.min(rows.size(), from + ROWS_AT_ONCE)));
    }
  }

  private void putSome(List<? extends Row> rows) throws SQLException {
    if (rows.size() == 1) {
      put(rows.getFirst());
      return;
    }
    for (Row row : rows) {
      row.bind(update);
      update.addBatch();
    }
    int[] changed = update.executeBatch();
    boolean some = false;
    for (int i = 0; i < changed.length; i++) {
      if (changed[i] == 0) {
        rows.get(i).bind(insert);
        insert.addBatch();
        some = true;
      }
    }
    if (some) {
      insert.executeBatch();
    }
  }

  @Override
  public void close() throws SQLException {
    try (update) {
      insert.close();
    }
  }
}
