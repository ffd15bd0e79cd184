package oca.fill.ledger;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import oca.fill.ledger.LedgerRows.Closed;
import oca.fill.state.StateStore;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.protocol.FillReport;
import oca.protocol.Inventory;
import oca.protocol.Json;
import oca.protocol.ServeRecord;
import oca.protocol.ServeRecords;
import oca.protocol.Wire;
import org.jspecify.annotations.Nullable;

/**
 * The days of the ledger, in the database.
 *
 * <p>A record counts in the day in which it ended. Days are closed in their order, each once; what
 * comes for a closed day later stands as a correction in the oldest day that is open, and never
 * changes what was signed. {@link #take} is called within the transaction that also remembers the
 * batch, so each batch counts once here as there. Safe on any thread.
 */
public final class LedgerBook {
  /** The site of a server that nobody knows. */
  public static final String NOWHERE = "-";

  /** The line that servers share for which there was no room. */
  public static final String OTHERS = "*";

  /** A file is not looked for in an inventory that may be older than its filling. */
  private static final Duration SETTLED = Duration.ofMinutes(10);

  /** Days that are open at most: today, those before it whose grace is not over. */
  private static final int OPEN_DAYS = 3;

  /** Of an answer that lasts longer, this much counts for rates. */
  private static final long LONGEST_MICROS = Duration.ofDays(2).toNanos() / 1000;

  private static final Duration SKEW = Duration.ofSeconds(2);

  private final StateStore store;
  private final Seal seal;
  private final LedgerDays days;
  private final LedgerRules rules;

  /**
   * Who sent records.
   *
   * @param site {@link #NOWHERE} when nobody knows
   * @param origin whether it is an origin: all that it sends comes from beyond
   * @param isViewers whether a response was to a viewer
   */
  public record Sender(String site, boolean origin, Predicate<ServeRecord> isViewers) {}

  /** Bytes with a label. */
  public record Cause(LocalDate day, String appliance, String label) {}

  /**
   * A closed day in the list.
   *
   * @param number counts days from 1
   */
  public record Entry(long number, String day, String digest) {}

  /** Continues the ledger in {@code store}. */
  public LedgerBook(StateStore store, Seal seal, LedgerDays days, LedgerRules rules) {
    this.store = store;
    this.seal = seal;
    this.days = days;
    this.rules = rules;
  }

  /**
   * Counts a batch that was not counted before, as part of a transaction.
   *
   * @param now no record is later than that
   */
  public void take(Connection connection, ServeRecords batch, Sender sender, Instant now)
      throws SQLException {
    Pages pages = new Pages(connection, sender.site(), sender.origin(), now);
    String server = batch.server().value();
    Set<ContentId> served = new HashSet<>();
    for (ServeRecord record : batch.records()) {
      take(pages, server, record, sender, now);
      if (record.bodyBytes() > 0) {
        served.add(record.file());
      }
    }
    if (batch.dropped() > 0) {
      pages.line(pages.today, server).add(Figure.DROPPED, batch.dropped());
    }
    if (!served.isEmpty() && LedgerRows.unserved(connection, server) > 0) {
      LedgerRows.forget(connection, server, served);
    }
    pages.keep();
  }

  private void take(Pages pages, String server, ServeRecord record, Sender sender, Instant now)
      throws SQLException {
    if (record.bodyBytes() < 0 || record.micros() < 0 || record.at().isBefore(Instant.EPOCH)) {
      pages.line(pages.today, server).add(Figure.MALFORMED, 1);
      return;
    }
    boolean future = record.at().isAfter(now);
    Instant ended = future ? now : record.at();
    LocalDate day = days.of(ended);
    OpenLine line = pages.line(pages.isOpen(day) ? day : pages.oldest(), server);
    if (future && record.at().isAfter(now.plus(SKEW))) {
      line.add(Figure.FUTURE, 1);
    }
    boolean viewers = sender.isViewers().test(record);
    boolean beyond = sender.origin() || ServeRecord.PROXIED.equals(record.source());
    long bytes = record.bodyBytes();
    if (!pages.isOpen(day)) {
      line.late(
          day.toString(),
          new OpenLine.Late(
              viewers ? bytes : 0,
              viewers && beyond ? bytes : 0,
              viewers ? 0 : bytes,
              viewers ? 1 : 0));
      return;
    }
    if (!viewers) {
      line.add(Figure.OTHER, bytes);
      return;
    }
    line.add(Figure.BYTES, bytes);
    line.add(Figure.RESPONSES, 1);
    if (beyond) {
      line.add(Figure.BEYOND, bytes);
    } else if (bytes > 0) {
      double to = days.position(day, ended);
      Instant begun = ended.minus(Math.min(record.micros(), LONGEST_MICROS), ChronoUnit.MICROS);
      line.spread(bytes, Math.min(to, days.position(day, begun)), to);
    }
  }

  /**
   * Counts the result of filling one file that was not counted before, as part of a transaction.
   *
   * @param site where the appliance stands
   * @param inWindow whether it could fill when the file ended
   */
  public void take(
      Connection connection,
      ApplianceId appliance,
      FillReport.Result result,
      String site,
      boolean inWindow,
      Instant now)
      throws SQLException {
    Pages pages = new Pages(connection, site, false, now);
    Instant ended = result.at().isAfter(now) ? now : result.at();
    LocalDate due = days.of(ended);
    LocalDate day = pages.isOpen(due) ? due : pages.oldest();
    OpenLine line = pages.line(day, appliance.value());
    if (!day.equals(due)) {
      line.add(Figure.LATE_FILLS, 1);
    }
    long fetched = Math.max(0, result.bytesFetched());
    long origin = Math.clamp(result.bytesFromOrigin(), 0, fetched);
    line.add(inWindow ? Figure.ORIGIN_IN_WINDOW : Figure.ORIGIN_OUTSIDE, origin);
    line.add(inWindow ? Figure.PEERS_IN_WINDOW : Figure.PEERS_OUTSIDE, fetched - origin);
    line.add(result.filled() ? Figure.FILES : Figure.FAILED, 1);
    if (result.filled()
        && fetched > 0
        && !LedgerRows.filled(
            connection, appliance.value(), result.file(), day, ended, fetched, rules.unserved())) {
      line.add(Figure.UNTRACKED, 1);
    }
    pages.keep();
  }

  /**
   * Looks for files that were taken out and had not been served since they were filled.
   *
   * @param site where the appliance stands
   */
  public void take(Inventory inventory, String site, Instant now) throws IOException {
    String appliance = inventory.appliance().value();
    Instant before = now.minus(SETTLED);
    Map<ContentId, Long> gone = store.read(it -> LedgerRows.unserved(it, appliance, before));
    if (!gone.isEmpty()) {
      gone.keySet().removeAll(new HashSet<>(inventory.held()));
    }
    if (gone.isEmpty()) {
      return;
    }
    store.write(
        connection -> {
          // Some may have been served, or come again, since they were read.
          gone.keySet().retainAll(LedgerRows.unserved(connection, appliance, before).keySet());
          LedgerRows.forget(connection, appliance, gone.keySet());
          Pages pages = new Pages(connection, site, false, now);
          OpenLine line = pages.line(pages.today, appliance);
          line.add(Figure.EVICTED_FILES, gone.size());
          line.add(Figure.EVICTED_BYTES, gone.values().stream().mapToLong(Long::longValue).sum());
          pages.keep();
          return true;
        });
  }

  /**
   * Adds up why bytes came from where they came from.
   *
   * @return those of days that are closed, whose bytes stay without a label
   */
  public long label(Map<Cause, Long> causes) throws IOException {
    return store.write(
        connection -> {
          Optional<Closed> last = LedgerRows.last(connection);
          long late = 0;
          for (Map.Entry<Cause, Long> sum : causes.entrySet()) {
            Cause key = sum.getKey();
            if (last.isPresent() && !key.day.isAfter(last.get().day())) {
              late += sum.getValue();
            } else {
              LedgerRows.addCause(connection, key.day, key.appliance, key.label, sum.getValue());
            }
          }
          return late;
        });
  }

  /**
   * Closes the oldest open day, if it is time.
   *
   * @return what was closed; empty when no day is due
   */
  public Optional<SignedLedger> closeDue(Instant now) throws IOException {
    return store.write(
        connection -> {
          Optional<Closed> last = LedgerRows.last(connection);
          Optional<LocalDate> first = LedgerRows.firstOpen(connection);
          if (first.isEmpty() && last.isEmpty()) {
            return Optional.empty();
          }
          LocalDate next = last.map(it -> it.day().plusDays(1)).orElseGet(first::orElseThrow);
          LocalDate oldestKept = days.of(now).minusDays(rules.kept());
          // After years of rest the empty days between are not made up.
          if (next.isBefore(oldestKept)) {
            LocalDate due = next;
            next =
                first.filter(it -> !it.isBefore(due) && it.isBefore(oldestKept)).orElse(oldestKept);
          }
          if (now.isBefore(days.ends(next).plus(rules.grace()))) {
            return Optional.empty();
          }
          return Optional.of(close(connection, last, next, now));
        });
  }

  private SignedLedger close(
      Connection connection, Optional<Closed> last, LocalDate day, Instant now)
      throws SQLException {
    Map<String, LedgerRows.Waste> aged =
        LedgerRows.aged(connection, day.minusDays(rules.wasteAfterDays()));
    DaySums sums = new DaySums(days, day, LedgerRows.causes(connection, day));
    Map<String, OpenLine> lines = LedgerRows.allOpen(connection, day);
    aged.forEach(
        (appliance, waste) -> {
          OpenLine line = lines.computeIfAbsent(appliance, _ -> new OpenLine(NOWHERE, false));
          line.add(Figure.AGED_FILES, waste.files());
          line.add(Figure.AGED_BYTES, waste.bytes());
        });
    lines.forEach(sums::add);
    long number = last.map(Closed::number).orElse(0L) + 1;
    LedgerContent content =
        new LedgerContent(
            LedgerContent.FORMAT,
            number,
            day.toString(),
            days.zone().getId(),
            days.begins(day),
            days.ends(day),
            now,
            last.map(Closed::digest).orElse(""),
            sums.total(),
            sums.sites(),
            sums.appliances(),
            sums.corrections());
    String digest = LedgerCheck.sha256(canonical(content));
    SignedLedger signed =
        new SignedLedger(
            digest,
            seal.sign(LedgerCheck.signed(day.toString(), digest)),
            seal.publicKey(),
            content);
    LedgerRows.close(connection, new Closed(number, day, digest), Wire.write(signed), rules.kept());
    return signed;
  }

  /** As whoever checks it will write it, who does not know these classes. */
  private static byte[] canonical(LedgerContent content) throws SQLException {
    try {
      return Json.parse(Wire.write(content)).toString().getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new SQLException("what was written just now cannot be read", e);
    }
  }

  /** Closed days that are kept, the oldest first. */
  public List<Entry> closed() throws IOException {
    return store.read(
        connection -> {
          List<Entry> entries = new ArrayList<>();
          try (PreparedStatement select =
                  connection.prepareStatement(
                      "SELECT number, day_name, digest FROM ledger_day ORDER BY number");
              ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
              entries.add(new Entry(rows.getLong(1), rows.getString(2), rows.getString(3).strip()));
            }
          }
          return entries;
        });
  }

  /** A closed day as it was signed, in JSON. */
  public Optional<byte[]> day(String day) throws IOException {
    return store.read(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement("SELECT json FROM ledger_day WHERE day_name = ?")) {
            select.setString(1, day);
            try (ResultSet rows = select.executeQuery()) {
              return rows.next() ? Optional.of(rows.getBytes(1)) : Optional.empty();
            }
          }
        });
  }

  /** What is known of a day that is not closed; nothing of it is signed, and it may change. */
  public LedgerLine open(LocalDate day) throws IOException {
    return store.read(
        connection -> {
          DaySums sums = new DaySums(days, day, LedgerRows.causes(connection, day));
          LedgerRows.allOpen(connection, day).forEach(sums::add);
          return sums.total();
        });
  }

  /** Lines of open days, as one transaction needs them. */
  private final class Pages {
    private final Connection connection;
    private final String site;
    private final boolean origin;
    private final LocalDate today;
    private final @Nullable LocalDate lastClosed;
    private final Map<LocalDate, Map<String, OpenLine>> lines = new TreeMap<>();

    Pages(Connection connection, String site, boolean origin, Instant now) throws SQLException {
      this.connection = connection;
      this.site = site;
      this.origin = origin;
      this.lastClosed = LedgerRows.last(connection).map(Closed::day).orElse(null);
      LocalDate day = days.of(now);
      // A clock that was set back does not open a day again.
      this.today = lastClosed != null && !day.isAfter(lastClosed) ? lastClosed.plusDays(1) : day;
    }

    boolean isOpen(LocalDate day) {
      return !day.isBefore(oldest()) && !day.isAfter(today);
    }

    LocalDate oldest() {
      LocalDate bound = today.minusDays(OPEN_DAYS - 1);
      LocalDate after = lastClosed == null ? bound : lastClosed.plusDays(1);
      return after.isBefore(bound) ? bound : after;
    }

    OpenLine line(LocalDate day, String appliance) throws SQLException {
      Map<String, OpenLine> ofDay = lines.computeIfAbsent(day, _ -> new TreeMap<>());
      OpenLine known = ofDay.get(appliance);
      if (known != null) {
        return known;
      }
      OpenLine found = LedgerRows.open(connection, day, appliance);
      if (found == null && LedgerRows.openCount(connection, day) >= rules.appliances()) {
        return appliance.equals(OTHERS) ? others(ofDay, day) : line(day, OTHERS);
      }
      OpenLine line = found == null ? new OpenLine(site, origin) : found;
      line.at(site, origin);
      ofDay.put(appliance, line);
      return line;
    }

    private OpenLine others(Map<String, OpenLine> ofDay, LocalDate day) throws SQLException {
      OpenLine found = LedgerRows.open(connection, day, OTHERS);
      OpenLine line = found == null ? new OpenLine(NOWHERE, false) : found;
      ofDay.put(OTHERS, line);
      return line;
    }

    void keep() throws SQLException {
      for (Map.Entry<LocalDate, Map<String, OpenLine>> day : lines.entrySet()) {
        for (Map.Entry<String, OpenLine> line : day.getValue().entrySet()) {
          LedgerRows.keep(connection, day.getKey(), line.getKey(), line.getValue());
        }
      }
    }
  }
}
