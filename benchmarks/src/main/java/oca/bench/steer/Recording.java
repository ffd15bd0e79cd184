package oca.bench.steer;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import oca.config.ByteSize;
import oca.model.Address;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.Prefix;
import oca.model.SiteId;
import oca.protocol.Health;
import oca.protocol.Heartbeat;
import oca.protocol.Inventory;
import oca.protocol.http.ControlClient;
import oca.protocol.records.RecordFileConfig;
import oca.protocol.records.RecordsConfig;
import oca.steering.fleet.HeartbeatIntake;
import oca.steering.fleet.Liveness;
import oca.steering.rank.Ask;
import oca.steering.rank.Decision;
import oca.steering.rank.Ranker;
import oca.steering.rank.Rules;
import oca.steering.rank.Shares;
import oca.steering.rank.Site;
import oca.steering.records.Change;
import oca.steering.records.DecisionFiles;
import oca.steering.records.DecisionLog;
import oca.steering.records.Outlook;
import oca.steering.records.Setup;
import oca.steering.routes.ForwardingTable.Match;
import oca.steering.routes.ForwardingTable.SitePath;
import oca.steering.routes.PathAttributes;
import org.jspecify.annotations.Nullable;

/**
 * What does it cost the thread that answers that its answer is noted, and how many recorded
 * decisions are replayed in a minute? 20 appliances at 5 sites, 2,000 files, a heartbeat every 500
 * decisions. All of them are replayed three times: first the code is compiled, too. The cost is the
 * difference of rounds with and without notes, one after the other in one run.
 *
 * <p>Arguments: decisions to be written and replayed (1000000), the folder for them (a temporary
 * one).
 */
public final class Recording {
  private static final int SITES = 5;
  private static final int APPLIANCES = 20;
  private static final int TITLES = 2000;
  private static final int PER_HEARTBEAT = 500;
  private static final int REPLAYS = 3;
  private static final int ROUND = 200_000;
  private static final int ROUNDS = 9;
  private static final int RING = 1 << 18;
  private static final Endpoint ORIGIN = new Endpoint("origin.example", 80);
  private static final Rules RULES = new Rules(0.05, 3, 0.5, 1.25, 0.1, Duration.ofSeconds(60));

  private final SplittableRandom random = new SplittableRandom(1);
  private final List<Site> sites = new ArrayList<>();
  private final List<ContentId> files = new ArrayList<>();
  private final Match[] matches = new Match[SITES];
  private final HeartbeatIntake intake;
  private final Ranker ranker;
  private long nanos;
  private long sequence;

  private Recording() {
    intake =
        new HeartbeatIntake(
            () -> nanos,
            new HeartbeatIntake.Limits(100, 100_000, 1_000_000, 10_000, 1_000),
            "origin");
    for (int i = 0; i < SITES; i++) {
      SiteId id = new SiteId("site-" + i);
      sites.add(new Site(id, 40 + i * 3.0, i * 5.0));
      matches[i] =
          new Match(
              Prefix.parse("10." + i + ".0.0/16"),
              List.of(new SitePath(id, PathAttributes.LOCAL, "static")));
    }
    for (int i = 0; i < TITLES; i++) {
      files.add(ContentId.ofPath("title-" + i + "/v0.mp4"));
    }
    ranker = new Ranker(sites, RULES, ORIGIN);
    for (int i = 0; i < APPLIANCES; i++) {
      beat(i);
      int parity = i;
      intake.inventory(
          new Inventory(
              new ApplianceId("box-" + i),
              "boot",
              1,
              files.stream().filter(file -> (file.low() + parity) % 3 != 0).toList()));
    }
  }

  /** Measures and prints. */
  public static void main(String[] arguments) throws IOException {
    int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
    Path folder =
        arguments.length > 1 ? Path.of(arguments[1]) : Files.createTempDirectory("decisions");
    Recording recording = new Recording();
    recording.cost(folder.resolve("cost"));
    recording.write(folder.resolve("replay"), count);
    for (int time = 0; time < REPLAYS; time++) {
      replay(folder.resolve("replay"));
    }
  }

  private void cost(Path folder) throws IOException {
    try (ControlClient client = new ControlClient(Duration.ofSeconds(1));
        DecisionLog log = log(folder, client)) {
      double[] without = new double[ROUNDS];
      double[] with = new double[ROUNDS];
      for (int round = -2; round < ROUNDS; round++) {
        double bare = round(null);
        double noted = round(log);
        settle(log, 0);
        if (round >= 0) {
          without[round] = bare;
          with[round] = noted;
        }
      }
      Arrays.sort(without);
      Arrays.sort(with);
      System.out.printf(
          Locale.ROOT,
          "a decision %.0f ns, noted %.0f ns (medians of %d rounds of %,d); %,d dropped of %,d%n",
          without[ROUNDS / 2],
          with[ROUNDS / 2],
          ROUNDS,
          ROUND,
          log.dropped(),
          log.noted());
    }
  }

  private double round(@Nullable DecisionLog log) {
    Address client = Address.parse("10.0.0.1");
    long begun = System.nanoTime();
    for (int i = 0; i < ROUND; i++) {
      Decision decision = decide();
      if (log != null) {
        log.note(client, decision, 30);
      }
    }
    return (System.nanoTime() - begun) / (double) ROUND;
  }

  private void write(Path folder, int count) throws IOException {
    long begun = System.nanoTime();
    try (ControlClient client = new ControlClient(Duration.ofSeconds(1));
        DecisionLog log = log(folder, client)) {
      Address client1 = Address.parse("10.0.0.1");
      for (int i = 0; i < count; i++) {
        if (i % (RING / 4) == 0) {
          settle(log, RING / 2);
        }
        log.note(client1, decide(), 30);
      }
      settle(log, 0);
      System.out.printf(
          Locale.ROOT, "%,d written, %,d dropped, ", log.noted() - log.dropped(), log.dropped());
    }
    long bytes = 0;
    for (Path file : DecisionFiles.of(folder)) {
      bytes += Files.size(file);
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "%.1f s, %.0f a second, %.0f bytes each%n",
        seconds,
        count / seconds,
        (double) bytes / count);
  }

  private static void replay(Path folder) throws IOException {
    Outlook outlook = new Outlook();
    long begun = System.nanoTime();
    long worked = processorNanos();
    DecisionFiles.Tally tally =
        DecisionFiles.replay(DecisionFiles.of(folder), Change.NONE, outlook);
    double seconds = (System.nanoTime() - begun) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "%,d decisions of %,d lines replayed in %.1f s: %.1f million a minute, %.1f us of a"
            + " processor each; %,d alike%n",
        tally.decisions(),
        tally.lines(),
        seconds,
        tally.decisions() / seconds * 60 / 1e6,
        (processorNanos() - worked) / 1e3 / Math.max(1, tally.decisions()),
        outlook.sum().same());
  }

  /** What this process has had of all processors: what others take is not in it. */
  private static long processorNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  private Decision decide() {
    if (++sequence % PER_HEARTBEAT == 0) {
      nanos += 50_000_000;
      beat((int) (sequence / PER_HEARTBEAT % APPLIANCES));
    }
    ContentId file = files.get((int) (TITLES * Math.pow(random.nextDouble(), 3)));
    Ask ask = new Ask(file.toString(), List.of(file), Ask.Form.URLS, null, random.nextLong());
    return ranker.decide(matches[random.nextInt(SITES)], ask, intake.snapshot(), Shares.ALL, nanos);
  }

  private void beat(int number) {
    intake.heartbeat(
        new Heartbeat(
            new ApplianceId("box-" + number),
            sites.get(number % SITES).id(),
            new Endpoint("box-" + number, 80),
            "boot",
            ++sequence,
            Instant.EPOCH,
            new Health(false, random.nextInt(1000), 1000, 0, 10_000_000_000L),
            1L << 40,
            1L << 30,
            1));
  }

  private static void settle(DecisionLog log, int waiting) {
    while (log.sinks().getFirst().waiting() > waiting) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private DecisionLog log(Path folder, ControlClient client) {
    RecordFileConfig file =
        new RecordFileConfig(
            folder,
            new ByteSize(256L << 20),
            Duration.ofHours(1),
            10_000,
            new ByteSize(64L << 30),
            Duration.ofSeconds(1),
            false,
            RecordFileConfig.Sync.ROTATION);
    Setup setup = Setup.of(sites, RULES, ORIGIN, 0, Liveness.DEFAULT, 32);
    return DecisionLog.start(
        new RecordsConfig(
            Optional.empty(),
            Optional.of(file),
            RING,
            2000,
            Duration.ofSeconds(1),
            Duration.ofMillis(200),
            Duration.ofSeconds(10),
            100,
            Duration.ofSeconds(60)),
        () -> setup,
        new ApplianceId("steering"),
        "boot",
        _ -> 0,
        InstantSource.system(),
        client);
  }
}
