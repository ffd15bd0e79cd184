package oca.fill.state;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.h2.jdbcx.JdbcDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One H2 database in one file, used by one thread.
 *
 * <p>The contract: {@link #write} runs its work as one transaction and returns only when the
 * transaction is on disk (committed, written and synced); it survives {@code kill -9} and a power
 * cut from then on. Work that throws leaves no trace. Transactions never overlap, so a work that
 * reads and then writes needs no locks. Safe on any thread, which waits; an interrupted waiter
 * leaves, the transaction goes on. The thread of its own is there because H2 closes its file when
 * the thread that reads it is interrupted.
 */
public final class StateStore implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StateStore.class);

  /** The newest layout this code knows. */
  static final int SCHEMA_VERSION = 1;

  private static final int DATABASE_ALREADY_OPEN = 90020;
  private static final int DATABASE_IS_IN_EXCLUSIVE_MODE = 90135;

  /** What to do with the connection: prepare, execute, never commit or close it. */
  @FunctionalInterface
  public interface Work<T> {
    /** Runs on the store's thread. */
    T run(Connection connection) throws SQLException;
  }

  private final Path file;
  private final Connection connection;
  private final ExecutorService thread;

  private StateStore(Path file, Connection connection) {
    this.file = file;
    this.connection = connection;
    this.thread =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("fill-state").factory());
  }

  /**
   * Opens the database, creating it when absent.
   *
   * @param file as the operator names it; H2 adds {@code .mv.db} to the name
   * @throws IOException when it is in use by another process, damaged, or of a newer version; one
   *     sentence that names the file and the remedy
   */
  public static StateStore open(Path file) throws IOException {
    Path absolute = file.toAbsolutePath().normalize();
    Path onDisk = absolute.resolveSibling(absolute.getFileName() + ".mv.db");
    if (absolute.toString().indexOf(';') >= 0) {
      throw new IOException("the database " + onDisk + " has a semicolon in its name; rename it");
    }
    Path folder = absolute.getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    JdbcDataSource source = new JdbcDataSource();
    source.setURL("jdbc:h2:file:" + absolute + ";DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0");
    source.setUser("sa");
    source.setPassword("");
    try {
      Connection connection = source.getConnection();
      try {
        prepare(connection, onDisk);
      } catch (SQLException | IOException | RuntimeException e) {
        connection.close();
        throw e;
      }
      return new StateStore(onDisk, connection);
    } catch (SQLException e) {
      throw new IOException(refusal(onDisk, e), e);
    }
  }

  /** The file on disk. */
  public Path file() {
    return file;
  }

  /**
   * Runs one transaction that may change something; durable when this returns.
   *
   * @throws IOException when it failed and nothing of it remains
   */
  public <T> T write(Work<T> work) throws IOException {
    return onThread(
        () -> {
          try {
            T result = work.run(connection);
            connection.commit();
            try (Statement sync = connection.createStatement()) {
              sync.execute("CHECKPOINT SYNC");
            }
            return result;
          } catch (SQLException | RuntimeException e) {
            connection.rollback();
            throw e;
          }
        });
  }

  /** Runs one transaction that changes nothing. */
  public <T> T read(Work<T> work) throws IOException {
    return onThread(
        () -> {
          try {
            return work.run(connection);
          } finally {
            connection.rollback();
          }
        });
  }

  /**
   * Whether the database takes another transaction within {@code patience}; one that was closed
   * counts as having done so.
   */
  public boolean answers(Duration patience) throws InterruptedException {
    CountDownLatch turned = new CountDownLatch(1);
    try {
      thread.execute(turned::countDown);
    } catch (RejectedExecutionException e) {
      return true;
    }
    return turned.await(patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** The stored snapshot of that name. */
  public Optional<byte[]> document(String name) throws IOException {
    return read(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement("SELECT json FROM document WHERE name = ?")) {
            select.setString(1, name);
            try (ResultSet rows = select.executeQuery()) {
              return rows.next() ? Optional.of(rows.getBytes(1)) : Optional.empty();
            }
          }
        });
  }

  /** Keeps a snapshot under a name, as part of a {@link #write}. */
  public static void keep(Connection connection, String name, byte[] json) throws SQLException {
    try (PreparedStatement merge =
        connection.prepareStatement("MERGE INTO document KEY (name) VALUES (?, ?)")) {
      merge.setString(1, name);
      merge.setBytes(2, json);
      merge.executeUpdate();
    }
  }

  /** Forgets the snapshot of that name, as part of a {@link #write}. */
  public static void drop(Connection connection, String name) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM document WHERE name = ?")) {
      delete.setString(1, name);
      delete.executeUpdate();
    }
  }

  /** Adds to a running total, as part of a {@link #write}. */
  public static void count(Connection connection, String name, long amount) throws SQLException {
    if (amount != 0) {
      put(connection, name, total(connection, name) + amount);
    }
  }

  /** Sets a running total, as part of a {@link #write}. */
  public static void put(Connection connection, String name, long amount) throws SQLException {
    try (PreparedStatement merge =
        connection.prepareStatement("MERGE INTO counter KEY (name) VALUES (?, ?)")) {
      merge.setString(1, name);
      merge.setLong(2, amount);
      merge.executeUpdate();
    }
  }

  /** A running total; 0 when nothing was counted yet. */
  public static long total(Connection connection, String name) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT amount FROM counter WHERE name = ?")) {
      select.setString(1, name);
      try (ResultSet rows = select.executeQuery()) {
        return rows.next() ? rows.getLong(1) : 0;
      }
    }
  }

  /** Waits for what is under way and closes the file. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(30, TimeUnit.SECONDS)) {
        log.warn("{}: a transaction is still running after 30 s; closing under it", file);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      connection.close();
    } catch (SQLException e) {
      log.warn("{}: not closed cleanly: {}", file, e.getMessage());
    }
  }

  private <T> T onThread(Transaction<T> transaction) throws IOException {
    Future<T> result;
    try {
      result = thread.submit(transaction::run);
    } catch (RejectedExecutionException e) {
      throw new IOException("the database " + file + " is closed", e);
    }
    try {
      return result.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for the database " + file);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof RuntimeException fault) {
        throw fault;
      }
      String why = cause == null ? "" : firstLine(cause);
      throw new IOException("the database " + file + ": " + why, e);
    }
  }

  private interface Transaction<T> {
    T run() throws SQLException;
  }

  private static void prepare(Connection connection, Path file) throws SQLException, IOException {
    connection.setAutoCommit(false);
    try (Statement alone = connection.createStatement()) {
      // The file is locked against other processes only; this keeps out a second store in ours.
      alone.execute("SET EXCLUSIVE 1");
    }
    int version = version(connection);
    if (version == 0) {
      try (Statement create = connection.createStatement()) {
        create.execute(script());
      }
      connection.commit();
    } else if (version > SCHEMA_VERSION) {
      throw new IOException(
          "the database "
              + file
              + " has layout "
              + version
              + " of a newer release and this one knows up to "
              + SCHEMA_VERSION
              + "; run the newer release or name another file");
    }
  }

  private static int version(Connection connection) throws SQLException {
    try (ResultSet tables =
        connection.getMetaData().getTables(null, "PUBLIC", "SCHEMA_VERSION", null)) {
      if (!tables.next()) {
        return 0;
      }
    }
    try (Statement select = connection.createStatement();
        ResultSet rows = select.executeQuery("SELECT MAX(version) FROM schema_version")) {
      return rows.next() ? rows.getInt(1) : 0;
    }
  }

  private static String script() throws IOException {
    String name = "schema-" + SCHEMA_VERSION + ".sql";
    try (InputStream in = StateStore.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("the resource " + name + " is missing from this build");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String refusal(Path file, SQLException e) {
    return e.getErrorCode() == DATABASE_ALREADY_OPEN
            || e.getErrorCode() == DATABASE_IS_IN_EXCLUSIVE_MODE
        ? "the database " + file + " is in use by another process; stop it or name another file"
        : "the database "
            + file
            + " cannot be read ("
            + firstLine(e)
            + "); restore a copy, or move it away to start empty";
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
