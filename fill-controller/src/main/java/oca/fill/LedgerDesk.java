package oca.fill;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import oca.fill.causes.Labelled;
import oca.fill.demand.Regions;
import oca.fill.fleet.FleetRegistry;
import oca.fill.ledger.LedgerBook;
import oca.fill.ledger.LedgerCsv;
import oca.fill.ledger.LedgerDays;
import oca.fill.ledger.LedgerLine;
import oca.fill.ledger.Seal;
import oca.fill.ledger.SignedLedger;
import oca.fill.plan.PlanKey;
import oca.fill.state.StateStore;
import oca.model.ApplianceId;
import oca.model.SiteId;
import oca.protocol.FillReport;
import oca.protocol.Inventory;
import oca.protocol.Json;
import oca.protocol.ServeRecords;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signed ledger of each day.
 *
 * <table>
 *   <caption>Routes</caption>
 *   <tr><td>GET /v1/ledger</td><td>{@link Days}: closed days, and what is known of today</td></tr>
 *   <tr><td>GET /v1/ledger/{day}</td><td>{@link SignedLedger}, as it was signed; {@code
 *       format=csv}; 404 for a day that is not closed or not kept any more</td></tr>
 * </table>
 *
 * <p>Labels are added up for a minute before they are written; after a crash those of the last
 * minute are missing, and their bytes stand as unlabelled. Safe on any thread.
 */
final class LedgerDesk implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LedgerDesk.class);
  private static final Duration SAVE = Duration.ofMinutes(1);

  private final FillConfig config;
  private final InstantSource wall;
  private final FleetRegistry fleet;
  private final Regions regions;
  private final LedgerDays days;
  private final LedgerBook book;
  private final String publicKey;
  private @Nullable LocalDate doneFor;
  private final Map<LedgerBook.Cause, Long> labelled = new HashMap<>();
  private final AtomicLong closed = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private final AtomicLong lateLabels = new AtomicLong();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("ledger").factory());

  /**
   * All closed days that are kept.
   *
   * @param publicKey by which they are checked
   * @param days the oldest first
   * @param today plan time; it is not signed and changes
   * @param soFar what is known of it
   */
  record Days(String publicKey, List<LedgerBook.Entry> days, String today, LedgerLine soFar) {}

  /** Continues what is in the database. */
  LedgerDesk(
      FillConfig config, InstantSource wall, StateStore store, PlanKey key, FleetRegistry fleet)
      throws IOException {
    this.config = config;
    this.wall = wall;
    this.fleet = fleet;
    this.regions = config.demandRegions();
    this.days = new LedgerDays(config.scale(), config.window().zone());
    PlanKey own =
        config.ledger().key().isPresent() ? PlanKey.open(config.ledger().key().get()) : key;
    this.publicKey = own.publicKey();
    this.book =
        new LedgerBook(store, seal(own), days, config.ledger().rules(config.limits().appliances()));
  }

  private static Seal seal(PlanKey key) {
    return new Seal() {
      @Override
      public String publicKey() {
        return key.publicKey();
      }

      @Override
      public String sign(byte[] text) {
        return key.sign(text);
      }
    };
  }

  void routes(ControlListener listener) {
    listener
        .route("GET", "/v1/ledger", _ -> Response.message(days()))
        .route("GET", "/v1/ledger/", this::day);
  }

  void start() {
    var _ = thread.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    var _ =
        thread.scheduleWithFixedDelay(
            this::guardedSave, SAVE.toSeconds(), SAVE.toSeconds(), TimeUnit.SECONDS);
  }

  /** Counts a batch as part of the transaction that remembers it. */
  void take(Connection connection, ServeRecords batch) throws SQLException {
    boolean origin = config.causes().origins().contains(batch.server());
    LedgerBook.Sender sender =
        new LedgerBook.Sender(
            siteOf(batch.server()),
            origin,
            it -> !(regions.of(it.client()) instanceof Regions.Origin.Excluded));
    book.take(connection, batch, sender, wall.instant());
  }

  /** Counts a result as part of the transaction that remembers it. */
  void take(Connection connection, ApplianceId appliance, FillReport.Result result)
      throws SQLException {
    String site = siteOf(appliance);
    Instant plan = config.scale().plan(result.at());
    boolean inWindow =
        site.equals(LedgerBook.NOWHERE)
            ? config.calendar().at(plan).isOpen(plan)
            : config.calendars(new SiteId(site)).at(plan).isOpen(plan);
    book.take(connection, appliance, result, site, inWindow, wall.instant());
  }

  /** Looks for what an appliance was filled with and took out unserved, by all that it told. */
  void look(ApplianceId appliance) throws IOException {
    Optional<Inventory> inventory = fleet.inventory(appliance);
    if (inventory.isPresent()) {
      book.take(inventory.get(), siteOf(appliance), wall.instant());
    }
  }

  /** Notes why bytes came from where they came from. */
  void take(List<Labelled> more) {
    synchronized (labelled) {
      for (Labelled one : more) {
        labelled.merge(
            new LedgerBook.Cause(
                days.of(one.served().record().at()),
                one.served().server().value(),
                one.label().label()),
            one.served().record().bodyBytes(),
            Long::sum);
      }
    }
  }

  /** Closes what is due. */
  synchronized void closeDue() throws IOException {
    Instant now = wall.instant();
    LocalDate due = due(now);
    if (due.equals(doneFor)) {
      return;
    }
    // Labels first: of a closed day none are taken.
    save();
    for (Optional<SignedLedger> next = book.closeDue(now);
        next.isPresent();
        next = book.closeDue(now)) {
      closed.incrementAndGet();
      log.info(
          "the ledger of {} is closed: {} bytes, digest {}",
          next.get().content().day(),
          next.get().content().total().bytes(),
          next.get().digest());
    }
    doneFor = due;
  }

  /** Days closed since the start. */
  long closed() {
    return closed.get();
  }

  /** Times that the ledger could not be written. */
  long failures() {
    return failures.get();
  }

  /** Bytes whose labels came when their day was closed. */
  long lateLabels() {
    return lateLabels.get();
  }

  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
        log.warn("the ledger is still being written after 10 s");
      }
      save();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      log.error("labels of the ledger were not saved", e);
    }
  }

  /** The newest day whose grace is over. */
  private LocalDate due(Instant now) {
    return days.of(now.minus(config.ledger().grace())).minusDays(1);
  }

  private Days days() throws IOException {
    LocalDate today = days.of(wall.instant());
    return new Days(publicKey, book.closed(), today.toString(), book.open(today));
  }

  private Response day(Request request) throws IOException {
    String day = request.tail();
    try {
      var _ = LocalDate.parse(day);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("not a day such as 2026-11-23: " + day, e);
    }
    String format = request.parameter("format").orElse("json");
    if (!format.equals("json") && !format.equals("csv")) {
      throw new IllegalArgumentException("format must be json or csv, not " + format);
    }
    Optional<byte[]> found = book.day(day);
    if (found.isEmpty()) {
      return Response.problem(
          404,
          day + " is not closed yet, or not kept any more; GET /v1/ledger lists those that are");
    }
    if (format.equals("json")) {
      return Response.bytes("application/json", found.get());
    }
    String csv = LedgerCsv.of(Json.parse(found.get()));
    return Response.bytes("text/csv; charset=utf-8", csv.getBytes(StandardCharsets.UTF_8))
        .with("Content-Disposition", "attachment; filename=ledger-" + day + ".csv");
  }

  private String siteOf(ApplianceId server) {
    return fleet.site(server).map(SiteId::value).orElse(LedgerBook.NOWHERE);
  }

  private void look() {
    try {
      closeDue();
    } catch (IOException | RuntimeException e) {
      // The schedule would end with it.
      failures.incrementAndGet();
      log.error("the ledger was not closed", e);
    }
  }

  private void guardedSave() {
    try {
      save();
    } catch (IOException | RuntimeException e) {
      failures.incrementAndGet();
      log.error("labels of the ledger were not saved", e);
    }
  }

  private void save() throws IOException {
    Map<LedgerBook.Cause, Long> now;
    synchronized (labelled) {
      now = new HashMap<>(labelled);
    }
    if (now.isEmpty()) {
      return;
    }
    lateLabels.addAndGet(book.label(now));
    synchronized (labelled) {
      now.forEach((cause, bytes) -> labelled.merge(cause, -bytes, Long::sum));
      labelled.values().removeIf(bytes -> bytes == 0);
    }
  }
}
