package oca.steering.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import oca.protocol.service.NewerDataException;

/**
 * Brings a database to the layout of this release, one numbered script after the other.
 *
 * <p>Which scripts ran stands in the table {@code registry_layout}. Each is written so that it may
 * run again, because H2 commits each table by itself: a process that dies in the middle leaves
 * nothing that the next start cannot complete. A layout newer than this release is refused and left
 * alone.
 */
final class Migrations {
  /** The newest layout this code knows. */
  static final int NEWEST = 1;

  private static final String H2_FILE = "jdbc:h2:file:";

  private Migrations() {}

  /** A newer release wrote it. */
  static final class NewerException extends SQLException {
    private static final long serialVersionUID = 1;

    private final String place;
    private final int found;

    private NewerException(String place, int found) {
      super(place + " has layout " + found + " of a newer release");
      this.place = place;
      this.found = found;
    }

    NewerDataException told() {
      return new NewerDataException(
          "the registry " + place, found, NEWEST, "name another database or restore a copy");
    }
  }

  static void run(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE IF NOT EXISTS registry_layout (version INTEGER NOT NULL PRIMARY KEY)");
      int version = version(statement);
      if (version > NEWEST) {
        throw new NewerException(place(connection), version);
      }
      for (int next = version + 1; next <= NEWEST; next++) {
        for (String sql : script(next).split(";\\s*\n", -1)) {
          if (!sql.isBlank()) {
            statement.execute(sql);
          }
        }
        statement.execute("INSERT INTO registry_layout (version) VALUES (" + next + ")");
      }
    }
    connection.commit();
  }

  /** Which one it is, without what is said of how to connect to it. */
  private static String place(Connection connection) throws SQLException {
    String url = connection.getMetaData().getURL();
    return url.startsWith(H2_FILE)
        ? url.substring(H2_FILE.length()).replaceFirst(";.*", "") + ".mv.db"
        : url.replaceFirst("[?;].*", "");
  }

  private static int version(Statement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery("SELECT MAX(version) FROM registry_layout")) {
      return rows.next() ? rows.getInt(1) : 0;
    }
  }

  private static String script(int version) {
    String name = "layout-" + version + ".sql";
    try (InputStream in = Migrations.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + name + " is missing from this build");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
