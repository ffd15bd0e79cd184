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
import oca.protocol.service.NewerDataException;

/**
 * Brings a database to the layout of this release; a newer one is refused and left alone.
 *
 * <p>Of a database in a file of H2 a copy is made before an older layout is changed, {@code
 * FILE.layout-1.zip}: who goes back to the older release unpacks it. PostgreSQL has copies of its
 * operator's.
 */
final class Layout {
  /** The newest layout this code knows. */
  static final int NEWEST = 2;

  private static final String H2_FILE = "jdbc:h2:file:";

  private Layout() {}

  /** A newer release wrote it. */
  static final class NewerException extends SQLException {
    private static final long serialVersionUID = 1;

    private final String place;
    private final int found;

    private NewerException(String place, int found) {
      super("layout " + found);
      this.place = place;
      this.found = found;
    }

    NewerDataException told() {
      return new NewerDataException(
          "the database of jobs " + place,
          found,
          NEWEST,
          "name another database or restore a copy");
    }
  }

  static Object run(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE IF NOT EXISTS fill_layout (version INT NOT NULL PRIMARY KEY)");
      int version = version(statement);
      if (version > NEWEST) {
        throw new NewerException(place(connection), version);
      }
      if (version > 0 && version < NEWEST) {
        copy(connection, version);
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

  /** Which one it is, without what is said of how to connect to it. */
  private static String place(Connection connection) throws SQLException {
    String url = connection.getMetaData().getURL();
    return url.startsWith(H2_FILE) ? h2File(url) : url.replaceFirst("[?;].*", "");
  }

  private static String h2File(String url) {
    return url.substring(H2_FILE.length()).replaceFirst(";.*", "") + ".mv.db";
  }

  private static void copy(Connection connection, int version) throws SQLException {
    String url = connection.getMetaData().getURL();
    if (url.startsWith(H2_FILE)) {
      try (PreparedStatement backup = connection.prepareStatement("BACKUP TO ?")) {
        backup.setString(1, h2File(url).replaceFirst("mv\\.db$", "layout-" + version + ".zip"));
        backup.execute();
      }
    }
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
