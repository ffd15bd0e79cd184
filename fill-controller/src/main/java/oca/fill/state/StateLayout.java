package oca.fill.state;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import oca.protocol.service.NewerDataException;

/**
 * Brings a database to the tables of this release, one numbered script after the other ({@code
 * schema-1.sql} and so on); a newer one is refused and left alone. The scripts from 2 on may run
 * again: H2 commits each table by itself, and who dies in the middle leaves the rest to the next.
 */
final class StateLayout {
  /** The newest layout this code knows. */
  static final int NEWEST = 2;

  private StateLayout() {}

  /** Keeps a copy of what an older release can read, where that is not the operator's task. */
  @FunctionalInterface
  interface Copy {
    void of(int layout) throws SQLException;
  }

  /**
   * Runs what is missing, and commits.
   *
   * @param words says a script in the words of the database
   * @param also the kind of database of which some scripts have a second part; empty for none
   * @throws NewerDataException when a newer release wrote it; its tables are as they were
   */
  static void run(
      Connection connection, String place, UnaryOperator<String> words, String also, Copy copy)
      throws SQLException, IOException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE IF NOT EXISTS schema_version (version INT NOT NULL)");
      int version = version(statement);
      if (version > NEWEST) {
        throw new NewerDataException(
            "the database " + place, version, NEWEST, "name another database or restore a copy");
      }
      if (version > 0 && version < NEWEST) {
        copy.of(version);
      }
      for (int next = version + 1; next <= NEWEST; next++) {
        for (String sql : scripts(next, also)) {
          statement.execute(words.apply(sql));
        }
        statement.execute("INSERT INTO schema_version VALUES (" + next + ")");
      }
    }
    connection.commit();
  }

  private static int version(Statement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery("SELECT MAX(version) FROM schema_version")) {
      return rows.next() ? rows.getInt(1) : 0;
    }
  }

  private static List<String> scripts(int version, String also) throws IOException {
    String name = "schema-" + version;
    List<String> scripts = new ArrayList<>();
    scripts.add(
        script(name + ".sql")
            .orElseThrow(
                () -> new IOException("the resource " + name + ".sql is missing from this build")));
    if (!also.isEmpty()) {
      script(name + "-" + also + ".sql").ifPresent(scripts::add);
    }
    return scripts;
  }

  private static Optional<String> script(String name) throws IOException {
    try (InputStream in = StateLayout.class.getResourceAsStream(name)) {
      return in == null
          ? Optional.empty()
          : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }
}
