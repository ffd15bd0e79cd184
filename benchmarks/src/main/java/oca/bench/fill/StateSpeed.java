package oca.bench.fill;

import com.sun.management.OperatingSystemMXBean;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import oca.fill.day.DayScale;
import oca.fill.demand.DemandLedger;
import oca.fill.demand.Regions;
import oca.fill.ledger.LedgerBook;
import oca.fill.ledger.LedgerDays;
import oca.fill.ledger.LedgerRules;
import oca.fill.ledger.Seal;
import oca.fill.state.PostgresPlace;
import oca.fill.state.StateStore;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.SiteId;
import oca.protocol.ServeRecord;
import oca.protocol.ServeRecords;

/**
 * How many batches of serve records a second the controller's database takes, each counted as
 * demand and in the ledger: from many senders at once, as they come over HTTP, and many to a call,
 * as they come over Kafka; in H2 and in a PostgreSQL that is started for it (synced, over
 * loopback).
 *
 * <p>Arguments: seconds of each run, senders at once, batches to a call, records to a batch.
 */
public final class StateSpeed {
  private static final int APPLIANCES = 1000;
  private static final int FILES = 1000;
  private static final OperatingSystemMXBean MACHINE =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final int records;
  private final DemandLedger demand;
  private final LedgerBook ledger;
  private final AtomicLong sequence = new AtomicLong();

  private StateSpeed(StateStore store, int records) {
    this.records = records;
    Regions regions = new Regions(Map.of(new SiteId("net"), List.of("10.0.0.0/8")), List.of());
    DayScale scale = new DayScale(Instant.EPOCH, Instant.EPOCH, Duration.ofDays(1));
    demand =
        new DemandLedger(
            store,
            regions,
            _ -> true,
            scale,
            InstantSource.system(),
            new DemandLedger.Limits(28, 10_000, 1024));
    ledger =
        new LedgerBook(
            store,
            new Unsigned(),
            new LedgerDays(scale, ZoneId.of("UTC")),
            new LedgerRules(Duration.ofHours(1), 400, 10_000, 10_000, 30));
  }

  private record Unsigned() implements Seal {
    @Override
    public String publicKey() {
      return "";
    }

    @Override
    public String sign(byte[] text) {
      return "";
    }
  }

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 10;
    int senders = args.length > 1 ? Integer.parseInt(args[1]) : 64;
    int together = args.length > 2 ? Integer.parseInt(args[2]) : 100;
    int records = args.length > 3 ? Integer.parseInt(args[3]) : 2;
    Path folder = Files.createTempDirectory("state-speed");
    try (StateStore store = StateStore.open(folder.resolve("state"))) {
      new StateSpeed(store, records).all("H2", seconds, senders, together, List.of());
    }
    try (EmbeddedPostgres server =
            EmbeddedPostgres.builder()
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setDataDirectory(folder.resolve("postgres"))
                .setCleanDataDirectory(true)
                .start();
        StateStore store =
            StateStore.open(
                new PostgresPlace(
                    "jdbc:postgresql://localhost:" + server.getPort() + "/postgres",
                    Optional.of("postgres"),
                    Optional.empty(),
                    "fill",
                    Duration.ZERO))) {
      String pid = Files.readAllLines(folder.resolve("postgres/postmaster.pid")).getFirst();
      new StateSpeed(store, records)
          .all("PostgreSQL", seconds, senders, together, List.of(Long.parseLong(pid.strip())));
    }
  }

  private void all(String name, int seconds, int senders, int together, List<Long> servers)
      throws Exception {
    run(name + ", warming up", 3, senders, 1, servers);
    run(name + ", " + senders + " senders", seconds, senders, 1, servers);
    run(name + ", " + together + " to a call", seconds, 1, together, servers);
  }

  private void run(String name, int seconds, int senders, int together, List<Long> servers)
      throws Exception {
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    long cpu = MACHINE.getProcessCpuTime();
    long server = millis(servers);
    long begun = System.nanoTime();
    AtomicLong taken = new AtomicLong();
    List<Future<?>> all = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < senders; i++) {
        all.add(
            threads.submit(
                () -> {
                  while (System.nanoTime() < end) {
                    send(together);
                    taken.addAndGet(together);
                  }
                  return true;
                }));
      }
    }
    for (Future<?> each : all) {
      each.get();
    }
    double took = (System.nanoTime() - begun) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "%-28s %6.0f batches/s, %5.0f us of this process a batch, %5.0f us of the server's%n",
        name,
        taken.get() / took,
        (MACHINE.getProcessCpuTime() - cpu) / 1e3 / taken.get(),
        1e3 * (millis(servers) - server) / taken.get());
  }

  private void send(int together) throws IOException {
    List<ServeRecords> batches = new ArrayList<>(together);
    for (int i = 0; i < together; i++) {
      batches.add(batch(sequence.incrementAndGet()));
    }
    var _ =
        demand.take(
            batches,
            (connection, batch) ->
                ledger.take(
                    connection,
                    batch,
                    new LedgerBook.Sender("site", false, _ -> true),
                    Instant.now()));
  }

  private ServeRecords batch(long number) {
    List<ServeRecord> served = new ArrayList<>(records);
    Instant now = Instant.now();
    for (int i = 0; i < records; i++) {
      ContentId file = ContentId.ofPath("titles/t" + (number * 31 + i * 7L) % FILES);
      served.add(new ServeRecord(now, file, "10.1.2.0", 206, 0, 1 << 20, true, 900, "part"));
    }
    return new ServeRecords(
        new ApplianceId("a-" + number % APPLIANCES), "boot", number / APPLIANCES + 1, 0, served);
  }

  /** Processor time of the server and all its processes. */
  private static long millis(List<Long> pids) {
    long millis = 0;
    for (long pid : pids) {
      ProcessHandle server = ProcessHandle.of(pid).orElseThrow();
      millis += cpu(server);
      millis += server.descendants().mapToLong(StateSpeed::cpu).sum();
    }
    return millis;
  }

  private static long cpu(ProcessHandle process) {
    return process.info().totalCpuDuration().map(Duration::toMillis).orElse(0L);
  }
}
