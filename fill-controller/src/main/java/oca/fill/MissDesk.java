package oca.fill;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import oca.fill.catalog.CatalogView;
import oca.fill.causes.Attribution;
import oca.fill.causes.Cell;
import oca.fill.causes.Dimension;
import oca.fill.causes.JoinState;
import oca.fill.causes.Label;
import oca.fill.causes.Labelled;
import oca.fill.causes.MissLedger;
import oca.fill.causes.MissQuery;
import oca.fill.causes.MissReport;
import oca.fill.causes.Whereabouts;
import oca.fill.demand.Regions;
import oca.fill.fleet.FleetRegistry;
import oca.fill.state.StateStore;
import oca.protocol.CatalogEntry;
import oca.protocol.ServeRecords;
import oca.protocol.SteeringRecords;
import oca.protocol.Wire;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Why bytes did not come from the nearest site.
 *
 * <table>
 *   <caption>Routes</caption>
 *   <tr><td>POST /v1/steering-records</td><td>{@link SteeringRecords}, 204</td></tr>
 *   <tr><td>GET /v1/misses</td><td>{@link MissAnswer}: {@code by=label,site,from,appliance,title,
 *       file,hour}, {@code from=} and {@code to=} (an instant, or such as 24h: so long ago), {@code
 *       limit=}, {@code format=csv}; each dimension's name keeps those of a value only</td></tr>
 * </table>
 *
 * <p>The sums of each hour are written to the database every minute. What still waits for its label
 * is written at the end; after a crash it is in no sum, neither as served nor as labelled. Safe on
 * any thread, one at a time.
 */
final class MissDesk implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MissDesk.class);
  private static final Duration SAVE = Duration.ofMinutes(1);
  private static final String STATE = "misses.state";
  private static final String HOURS = "misses.hours";
  private static final String HOUR = "misses.hour.";
  private static final Pattern AGO = Pattern.compile("(\\d{1,6})([mhd])");
  private static final int LIMIT = 1000;
  private static final int MOST = 100_000;
  private static final int MAX_BOOT_ID = 100;

  private final CausesConfig config;
  private final InstantSource wall;
  private final StateStore store;
  private final Whereabouts whereabouts;
  private final MissLedger ledger;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("misses").factory());
  private final Consumer<List<Labelled>> also;
  private Attribution attribution;
  private long labelledBytes;
  private final Map<Label, Long> sinceStart = new EnumMap<>(Label.class);

  /** Hours of the ledger as they were saved. */
  record Saved(List<Cell> cells) {
    Saved {
      cells = List.copyOf(cells);
    }
  }

  /** Which hours were saved, and how many bytes were labelled in all. */
  record Index(List<Long> hours, long labelledBytes) {
    Index {
      hours = List.copyOf(hours);
    }
  }

  /**
   * Goes on from what was saved.
   *
   * @param also is told of all that gets its label
   */
  MissDesk(
      CausesConfig config,
      InstantSource wall,
      StateStore store,
      Supplier<CatalogView> catalog,
      FleetRegistry fleet,
      Regions regions,
      Consumer<List<Labelled>> also)
      throws IOException {
    this.config = config;
    this.wall = wall;
    this.store = store;
    this.whereabouts =
        new Whereabouts(
            server -> fleet.site(server).orElse(null),
            config.origins()::contains,
            file -> {
              CatalogEntry entry = catalog.get().file(file);
              return entry == null ? null : entry.title();
            },
            client -> regions.of(client) instanceof Regions.Origin.Excluded);
    this.also = also;
    this.ledger = new MissLedger(config.hours(), config.cells());
    this.attribution = new Attribution(config.rules());
    restore();
  }

  void routes(ControlListener listener) {
    listener
        .route("POST", "/v1/steering-records", this::steeringRecords)
        .route("GET", "/v1/misses", this::misses);
  }

  void start() {
    var _ = thread.scheduleWithFixedDelay(this::guardedAdvance, 1, 1, TimeUnit.SECONDS);
    var _ =
        thread.scheduleWithFixedDelay(
            this::guardedSave, SAVE.toSeconds(), SAVE.toSeconds(), TimeUnit.SECONDS);
  }

  /** Takes what a server sent; those in networks of nobody's demand are left out. */
  synchronized void take(ServeRecords batch) {
    attribution.take(
        batch.server(),
        batch.bootId(),
        batch.sequence(),
        batch.dropped(),
        whereabouts.served(batch),
        wall.instant());
  }

  /** Takes what steering answered. */
  synchronized void take(SteeringRecords batch) {
    if (batch.bootId().length() > MAX_BOOT_ID) {
      throw new IllegalArgumentException("a boot id of more than " + MAX_BOOT_ID + " characters");
    }
    attribution.take(batch, whereabouts::group, wall.instant());
  }

  /** Labels what has waited long enough. */
  synchronized void advance() {
    add(attribution.advance(wall.instant()));
  }

  /** The bytes of everything taken, and what became of them. */
  synchronized MissAnswer.Account account() {
    return new MissAnswer.Account(
        attribution.count(Attribution.Count.BYTES), labelledBytes, attribution.waitingBytes());
  }

  /** Bytes of that label since the start. */
  synchronized long bytes(Label label) {
    return sinceStart.getOrDefault(label, 0L);
  }

  @Override
  public void close() {
    if (thread.isShutdown()) {
      return;
    }
    thread.shutdownNow();
    try {
      synchronized (this) {
        add(attribution.advance(wall.instant()));
        byte[] state = Wire.write(attribution.state());
        store.write(
            connection -> {
              StateStore.keep(connection, STATE, state);
              return true;
            });
      }
      save();
    } catch (IOException e) {
      log.error("what is known of misses was not saved", e);
    }
  }

  private void add(List<Labelled> labelled) {
    for (Labelled one : labelled) {
      labelledBytes += one.served().record().bodyBytes();
      sinceStart.merge(one.label(), one.served().record().bodyBytes(), Long::sum);
    }
    ledger.add(labelled);
    also.accept(labelled);
  }

  private Response steeringRecords(Request request) throws IOException {
    take(request.message(SteeringRecords.class));
    return Response.empty(204);
  }

  private Response misses(Request request) {
    MissQuery query = query(request);
    String format = request.parameter("format").orElse("json");
    if (!format.equals("json") && !format.equals("csv")) {
      throw new IllegalArgumentException("format must be json or csv, not " + format);
    }
    MissReport report;
    Map<String, Long> counts;
    MissAnswer.Account account;
    synchronized (this) {
      advance();
      report = ledger.report(query);
      counts = attribution.counts();
      counts.put("folded", ledger.folded());
      counts.put("outside hours", ledger.outside());
      account = account();
    }
    return format.equals("csv")
        ? Response.bytes("text/csv; charset=utf-8", report.csv().getBytes(StandardCharsets.UTF_8))
            .with("Content-Disposition", "attachment; filename=misses.csv")
        : Response.message(new MissAnswer(report, MissAnswer.Meaning.all(), account, counts));
  }

  private MissQuery query(Request request) {
    List<Dimension> by = new ArrayList<>();
    for (String word : request.parameter("by").orElse("label").split(",", -1)) {
      Dimension dimension = Dimension.of(word.strip());
      if (!by.contains(dimension)) {
        by.add(dimension);
      }
    }
    Map<Dimension, String> only = new EnumMap<>(Dimension.class);
    for (Dimension dimension : Dimension.values()) {
      if (dimension != Dimension.FROM) {
        request.parameter(dimension.label()).ifPresent(value -> only.put(dimension, value));
      }
    }
    request.parameter("servedFrom").ifPresent(value -> only.put(Dimension.FROM, value));
    String limit = request.parameter("limit").orElse(String.valueOf(LIMIT));
    if (!limit.matches("\\d{1,6}") || Integer.parseInt(limit) > MOST) {
      throw new IllegalArgumentException("limit must be 1 to " + MOST + ", not " + limit);
    }
    Instant now = wall.instant();
    return new MissQuery(
        by,
        time(request.parameter("from").orElse("24h"), "from", now),
        request.parameter("to").map(text -> time(text, "to", now)).orElse(now.plusSeconds(1)),
        only,
        Integer.parseInt(limit));
  }

  private static Instant time(String text, String name, Instant now) {
    Matcher ago = AGO.matcher(text);
    if (ago.matches()) {
      long number = Long.parseLong(ago.group(1));
      return now.minusSeconds(
          switch (ago.group(2)) {
            case "m" -> number * 60;
            case "h" -> number * 3600;
            default -> number * 86_400;
          });
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          name + " is neither such as 24h nor such as 2026-11-01T12:00:00Z: " + text, e);
    }
  }

  private void guardedAdvance() {
    try {
      advance();
    } catch (RuntimeException e) {
      // The schedule would end with it.
      log.error("misses were not labelled", e);
    }
  }

  private void guardedSave() {
    try {
      save();
    } catch (IOException | RuntimeException e) {
      log.error("misses were not saved", e);
    }
  }

  private void save() throws IOException {
    List<Long> gone;
    Map<Long, byte[]> hours = new TreeMap<>();
    byte[] index;
    synchronized (this) {
      gone = ledger.prune(wall.instant());
      for (long hour : ledger.changed()) {
        hours.put(hour, Wire.write(new Saved(ledger.cells(hour))));
      }
      if (hours.isEmpty() && gone.isEmpty()) {
        return;
      }
      index = Wire.write(new Index(ledger.hours(), labelledBytes));
    }
    store.write(
        connection -> {
          for (Map.Entry<Long, byte[]> hour : hours.entrySet()) {
            StateStore.keep(connection, HOUR + hour.getKey(), hour.getValue());
          }
          for (long hour : gone) {
            StateStore.drop(connection, HOUR + hour);
          }
          StateStore.keep(connection, HOURS, index);
          return true;
        });
  }

  private void restore() throws IOException {
    byte[] index = store.document(HOURS).orElse(null);
    if (index != null) {
      Index saved = Wire.read(index, Index.class);
      labelledBytes = saved.labelledBytes();
      for (long hour : saved.hours()) {
        byte[] cells = store.document(HOUR + hour).orElse(null);
        if (cells != null) {
          ledger.restore(Wire.read(cells, Saved.class).cells());
        }
      }
    }
    byte[] state = store.document(STATE).orElse(null);
    if (state != null) {
      attribution = Attribution.of(config.rules(), Wire.read(state, JoinState.class));
      // It is good for one start: after a crash it would be taken for what is.
      store.write(
          connection -> {
            StateStore.drop(connection, STATE);
            return true;
          });
    } else {
      // What waited is lost, and so it was never taken.
      attribution = Attribution.of(config.rules(), JoinState.labelled(labelledBytes));
    }
  }
}
