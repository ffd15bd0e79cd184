package oca.fill.jobs.store;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells other controllers that something has changed, by PostgreSQL's LISTEN and NOTIFY. H2 is used
 * by one process, which need not be told. What gets lost is found by the engine's next look.
 */
final class Wakeups implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Wakeups.class);
  private static final int WAIT_MILLIS = 500;

  private final ConnectionSource source;
  private final CountDownLatch closed = new CountDownLatch(1);
  private @Nullable Thread thread;

  Wakeups(ConnectionSource source) {
    this.source = source;
  }

  /** As part of a transaction: sent when it commits. */
  static void notify(Connection connection) throws SQLException {
    if (isPostgres(connection)) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("NOTIFY oca_fill_jobs");
      }
    }
  }

  /** How long this transaction may stand still before the database ends it; PostgreSQL only. */
  static void mayIdle(Connection connection, String time) throws SQLException {
    if (isPostgres(connection)) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET LOCAL idle_in_transaction_session_timeout = '" + time + "'");
      }
    }
  }

  synchronized void listen(Runnable changed) {
    if (thread == null) {
      thread = Thread.ofVirtual().name("fill-wakeups").start(() -> run(changed));
    }
  }

  @Override
  public synchronized void close() {
    closed.countDown();
  }

  private void run(Runnable changed) {
    try {
      do {
        try (Connection connection = source.connect()) {
          if (!isPostgres(connection)) {
            return;
          }
          hear(connection, changed);
        } catch (SQLException e) {
          log.info("not told of changes for a while: {}", e.getMessage());
        }
      } while (!closed.await(1, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void hear(Connection connection, Runnable changed) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("LISTEN oca_fill_jobs");
    }
    // Whatever happened before this connection was there.
    changed.run();
    try {
      // By name: the driver's classes name annotations that are not on our class path.
      Class<?> type = Class.forName("org.postgresql.PGConnection");
      Object listening = connection.unwrap(type);
      Method wait = type.getMethod("getNotifications", int.class);
      while (closed.getCount() > 0) {
        // Waits on the socket; no statement is sent.
        if (wait.invoke(listening, WAIT_MILLIS) instanceof Object[] heard && heard.length > 0) {
          changed.run();
        }
      }
    } catch (ReflectiveOperationException e) {
      throw new SQLException("notifications cannot be waited for: " + e.getMessage(), e);
    }
  }

  private static boolean isPostgres(Connection connection) throws SQLException {
    return connection.getMetaData().getDatabaseProductName().equals("PostgreSQL");
  }
}
