package oca.fill.jobs.store;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One connection, used by one thread at a time, made anew after each failure. */
final class Line implements AutoCloseable {
  /** What to do with the connection: never commit or close it. */
  interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  private final ConnectionSource source;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Connection connection;
  private boolean h2;
  private boolean closed;

  Line(ConnectionSource source) {
    this.source = source;
  }

  /** One statement, which is a transaction of its own. */
  <T> T single(Work<T> work) throws IOException {
    return with(
        open -> {
          open.setAutoCommit(true);
          return work.run(open);
        });
  }

  /** A transaction that changes nothing. */
  <T> T read(Work<T> work) throws IOException {
    return with(
        open -> {
          open.setAutoCommit(false);
          T result = work.run(open);
          open.rollback();
          return result;
        });
  }

  /** A transaction; on disk when this returns. */
  <T> T write(Work<T> work) throws IOException {
    return with(
        open -> {
          open.setAutoCommit(false);
          T result = work.run(open);
          open.commit();
          if (h2) {
            // H2 returns from a commit before the file is synced; PostgreSQL does not.
            try (Statement sync = open.createStatement()) {
              sync.execute("CHECKPOINT SYNC");
            }
          }
          return result;
        });
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      hangUp();
    } finally {
      lock.unlock();
    }
  }

  private <T> T with(Work<T> work) throws IOException {
    lock.lock();
    try {
      if (closed) {
        throw new IOException("the database of jobs is closed");
      }
      Connection open = connection;
      if (open == null) {
        open = source.connect();
        h2 = open.getMetaData().getDatabaseProductName().equals("H2");
        connection = open;
      }
      return work.run(open);
    } catch (SQLException e) {
      hangUp();
      String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new IOException("the database of jobs: " + why, e);
    } catch (RuntimeException e) {
      hangUp();
      throw e;
    } finally {
      lock.unlock();
    }
  }

  /** Whatever was not committed is undone with it. */
  private void hangUp() {
    Connection open = connection;
    connection = null;
    if (open != null) {
      try (open) {
        if (!open.getAutoCommit()) {
          open.rollback();
        }
      } catch (SQLException e) {
        // It is of no use any more, and whether it says so does not matter.
      }
    }
  }
}
