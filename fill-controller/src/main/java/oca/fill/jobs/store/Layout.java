package oca.fill.jobs.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import oca.fill.jobs.Lease;

/** Brings a database to the layout of this release; a newer one is refused and left alone. */
final class Layout {
  /** The newest layout this code knows. */
  static final int NEWEST = 2;

  private Layout() {}

  static Object run(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE IF NOT EXISTS fill_layout (version INT NOT NULL PRIMARY KEY)");
      int version = version(statement);
      if (version > NEWEST) {
        throw new SQLException(
            "it has layout "
                + version
                + " of a newer release and this one knows up to "
                + NEWEST
                + "; run the newer release or name another database");
      }
      if (version < NEWEST) {
        for (int next = version + 1; next <= NEWEST; next++) {
          for (String sql : script(next).split(";\\s*\n", -1)) {
            if (!sql.isBlank()) {
              statement.execute(sql);
            }
          }
        }
        if (version == 0) {
          statement.execute("INSERT INTO fill_plan (one, version) VALUES (1, 0)");
          slots(connection);
        }
        statement.execute("INSERT INTO fill_layout (version) VALUES (" + NEWEST + ")");
      }
    }
    return NEWEST;
  }

  private static void slots(Connection connection) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO fill_lease (slot, owner, address, generation, until_ms)"
                + " VALUES (?, '', '', 0, 0)")) {
      for (int slot = 0; slot < Lease.SLOTS; slot++) {
        insert.setInt(1, slot);
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private static int version(Statement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery("SELECT MAX(version) FROM fill_layout")) {
      return rows.next() ? rows.getInt(1) : 0;
    }
  }

  private static String script(int version) {
    String name = "layout-" + version + ".sql";
    try (InputStream in = Layout.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + name + " is missing from this build");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
