package oca.fill.state;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A schema of its own in a PostgreSQL, written by whoever holds its advisory lock.
 *
 * <p>The lock belongs to the session that writes. It is gone when that session is, and not before
 * the session's last transaction was decided: who gets it sees what became of that. The row in
 * {@code writer} says by its epoch whether others had the lock meanwhile, and by its number which
 * group of works was the last that came through. Each group updates that row under its epoch, so
 * that a lock that protects nothing (a pool that hands out sessions by the transaction) is noticed
 * before anything is committed.
 */
final class PostgresDatabase implements StateDatabase {
  private static final Logger log = LoggerFactory.getLogger(PostgresDatabase.class);
  private static final Duration TRY_AGAIN = Duration.ofSeconds(1);
  private static final String OBJECT_IN_USE = "55006";

  private final PostgresPlace at;
  private final long lock;
  private long epoch;
  private long group;

  PostgresDatabase(PostgresPlace at) {
    this.at = at;
    this.lock = key(at.schema());
  }

  @Override
  public String place() {
    return at.toString();
  }

  @Override
  public Connection open() throws IOException {
    try {
      Connection connection = await();
      try {
        prepare(connection);
      } catch (SQLException | IOException | RuntimeException e) {
        connection.close();
        throw e;
      }
      return connection;
    } catch (SQLException e) {
      throw new IOException("the database " + at + ": " + StateStore.firstLine(e), e);
    }
  }

  /** A connection that has the lock; waits for it as long as it may. */
  private Connection await() throws SQLException, IOException {
    Connection connection = connect();
    try {
      long left = at.standby().toMillis();
      for (boolean told = false; !hasLock(connection); told = true) {
        String holder = holder(connection);
        if (left <= 0) {
          throw new IOException(
              "the database "
                  + at
                  + " is written by another controller, "
                  + holder
                  + "; stop that one, name another state.schema, or let state.standby be longer");
        }
        if (!told) {
          log.info(
              "standing by for {}: it is written by another controller, {}; waiting {} ms",
              at,
              holder,
              left);
        }
        Thread.sleep(Math.min(left, TRY_AGAIN.toMillis()));
        left -= TRY_AGAIN.toMillis();
      }
      return connection;
    } catch (InterruptedException e) {
      connection.close();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("stopped while standing by for the database " + at);
    } catch (SQLException | IOException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private void prepare(Connection connection) throws SQLException, IOException {
    try (Statement statement = connection.createStatement()) {
      if (!isThere(connection)) {
        statement.execute("CREATE SCHEMA " + at.schema());
      }
      connection.commit();
      StateLayout.run(
          connection,
          place(),
          PostgresDatabase::words,
          "postgresql",
          _ -> log.info("{}: its tables are brought to layout {}", at, StateLayout.NEWEST));
      statement.executeUpdate("UPDATE writer SET epoch = epoch + 1");
      look(connection, true);
      connection.commit();
    }
  }

  private boolean isThere(Connection connection) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT 1 FROM pg_namespace WHERE nspname = ?")) {
      select.setString(1, at.schema());
      try (ResultSet rows = select.executeQuery()) {
        return rows.next();
      }
    }
  }

  /** A script as PostgreSQL has it; text is compared by its bytes, whatever the locale. */
  private static String words(String script) {
    return script
        .replaceAll("\\bBLOB\\b", "BYTEA")
        .replace("TIMESTAMP(9)", "TIMESTAMP(6)")
        .replaceAll("\\b(VAR)?CHAR\\((\\d+)\\)", "$0 COLLATE \"C\"");
  }

  @Override
  public boolean isRemote() {
    return true;
  }

  @Override
  public long group() {
    return group;
  }

  @Override
  public Connection again() throws SQLException, TakenOverException {
    Connection connection = connect();
    try {
      boolean locked = hasLock(connection);
      look(connection, false);
      connection.rollback();
      if (!locked) {
        // The server has not noticed that the old connection is gone, or another is about to write.
        throw new SQLException(
            "its lock is held, " + holder(connection) + "; waiting for it", OBJECT_IN_USE);
      }
      return connection;
    } catch (SQLException | TakenOverException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** Reads the row of who writes; {@code first} to take it as it is. */
  private void look(Connection connection, boolean first) throws SQLException, TakenOverException {
    try (Statement select = connection.createStatement();
        ResultSet rows = select.executeQuery("SELECT epoch, works FROM writer")) {
      if (!rows.next()) {
        throw new SQLException("the table writer is empty; restore a copy");
      }
      if (first) {
        epoch = rows.getLong(1);
      } else if (rows.getLong(1) != epoch) {
        throw takenOver();
      }
      group = rows.getLong(2);
    }
  }

  @Override
  public void mark(Connection connection, long number) throws SQLException, TakenOverException {
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE writer SET works = ? WHERE epoch = ?")) {
      update.setLong(1, number);
      update.setLong(2, epoch);
      if (update.executeUpdate() == 0) {
        throw takenOver();
      }
    }
  }

  @Override
  public void commit(Connection connection) throws SQLException {
    connection.commit();
  }

  @Override
  public void check(Connection connection) throws SQLException, TakenOverException {
    look(connection, false);
    connection.rollback();
  }

  private TakenOverException takenOver() {
    return new TakenOverException(
        at
            + " was taken over by another controller; this one ends, for what it has in memory is"
            + " of before");
  }

  private Connection connect() throws SQLException {
    Properties properties = new Properties();
    at.user().ifPresent(name -> properties.setProperty("user", name));
    if (at.passwordFile().isPresent()) {
      properties.setProperty("password", password(at.passwordFile().get()));
    }
    // Seconds. A thread that waits for a dead network has to turn before a watchdog ends it.
    properties.setProperty("connectTimeout", "3");
    properties.setProperty("loginTimeout", "5");
    properties.setProperty("socketTimeout", "20");
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("ApplicationName", "oca-fill-state");
    properties.setProperty("reWriteBatchedInserts", "true");
    properties.setProperty("currentSchema", at.schema());
    // The server lets go of the lock of a machine that died within 20 s, and of a process that
    // stands still in a transaction within 30 s.
    properties.setProperty(
        "options",
        "-c idle_in_transaction_session_timeout=30000 -c lock_timeout=10000"
            + " -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
            + " -c client_min_messages=warning");
    Connection connection = DriverManager.getConnection(at.jdbcUrl(), properties);
    try {
      requireFit(connection);
      connection.setAutoCommit(false);
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private void requireFit(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      boolean lazy;
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT pg_is_in_recovery(), current_setting('server_encoding'),"
                  + " current_setting('synchronous_commit')")) {
        rows.next();
        if (rows.getBoolean(1)) {
          throw new SQLException("it is a copy that cannot be written; name the primary");
        }
        if (!rows.getString(2).equals("UTF8")) {
          throw new SQLException(
              "it is in the encoding " + rows.getString(2) + "; create one in UTF8");
        }
        lazy = rows.getString(3).equals("off") || rows.getString(3).equals("local");
      }
      if (lazy) {
        statement.execute("SET synchronous_commit = on");
      }
    }
  }

  private static String password(Path file) throws SQLException {
    try {
      return Files.readString(file, StandardCharsets.UTF_8).lines().findFirst().orElse("");
    } catch (IOException e) {
      throw new SQLException("state.passwordFile cannot be read: " + e.getMessage(), e);
    }
  }

  /** Tries to lock; holds it until the session ends. */
  private boolean hasLock(Connection connection) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement("SELECT pg_try_advisory_lock(?)")) {
      select.setLong(1, lock);
      try (ResultSet rows = select.executeQuery()) {
        rows.next();
        boolean mine = rows.getBoolean(1);
        connection.commit();
        return mine;
      }
    }
  }

  private String holder(Connection connection) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT COALESCE(host(client_addr), 'on its own machine'), backend_start"
                + " FROM pg_locks JOIN pg_stat_activity USING (pid)"
                + " WHERE locktype = 'advisory' AND granted AND objsubid = 1"
                + " AND classid::bigint = ? AND objid::bigint = ? AND database ="
                + " (SELECT oid FROM pg_database WHERE datname = current_database())")) {
      select.setLong(1, lock >>> 32);
      select.setLong(2, lock & 0xffffffffL);
      try (ResultSet rows = select.executeQuery()) {
        String who =
            rows.next()
                ? rows.getString(1) + " since " + rows.getString(2)
                : "which is just letting go";
        connection.rollback();
        return who;
      }
    }
  }

  /** The lock's number, which within a database stands for the schema's name. */
  private static long key(String schema) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(("oca.fill.state " + schema).getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(digest).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform must have SHA-256", e);
    }
  }
}
