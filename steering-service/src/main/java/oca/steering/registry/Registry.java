package oca.steering.registry;

import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import oca.model.ApplianceId;
import oca.protocol.service.NewerDataException;
import oca.steering.fleet.Order;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes commands, puts them in force, and sees to it that they are stored.
 *
 * <p>Memory is what counts: a command is in force when {@link #apply} returns, whatever the
 * database does. What is not stored yet waits in a bounded queue for the one thread that writes;
 * the receipt tells when it is on disk. When the queue is full a command is refused and changes
 * nothing.
 *
 * <p>After each new connection the database is read and the waiting commands are applied to what it
 * says, for it may know more: it was away at the start, or a second service shares it. Their
 * numbers may change by that; one that the database contradicts is given up, counted and logged.
 * Between writes the database is asked now and then whether another has written.
 *
 * <p>Safe on any thread; the listener of orders is called with the lock held, one change after the
 * other.
 */
public final class Registry implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Registry.class);

  /**
   * What an operator sets.
   *
   * @param book how much is kept in memory
   * @param queue changes that may wait for the database
   * @param refresh between two looks whether another service wrote
   * @param retryAtMost the longest pause between two tries to connect
   */
  public record Settings(Book.Limits book, int queue, Duration refresh, Duration retryAtMost) {}

  private final Settings settings;
  private final InstantSource clock;
  private final Predicate<ApplianceId> heard;
  private final BiConsumer<ApplianceId, Order> orders;
  private final ReentrantLock lock = new ReentrantLock();
  private final Backlog backlog;
  private final CountDownLatch firstLoad = new CountDownLatch(1);
  private final Optional<RegistryWriter> writer;
  private volatile Book book = Book.EMPTY;
  private volatile boolean loaded;
  private volatile @Nullable NewerDataException newer;
  private long refused;
  private long overruled;

  /**
   * A registry that begins with the orders last known, until the database says otherwise.
   *
   * @param source of the database; empty to keep all in memory
   * @param heard whether an appliance is known by its heartbeats
   * @param orders told each order that comes into force
   */
  public Registry(
      Optional<ConnectionSource> source,
      Settings settings,
      InstantSource clock,
      Map<ApplianceId, Order> lastKnown,
      Predicate<ApplianceId> heard,
      BiConsumer<ApplianceId, Order> orders) {
    this.settings = settings;
    this.clock = clock;
    this.heard = heard;
    this.orders = orders;
    this.backlog = new Backlog(lock, settings.queue());
    this.loaded = source.isEmpty();
    this.book = copy(lastKnown);
    this.writer = source.map(from -> new RegistryWriter(from, this, backlog, settings));
  }

  /** Begins to read and write; waits for the first reading no longer than given. */
  public void start(Duration patience) {
    if (writer.isEmpty()) {
      return;
    }
    writer.get().start();
    try {
      if (!firstLoad.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn(
            "the registry's database did not answer within {}: orders are those last known,"
                + " {} appliances",
            patience,
            book.entries().size());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Ends a start for which this registry is of no use.
   *
   * @throws NewerDataException when the database was found to be of a newer release: its orders
   *     cannot be read, and viewers would be sent to appliances that were taken out
   */
  public void requireReadable() throws NewerDataException {
    NewerDataException refusal = newer;
    if (refusal != null) {
      throw refusal;
    }
  }

  /** The database is of a newer release. */
  void refused(NewerDataException refusal) {
    newer = refusal;
    firstLoad.countDown();
  }

  /** The registry as now in force. */
  public Book book() {
    return book;
  }

  /** Whether the database was read since the start; until then the orders are those last known. */
  public boolean isLoaded() {
    return loaded;
  }

  /** Whether an appliance was registered. */
  public boolean isRegistered(ApplianceId id) {
    Entry entry = book.entry(id);
    return entry != null && entry.registered() != null;
  }

  /** Puts a command in force. Never waits for the database. */
  public Receipt apply(Command command) {
    lock.lock();
    try {
      Book.Page page = book.apply(command, clock.instant(), heard, settings.book());
      return switch (page) {
        case Book.Page.Torn(Refusal why) -> new Receipt.Refused(why);
        case Book.Page.Same(Entry entry) -> new Receipt.Already(entry, backlog.newest());
        case Book.Page.Turned turned -> turn(command, turned);
      };
    } finally {
      lock.unlock();
    }
  }

  /** How it stands. */
  public RegistryStatus status() {
    lock.lock();
    try {
      return new RegistryStatus(
          writer.isEmpty() ? "memory" : "database",
          writer.map(RegistryWriter::isConnected).orElse(true),
          loaded,
          writer.map(RegistryWriter::fault).orElse(""),
          backlog.size(),
          writer.isEmpty() ? 0 : settings.queue(),
          writer.map(RegistryWriter::written).orElse(0L),
          writer.map(RegistryWriter::failures).orElse(0L),
          refused,
          overruled,
          book.entries().size(),
          book.last());
    } finally {
      lock.unlock();
    }
  }

  /** Writes what waits, for some seconds at the most, and ends. */
  @Override
  public void close() {
    writer.ifPresent(RegistryWriter::close);
  }

  /** What the database says, under what waits to be written. For the writer. */
  void rebase(Book stored) {
    // Who waits is told when the book says so too, and not under the lock.
    List<Runnable> told = new ArrayList<>();
    lock.lock();
    try {
      Book next = stored;
      for (Backlog.Waiting waiting : backlog.restart()) {
        if (holds(stored, waiting.line().change())) {
          // It was written, but the answer of the database was lost.
          told.add(() -> waiting.stored().complete(null));
          continue;
        }
        Book.Page page =
            next.apply(waiting.command(), waiting.line().change().at(), heard, settings.book());
        if (page instanceof Book.Page.Turned(Book turned, Entry entry, Change change)) {
          next = turned;
          backlog.again(
              new Backlog.Waiting(
                  waiting.command(), new RegistryDatabase.Line(change, entry), waiting.stored()));
        } else {
          told.add(overruled(waiting, page));
        }
      }
      publish(next);
      loaded = true;
    } finally {
      lock.unlock();
    }
    told.forEach(Runnable::run);
    firstLoad.countDown();
  }

  /** What is to be told to who waits. */
  private Runnable overruled(Backlog.Waiting waiting, Book.Page page) {
    if (page instanceof Book.Page.Torn(Refusal why)) {
      overruled++;
      log.warn("{} is given up: {}", waiting.command(), why.sentence());
      return () -> waiting.stored().completeExceptionally(new SQLException(why.sentence()));
    }
    return () -> waiting.stored().complete(null);
  }

  private Receipt turn(Command command, Book.Page.Turned turned) {
    CompletableFuture<Void> stored = new CompletableFuture<>();
    if (writer.isEmpty()) {
      stored.complete(null);
    } else if (!backlog.add(
        new Backlog.Waiting(
            command, new RegistryDatabase.Line(turned.change(), turned.entry()), stored))) {
      refused++;
      return new Receipt.Refused(Refusal.QUEUE_FULL);
    }
    publish(turned.next());
    log.info("{} by {}: {}", turned.change().what().label(), command.who(), turned.change());
    return new Receipt.Done(turned.entry(), turned.change(), stored);
  }

  private void publish(Book next) {
    Book before = book;
    book = next;
    Set<ApplianceId> names = new HashSet<>(before.entries().keySet());
    names.addAll(next.entries().keySet());
    for (ApplianceId id : names) {
      if (before.order(id) != next.order(id)) {
        orders.accept(id, next.order(id));
      }
    }
  }

  private static boolean holds(Book stored, Change change) {
    List<Change> log = stored.changes();
    long at = change.number() - 1 - stored.before();
    return at >= 0 && at < log.size() && log.get((int) at).equals(change);
  }

  private static Book copy(Map<ApplianceId, Order> lastKnown) {
    TreeMap<ApplianceId, Entry> entries = new TreeMap<>();
    lastKnown.forEach((id, order) -> entries.put(id, Entry.unknown(id).under(order)));
    return new Book(entries, List.of(), 0);
  }
}
