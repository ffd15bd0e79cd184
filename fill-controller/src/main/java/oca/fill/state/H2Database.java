package oca.fill.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.UnaryOperator;
import org.h2.jdbcx.JdbcDataSource;

/** One database in one file, which no other process opens meanwhile. */
final class H2Database implements StateDatabase {
  private static final int DATABASE_ALREADY_OPEN = 90020;
  private static final int DATABASE_IS_IN_EXCLUSIVE_MODE = 90135;

  private final Path absolute;
  private final Path file;

  /** By the name without {@code .mv.db}. */
  H2Database(Path name) {
    this.absolute = name.toAbsolutePath().normalize();
    this.file = absolute.resolveSibling(absolute.getFileName() + ".mv.db");
  }

  @Override
  public String place() {
    return file.toString();
  }

  @Override
  public Connection open() throws IOException {
    if (absolute.toString().indexOf(';') >= 0) {
      throw new IOException("the database " + file + " has a semicolon in its name; rename it");
    }
    Path folder = absolute.getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    JdbcDataSource source = new JdbcDataSource();
    source.setURL(
        "jdbc:h2:file:"
            + absolute
            + ";DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0"
            // Else H2 parses all but the last eight statements anew each time.
            + ";QUERY_CACHE_SIZE=128");
    source.setUser("sa");
    source.setPassword("");
    try {
      Connection connection = source.getConnection();
      try {
        prepare(connection);
      } catch (SQLException | IOException | RuntimeException e) {
        connection.close();
        throw e;
      }
      return connection;
    } catch (SQLException e) {
      throw new IOException(refusal(e), e);
    }
  }

  private void prepare(Connection connection) throws SQLException, IOException {
    connection.setAutoCommit(false);
    try (Statement alone = connection.createStatement()) {
      // The file is locked against other processes only; this keeps out a second store in ours.
      alone.execute("SET EXCLUSIVE 1");
    }
    StateLayout.run(
        connection, place(), UnaryOperator.identity(), "", found -> copy(connection, found));
  }

  private void copy(Connection connection, int layout) throws SQLException {
    try (PreparedStatement backup = connection.prepareStatement("BACKUP TO ?")) {
      backup.setString(1, absolute + ".layout-" + layout + ".zip");
      backup.execute();
    }
  }

  private String refusal(SQLException e) {
    return e.getErrorCode() == DATABASE_ALREADY_OPEN
            || e.getErrorCode() == DATABASE_IS_IN_EXCLUSIVE_MODE
        ? "the database " + file + " is in use by another process; stop it or name another file"
        : "the database "
            + file
            + " cannot be read ("
            + StateStore.firstLine(e)
            + "); restore a copy, or move it away to start empty";
  }

  @Override
  public boolean isRemote() {
    return false;
  }

  @Override
  public long group() {
    return 0;
  }

  @Override
  public Connection again() throws SQLException {
    throw new SQLException("the file " + file + " is not opened again");
  }

  @Override
  public void mark(Connection connection, long group) {
    // Nobody asks: a process that loses its file does not get it back.
  }

  @Override
  public void commit(Connection connection) throws SQLException {
    connection.commit();
    // H2 returns from a commit before the file is synced.
    try (Statement sync = connection.createStatement()) {
      sync.execute("CHECKPOINT SYNC");
    }
  }

  @Override
  public void check(Connection connection) {
    // It is this process itself.
  }
}
