package oca.fill.state;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One database, an H2 in a file or a schema of a PostgreSQL, written by this process alone and by
 * one thread of it.
 *
 * <p>The contract: {@link #write} runs its work whole or not at all and returns only when it is on
 * disk (committed, written and synced); it survives {@code kill -9} and a power cut from then on.
 * Work that throws leaves no trace. Works never overlap, so one that reads and then writes needs no
 * locks. Works that wait at the same moment share one commit and one sync, {@value #MOST_SHARING}
 * at most, each behind a savepoint of its own: to sync takes longer than most of them. Safe on any
 * thread, which waits; an interrupted waiter leaves, the transaction goes on. The thread of its own
 * is there because H2 closes its file when the thread that reads it is interrupted.
 *
 * <p>A connection to PostgreSQL that is lost is had again, tried for at once and then each second;
 * works fail meanwhile. Whoever gave a work learns what became of it also when the connection was
 * lost in the middle of its commit: every group of works has a number, which is in the database
 * exactly when they are, and who waits for such a group is told after the next connection and not
 * before. When the database was written by another process meanwhile, or is older than it was, all
 * work is refused from then on and {@link #lost} says why: what the rooms above have in memory is
 * not what the database says.
 */
public final class StateStore implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StateStore.class);

  static final int MOST_SHARING = 64;

  private static final long AGAIN_SECONDS = 1;
  private static final long CHECK_SECONDS = 5;

  /** What to do with the connection: prepare, execute, never commit or close it. */
  @FunctionalInterface
  public interface Work<T> {
    /** Runs on the store's thread. */
    T run(Connection connection) throws SQLException;
  }

  private final StateDatabase database;
  private final ScheduledThreadPoolExecutor thread;
  private final CompletableFuture<IOException> lost = new CompletableFuture<>();

  /** Works that wait for the thread, oldest first; each has an order to it that takes some. */
  private final Queue<Waiting<?>> waiting = new ConcurrentLinkedQueue<>();

  private final AtomicLong losses = new AtomicLong();

  // The thread's; others may look whether it is there.
  private volatile @Nullable Connection connection;

  // These are the thread's.
  private long group;
  private @Nullable Unknown unknown;
  private String away = "";
  private @Nullable TakenOverException over;

  private StateStore(StateDatabase database) throws IOException {
    this.database = database;
    this.connection = database.open();
    this.group = database.group();
    this.thread =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("fill-state").factory());
    if (database.isRemote()) {
      var _ =
          thread.scheduleWithFixedDelay(
              this::check, CHECK_SECONDS, CHECK_SECONDS, TimeUnit.SECONDS);
    }
  }

  /**
   * Opens a database in a file, creating it when absent.
   *
   * @param file as the operator names it; H2 adds {@code .mv.db} to the name
   * @throws oca.protocol.service.NewerDataException when a newer release wrote it; its tables are
   *     as they were
   * @throws IOException when it is in use by another process or damaged; one sentence that names
   *     the file and the remedy
   */
  public static StateStore open(Path file) throws IOException {
    return new StateStore(new H2Database(file));
  }

  /**
   * Opens a schema of a PostgreSQL, creating it when absent. Waits while another process writes it.
   *
   * @throws oca.protocol.service.NewerDataException when a newer release wrote it; its tables are
   *     as they were
   * @throws IOException when it cannot be had, or another process writes it still after {@code
   *     standby}; one sentence that names place and remedy
   */
  public static StateStore open(PostgresPlace place) throws IOException {
    return new StateStore(new PostgresDatabase(place));
  }

  /** Which database it is, for people. */
  public String place() {
    return database.place();
  }

  /** Completed when no more work is done until this process starts anew; says why. */
  public CompletionStage<IOException> lost() {
    return lost;
  }

  /** Whether work is done at present. */
  public boolean isConnected() {
    return connection != null;
  }

  /** Connections that were lost since it was opened. */
  public long losses() {
    return losses.get();
  }

  /**
   * Runs a work that may change something, whole or not at all; durable when this returns.
   *
   * @throws IOException when it failed and nothing of it remains
   */
  public <T> T write(Work<T> work) throws IOException {
    Waiting<T> mine = new Waiting<>(work, new CompletableFuture<>());
    waiting.add(mine);
    try {
      thread.execute(this::writeTogether);
    } catch (RejectedExecutionException e) {
      waiting.remove(mine);
      throw new IOException("the database " + place() + " is closed", e);
    }
    return await(mine.result());
  }

  /** A work, and who waits for what comes of it. */
  private record Waiting<T>(Work<T> work, CompletableFuture<T> result) {
    /** Runs it; what tells its result once that is on disk. */
    Runnable run(Connection connection) throws SQLException {
      T done = work.run(connection);
      return () -> result.complete(done);
    }

    /** The same among others; nothing when it failed. */
    Optional<Runnable> runApart(Connection connection) throws SQLException {
      Savepoint before = connection.setSavepoint();
      try {
        Runnable done = run(connection);
        connection.releaseSavepoint(before);
        return Optional.of(done);
      } catch (SQLException | RuntimeException e) {
        connection.rollback(before);
        result.completeExceptionally(e);
        return Optional.empty();
      }
    }
  }

  /** Works of which nobody knows whether the database has them. */
  private record Unknown(long group, List<Waiting<?>> works, List<Runnable> done) {}

  /** Runs what waits, and makes it durable all at once; nothing when another order has taken it. */
  private void writeTogether() {
    List<Waiting<?>> taken = new ArrayList<>();
    for (Waiting<?> next = waiting.poll(); next != null; next = waiting.poll()) {
      taken.add(next);
      if (taken.size() == MOST_SHARING) {
        break;
      }
    }
    if (taken.isEmpty()) {
      return;
    }
    List<Runnable> done = new ArrayList<>();
    Connection open;
    try {
      open = connected();
      if (taken.size() == 1) {
        done.add(taken.getFirst().run(open));
      } else {
        for (Waiting<?> each : taken) {
          each.runApart(open).ifPresent(done::add);
        }
      }
      if (done.isEmpty()) {
        open.rollback();
        return;
      }
      database.mark(open, group + 1);
    } catch (SQLException | IOException | RuntimeException | Error e) {
      // Those that have failed on their own account know that already.
      fail(taken, e);
      undo(e);
      return;
    }
    commit(open, taken, done);
  }

  private void commit(Connection open, List<Waiting<?>> taken, List<Runnable> done) {
    try {
      database.commit(open);
      group++;
      done.forEach(Runnable::run);
    } catch (SQLException | RuntimeException | Error e) {
      if (database.isRemote()) {
        unknown = new Unknown(group + 1, taken, done);
        hangUp(e);
      } else {
        fail(taken, e);
        undo(e);
      }
    }
  }

  private static void fail(List<Waiting<?>> works, Throwable why) {
    works.forEach(each -> each.result().completeExceptionally(why));
  }

  /** Runs one transaction that changes nothing. */
  public <T> T read(Work<T> work) throws IOException {
    CompletableFuture<T> result = new CompletableFuture<>();
    try {
      thread.execute(() -> read(work, result));
    } catch (RejectedExecutionException e) {
      throw new IOException("the database " + place() + " is closed", e);
    }
    return await(result);
  }

  private <T> void read(Work<T> work, CompletableFuture<T> result) {
    try {
      Connection open = connected();
      T found = work.run(open);
      open.rollback();
      result.complete(found);
    } catch (SQLException | IOException | RuntimeException | Error e) {
      result.completeExceptionally(e);
      undo(e);
    }
  }

  private Connection connected() throws SQLException, TakenOverException {
    if (over != null) {
      throw over;
    }
    Connection open = connection;
    if (open == null) {
      throw new SQLException("no connection: " + away);
    }
    return open;
  }

  /** Undoes what was not committed. */
  private void undo(Throwable why) {
    if (why instanceof TakenOverException taken) {
      end(taken);
      return;
    }
    Connection open = connection;
    if (open == null) {
      return;
    }
    try {
      open.rollback();
      database.check(open);
    } catch (TakenOverException e) {
      end(e);
    } catch (SQLException e) {
      why.addSuppressed(e);
      if (database.isRemote()) {
        hangUp(why);
      }
    }
  }

  /** Notices a lost connection before somebody needs it. */
  private void check() {
    Connection open = connection;
    if (open == null) {
      return;
    }
    try {
      database.check(open);
    } catch (SQLException | TakenOverException | RuntimeException e) {
      undo(e);
    }
  }

  private void hangUp(Throwable why) {
    losses.incrementAndGet();
    closeQuietly();
    away = firstLine(why);
    log.warn("{}: the connection is lost ({}); connecting again", place(), away);
    reconnect();
  }

  private void reconnect() {
    try {
      Connection open = database.again();
      long kept = database.group();
      Unknown left = unknown;
      if (kept != group && (left == null || kept != left.group())) {
        open.close();
        throw new TakenOverException(
            place()
                + " is older than what was written to it (a copy was put in its place, or the"
                + " server it is on now did not have all); this one ends");
      }
      connection = open;
      unknown = null;
      if (left != null && kept == left.group()) {
        left.done().forEach(Runnable::run);
      } else if (left != null) {
        fail(left.works(), new SQLException("the connection was lost before it was written"));
      }
      group = kept;
      log.info("{}: connected again", place());
    } catch (TakenOverException e) {
      end(e);
    } catch (SQLException | RuntimeException e) {
      String before = away;
      away = firstLine(e);
      if (!away.equals(before)) {
        log.warn("{}: not connected: {}", place(), away);
      }
      connectLater();
    }
  }

  private void connectLater() {
    if (!thread.isShutdown()) {
      try {
        var _ = thread.schedule(this::reconnect, AGAIN_SECONDS, TimeUnit.SECONDS);
      } catch (RejectedExecutionException e) {
        // It was closed just now.
        return;
      }
    }
  }

  private void end(TakenOverException why) {
    closeQuietly();
    if (over == null) {
      over = why;
      log.error("{}", why.getMessage());
    }
    forget(why);
    lost.complete(why);
  }

  /** Tells those of whose works nobody will find out what became of them. */
  private void forget(Exception why) {
    Unknown left = unknown;
    unknown = null;
    if (left != null) {
      fail(left.works(), why);
    }
  }

  private void closeQuietly() {
    Connection open = connection;
    connection = null;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException e) {
        log.warn("{}: not closed cleanly: {}", place(), e.getMessage());
      }
    }
  }

  /**
   * Whether the database's thread takes another transaction within {@code patience}; one that was
   * closed counts as having done so, and so does one whose database is away.
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
    try (Upsert document = Upsert.set(connection, "document", List.of("json"), List.of("name"))) {
      document.put(
          row -> {
            row.setBytes(1, json);
            row.setString(2, name);
          });
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
    count(connection, Map.of(name, amount));
  }

  /** Adds to running totals by their names, as part of a {@link #write}. */
  public static void count(Connection connection, Map<String, Long> amounts) throws SQLException {
    List<Upsert.Row> rows = new ArrayList<>();
    amounts.forEach(
        (name, amount) -> {
          if (amount != 0) {
            rows.add(total(name, amount));
          }
        });
    if (!rows.isEmpty()) {
      try (Upsert counter = Upsert.add(connection, "counter", List.of("amount"), List.of("name"))) {
        counter.putAll(rows);
      }
    }
  }

  /** Sets a running total, as part of a {@link #write}. */
  public static void put(Connection connection, String name, long amount) throws SQLException {
    try (Upsert counter = Upsert.set(connection, "counter", List.of("amount"), List.of("name"))) {
      counter.put(total(name, amount));
    }
  }

  private static Upsert.Row total(String name, long amount) {
    return row -> {
      row.setLong(1, amount);
      row.setString(2, name);
    };
  }

  /**
   * Text that came from outside, as both databases take it: PostgreSQL has none with a zero
   * character in it.
   */
  public static String text(String given) {
    return given.replace('\0', '\ufffd');
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

  /** Waits for what is under way and closes the database. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(30, TimeUnit.SECONDS)) {
        log.warn("{}: a transaction is still running after 30 s; closing under it", place());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    forget(new SQLException("closed before it was known whether it was written"));
    closeQuietly();
  }

  private <T> T await(Future<T> result) throws IOException {
    try {
      return result.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for the database " + place());
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof RuntimeException fault) {
        throw fault;
      }
      if (cause instanceof TakenOverException taken) {
        throw new IOException(taken.getMessage(), e);
      }
      String why = cause == null ? "" : firstLine(cause);
      throw new IOException("the database " + place() + ": " + why, e);
    }
  }

  static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
