package oca.flink;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import oca.fill.FillConfig;
import oca.fill.causes.Attribution;
import oca.fill.causes.Served;
import oca.fill.causes.Whereabouts;
import oca.fill.day.DayScale;
import oca.fill.demand.Regions;
import oca.fill.demand.Tally;
import oca.fill.demand.Tally.Count;
import oca.fill.intake.Sieve;
import oca.protocol.CatalogEntry;
import oca.protocol.ServeRecords;
import oca.protocol.SteeringRecord;
import oca.protocol.SteeringRecords;
import oca.protocol.Wire;
import oca.protocol.kafka.Packing;

/**
 * Opens messages: finds out which came before, and what each of the others adds where. Messages of
 * a sender come in the order in which it sent them. For one thread.
 */
final class Opening {
  /** Where it goes. */
  interface Out {
    void demand(DemandPart part);

    void apart(DemandPart part);

    void join(Joining joining);

    void count(String name, long by);
  }

  private static final int MAX_BYTES = 32 << 20;

  /** Boots of one sender that are remembered. */
  private static final int MAX_BOOTS = 1000;

  private final Regions regions;
  private final DayScale scale;
  private final int historyDays;
  private final int back;
  private final Lookout.Watch watch;
  private final Whereabouts whereabouts;
  private final Sieve sieve = new Sieve();

  Opening(FillConfig config, Lookout.Watch watch) {
    this.regions = config.demandRegions();
    this.scale = config.scale();
    this.historyDays = config.limits().historyDays();
    this.back = config.limits().sequencesPerBoot();
    this.watch = watch;
    this.whereabouts =
        new Whereabouts(
            watch::site,
            config.causes().origins()::contains,
            file -> {
              CatalogEntry entry = watch.file(file);
              return entry == null ? null : entry.title();
            },
            client -> regions.of(client) instanceof Regions.Origin.Excluded);
  }

  /** Opens one. */
  void open(Arrival arrival, Sender sender, Out out) {
    try {
      byte[] message = Packing.unpack(arrival.value(), MAX_BYTES);
      switch (arrival.kind()) {
        case SERVE -> serve(arrival, Wire.read(message, ServeRecords.class), sender, out);
        case STEERING -> steering(arrival, Wire.read(message, SteeringRecords.class), sender, out);
      }
    } catch (IOException | IllegalArgumentException e) {
      // Whatever it is, it would be so again.
      out.count(Counted.MALFORMED, 1);
    }
  }

  private void serve(Arrival arrival, ServeRecords sent, Sender sender, Out out) {
    String name = sentBy(arrival, sent.server().value());
    ServeRecords batch = sieve.of(sent);
    int refused = sent.records().size() - batch.records().size();
    if (refused > 0) {
      out.count(Counted.REFUSED, refused);
    }
    Tally tally =
        Tally.of(
            batch, arrival.at(), file -> watch.file(file) != null, regions, scale, historyDays);
    if (!sender.counts(batch.bootId(), batch.sequence(), back, arrival.received())) {
      out.count(Count.DUPLICATE_BATCHES.key(), 1);
      out.count(Count.DUPLICATE_RECORDS.key(), batch.records().size());
      return;
    }
    tally
        .demand()
        .forEach(
            (cell, amount) -> {
              CatalogEntry entry = watch.file(cell.file());
              out.demand(new DemandPart(cell, amount, entry == null ? 0 : entry.length()));
            });
    tally.apart().forEach((cell, amount) -> out.apart(new DemandPart(cell, amount, 0)));
    tally.counts().forEach((count, number) -> out.count(count.key(), number));
    if (isNew(name, batch.bootId(), batch.sequence(), batch.records().size(), sender, out)) {
      dropped(batch.dropped(), out);
      Map<String, List<Served>> groups = new LinkedHashMap<>();
      for (Served served : whereabouts.served(batch)) {
        groups.computeIfAbsent(served.group(), _ -> new ArrayList<>()).add(served);
      }
      groups.forEach(
          (group, served) ->
              out.join(
                  new Joining(
                      arrival.received(),
                      arrival.source(),
                      arrival.offset(),
                      group,
                      served,
                      List.of())));
    }
  }

  private void steering(Arrival arrival, SteeringRecords batch, Sender sender, Out out) {
    String name = sentBy(arrival, batch.server().value());
    if (isNew(name, batch.bootId(), batch.sequence(), batch.records().size(), sender, out)) {
      dropped(batch.dropped(), out);
      Map<String, List<SteeringRecord>> groups = new LinkedHashMap<>();
      for (SteeringRecord answer : batch.records()) {
        groups.computeIfAbsent(whereabouts.group(answer), _ -> new ArrayList<>()).add(answer);
      }
      groups.forEach(
          (group, answers) ->
              out.join(
                  new Joining(
                      arrival.received(),
                      arrival.source(),
                      arrival.offset(),
                      group,
                      List.of(),
                      answers)));
    }
  }

  private boolean isNew(
      String name, String boot, long sequence, int records, Sender sender, Out out) {
    if (sender.joins(name, boot, sequence, MAX_BOOTS)) {
      return true;
    }
    count(Attribution.Count.REPEATED_BATCHES, 1, out);
    count(Attribution.Count.REPEATED_RECORDS, records, out);
    return false;
  }

  private static void dropped(long told, Out out) {
    count(Attribution.Count.DROPPED_BY_SENDERS, Math.max(0, told), out);
  }

  private static void count(Attribution.Count count, long by, Out out) {
    if (by > 0) {
      out.count(Counted.MISSES + count.label(), by);
    }
  }

  /** What is known of a sender is with its key: under another it would be taken for new. */
  private static String sentBy(Arrival arrival, String server) {
    if (!server.equals(arrival.sender())) {
      throw new IllegalArgumentException("its key is not its sender");
    }
    return server;
  }
}
