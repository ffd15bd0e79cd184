package oca.fill.jobs.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import oca.fill.jobs.JobFile;
import oca.fill.jobs.Step;
import oca.fill.jobs.Tell;
import oca.model.ApplianceId;
import org.jspecify.annotations.Nullable;

/** The statements about what appliances are to be told. */
final class Outbox {
  private static final String JOINED =
      "SELECT o.number, o.appliance, o.kind, o.job, o.generation, o.attempt, o.by_generation,"
          + " j.path, j.version, j.length FROM fill_outbox o JOIN fill_job j ON j.number = o.job";

  private Outbox() {}

  static List<Tell> of(Connection connection, String slots) throws SQLException {
    try (Statement select = connection.createStatement();
        ResultSet rows =
            select.executeQuery(
                JOINED + " WHERE " + slots.replace("slot", "o.slot") + " ORDER BY o.number")) {
      return tells(rows);
    }
  }

  /**
   * Puts in what a step tells.
   *
   * @param by generation of the lease; 0 for a plan, which has none
   * @return as it stands there; null when the step tells nothing
   */
  static @Nullable Tell put(Connection connection, Step step, long by) throws SQLException {
    if (step.tell() == null) {
      return null;
    }
    long number;
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO fill_outbox"
                + " (slot, appliance, kind, job, generation, attempt, by_generation)"
                + " SELECT slot, appliance, ?, number, ?, ?, ? FROM fill_job WHERE number = ?",
            new String[] {"number"})) {
      insert.setString(1, step.tell().name());
      insert.setLong(2, step.told().generation());
      insert.setInt(3, step.told().attempt());
      insert.setLong(4, Math.max(by, step.told().generation()));
      insert.setLong(5, step.job());
      insert.executeUpdate();
      try (ResultSet keys = insert.getGeneratedKeys()) {
        if (!keys.next()) {
          throw new SQLException("job " + step.job() + " has gone");
        }
        number = keys.getLong(1);
      }
    }
    try (PreparedStatement select = connection.prepareStatement(JOINED + " WHERE o.number = ?")) {
      select.setLong(1, number);
      try (ResultSet rows = select.executeQuery()) {
        return tells(rows).getFirst();
      }
    }
  }

  static void delete(Connection connection, Collection<Long> heard) throws SQLException {
    if (heard.isEmpty()) {
      return;
    }
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM fill_outbox WHERE number = ?")) {
      for (long number : heard) {
        delete.setLong(1, number);
        delete.addBatch();
      }
      delete.executeBatch();
    }
  }

  private static List<Tell> tells(ResultSet rows) throws SQLException {
    List<Tell> tells = new ArrayList<>();
    while (rows.next()) {
      tells.add(
          new Tell(
              rows.getLong(1),
              new ApplianceId(rows.getString(2)),
              Tell.Kind.valueOf(rows.getString(3)),
              rows.getLong(4),
              rows.getLong(5),
              rows.getInt(6),
              rows.getLong(7),
              new JobFile(rows.getString(8), rows.getString(9), rows.getLong(10))));
    }
    return tells;
  }
}
