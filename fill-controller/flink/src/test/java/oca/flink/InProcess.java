package oca.flink;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import oca.fill.FillConfig;
import oca.fill.causes.Attribution;
import oca.fill.causes.Labelled;
import oca.fill.causes.MissLedger;
import oca.fill.causes.Whereabouts;
import oca.fill.demand.DemandLedger;
import oca.fill.demand.DemandTotals;
import oca.fill.demand.Regions;
import oca.fill.demand.Tally.Amount;
import oca.fill.demand.Tally.Count;
import oca.fill.intake.Sieve;
import oca.fill.state.StateStore;
import oca.model.ContentId;
import oca.protocol.CatalogEntry;
import oca.protocol.ServeRecords;
import oca.protocol.SteeringRecords;
import oca.protocol.Wire;
import oca.protocol.kafka.Packing;

/**
 * The controller's way: its ledger in its database, one join of all titles, one ledger of misses,
 * told of the time as its clock would have.
 */
final class InProcess {
  private InProcess() {}

  /** Takes a whole log. */
  static Answers take(MadeLog log, Path folder) throws Exception {
    return take(log.arrivals, log.watch(), MadeLog.FILL, folder);
  }

  /** The same of any log, in its order. */
  static Answers take(List<Arrival> log, Lookout.Watch watch, String fill, Path folder)
      throws Exception {
    FillConfig config = new Settings("made", fill, 1, 1).config();
    Instant[] now = {Instant.EPOCH};
    Attribution join = new Attribution(config.causes().rules());
    MissLedger misses = new MissLedger(config.causes().hours(), config.causes().cells());
    Regions regions = config.demandRegions();
    Whereabouts whereabouts =
        new Whereabouts(
            watch::site,
            config.causes().origins()::contains,
            file -> {
              CatalogEntry entry = watch.file(file);
              return entry == null ? null : entry.title();
            },
            client -> regions.of(client) instanceof Regions.Origin.Excluded);
    Sieve sieve = new Sieve();
    Answers answers = Answers.none();
    try (StateStore store = StateStore.open(folder.resolve("state"))) {
      DemandLedger demand =
          new DemandLedger(
              store,
              regions,
              file -> watch.file(file) != null,
              config.scale(),
              () -> now[0],
              new DemandLedger.Limits(
                  config.limits().historyDays(),
                  config.limits().apartRows(),
                  config.limits().sequencesPerBoot()));
      for (Arrival arrival : log) {
        now[0] = arrival.at();
        add(join.advance(Instant.ofEpochSecond(now[0].getEpochSecond())), misses, answers);
        try {
          byte[] message = Packing.unpack(arrival.value(), 32 << 20);
          switch (arrival.kind()) {
            case SERVE -> {
              ServeRecords batch = sieve.of(Wire.read(message, ServeRecords.class));
              if (demand.take(batch)) {
                join.take(
                    batch.server(),
                    batch.bootId(),
                    batch.sequence(),
                    batch.dropped(),
                    whereabouts.served(batch),
                    now[0]);
              }
            }
            case STEERING ->
                join.take(Wire.read(message, SteeringRecords.class), whereabouts::group, now[0]);
          }
        } catch (IOException | IllegalArgumentException e) {
          answers.count(Counted.MALFORMED, 1);
        }
      }
      // By then nothing waits.
      add(join.advance(log.getLast().at().plus(Duration.ofDays(1))), misses, answers);
      read(store, answers);
      count(demand.totals(), answers);
    }
    answers.count(Counted.REFUSED, sieve.refused());
    join.counts().forEach((name, number) -> answers.count(Counted.MISSES + name, number));
    answers.count(Counted.MISSES + "folded", misses.folded());
    answers.count(Counted.MISSES + "outside hours", misses.outside());
    for (long hour : misses.hours()) {
      misses.cells(hour).forEach(cell -> answers.misses().put(cell.key(), cell));
    }
    return answers;
  }

  private static void add(List<Labelled> labelled, MissLedger misses, Answers answers) {
    misses.add(labelled);
    labelled.forEach(one -> answers.count(Counted.LABELLED, one.served().record().bodyBytes()));
  }

  private static void read(StateStore store, Answers answers) throws IOException {
    var _ =
        store.read(
            connection -> {
              try (PreparedStatement select =
                      connection.prepareStatement(
                          "SELECT file_high, file_low, region, plan_hour, bytes, requests"
                              + " FROM demand");
                  ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                  ContentId file = new ContentId(rows.getLong(1), rows.getLong(2));
                  answers
                      .demand()
                      .put(
                          Answers.key(file.toString(), rows.getString(3), rows.getLong(4)),
                          new Amount(rows.getLong(5), rows.getLong(6)));
                }
              }
              return true;
            });
  }

  private static void count(DemandTotals totals, Answers answers) {
    answers.count(Count.BATCHES.key(), totals.batches());
    answers.count(Count.RECORDS.key(), totals.records());
    answers.count(Count.BYTES.key(), totals.bytes());
    answers.count(Count.DUPLICATE_BATCHES.key(), totals.duplicateBatches());
    answers.count(Count.DUPLICATE_RECORDS.key(), totals.duplicateRecords());
    answers.count(Count.UNKNOWN_FILES.key(), totals.unknownFiles());
    answers.count(Count.UNKNOWN_REGIONS.key(), totals.unknownRegions());
    answers.count(Count.EXCLUDED.key(), totals.excluded());
    answers.count(Count.OUTSIDE_HISTORY.key(), totals.outsideHistory());
    answers.count(Count.APART_REFUSED.key(), totals.apartRefused());
    answers.count(Count.ADOPTED.key(), totals.adopted());
    answers.count(Count.DROPPED_BY_SENDERS.key(), totals.droppedBySenders());
  }

  /** For a failure's message: what is not the same. */
  static String differences(Answers one, Answers other) {
    StringBuilder text = new StringBuilder();
    compare(one.counts(), other.counts(), text);
    compare(one.demand(), other.demand(), text);
    compare(one.misses(), other.misses(), text);
    return text.toString();
  }

  private static <K, V> void compare(
      java.util.Map<K, V> one, java.util.Map<K, V> other, StringBuilder text) {
    java.util.Set<K> keys = new java.util.LinkedHashSet<>(one.keySet());
    keys.addAll(other.keySet());
    for (K key : keys) {
      if (!java.util.Objects.equals(one.get(key), other.get(key)) && text.length() < 4000) {
        text.append(key).append(": ").append(one.get(key)).append(" / ");
        text.append(other.get(key)).append('\n');
      }
    }
  }
}
