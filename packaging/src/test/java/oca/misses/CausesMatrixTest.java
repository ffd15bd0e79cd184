package oca.misses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import oca.config.ByteSize;
import oca.fill.causes.Attribution;
import oca.fill.causes.Label;
import oca.fill.causes.Labelled;
import oca.fill.causes.Rules;
import oca.fill.causes.Served;
import oca.model.Address;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.Prefix;
import oca.model.SiteId;
import oca.protocol.Health;
import oca.protocol.Heartbeat;
import oca.protocol.Inventory;
import oca.protocol.Playback;
import oca.protocol.ServeRecord;
import oca.protocol.SteeringRecord;
import oca.protocol.SteeringRecords;
import oca.protocol.http.ControlClient;
import oca.protocol.records.RecordFileConfig;
import oca.protocol.records.RecordsConfig;
import oca.steering.fleet.HeartbeatIntake;
import oca.steering.fleet.Liveness;
import oca.steering.fleet.LossRules;
import oca.steering.fleet.Member;
import oca.steering.rank.Ask;
import oca.steering.rank.Decision;
import oca.steering.rank.Ranker;
import oca.steering.rank.Shares;
import oca.steering.rank.Site;
import oca.steering.records.Change;
import oca.steering.records.DecisionFiles;
import oca.steering.records.DecisionLog;
import oca.steering.records.Replay;
import oca.steering.records.Setup;
import oca.steering.routes.ForwardingTable.Match;
import oca.steering.routes.ForwardingTable.SitePath;
import oca.steering.routes.PathAttributes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Faults are done to a fleet that the real intake hears and the real ranker decides among; players
 * act on the answers; what the join makes of the records is held against what was done.
 */
class CausesMatrixTest {
  private static final int ROUNDS = 60;
  private static final Instant START = Instant.parse("2026-11-01T12:00:00Z");
  private static final Endpoint ORIGIN = new Endpoint("origin.example", 8440);
  private static final List<Site> SITES =
      List.of(
          new Site(new SiteId("north"), 53.55, 10.0),
          new Site(new SiteId("south"), 48.14, 11.58),
          new Site(new SiteId("east"), 52.52, 13.40));
  private static final oca.steering.rank.Rules RULES =
      new oca.steering.rank.Rules(0.05, 3, 0.5, 1.25, 0.1, Duration.ofSeconds(60));
  private static final Liveness LIVENESS = Liveness.DEFAULT;

  @TempDir Path folder;
  private final AtomicLong millis = new AtomicLong();
  private final Random chance = new Random(9);
  private final ControlClient client = new ControlClient(Duration.ofSeconds(1));
  private final List<Served> served = new ArrayList<>();
  private final Map<ServeRecord, Label> truth = new HashMap<>();
  private long sequence;
  private int viewers;

  @Test
  void labels_underInjectedFaults_areRightInNinetyNineOfAHundred() throws Exception {
    Setup setup = Setup.of(SITES, RULES, ORIGIN, 0, LIVENESS, 32);
    try (DecisionLog log =
        DecisionLog.start(
            recording(),
            () -> setup,
            new ApplianceId("steering"),
            "boot",
            _ -> 0,
            () -> START.plusMillis(millis.get()),
            client)) {
      for (int round = 0; round < ROUNDS; round++) {
        for (Label fault : Label.values()) {
          if (fault != Label.UNKNOWN) {
            play(fault, round, log);
            // What was done to one fleet must not be taken for evidence of the next.
            millis.addAndGet(Duration.ofMinutes(4).toMillis());
          }
        }
      }
    }
    client.close();
    Map<Label, Map<Label, Integer>> matrix = matrix(join());
    int right = 0;
    int all = 0;
    for (Map.Entry<Label, Map<Label, Integer>> row : matrix.entrySet()) {
      for (Map.Entry<Label, Integer> cell : row.getValue().entrySet()) {
        all += cell.getValue();
        right += cell.getKey() == row.getKey() ? cell.getValue() : 0;
      }
    }
    System.out.println(table(matrix));
    assertEquals(truth.size(), all, "each response has one label");
    assertTrue(right >= 0.99 * all, right + " of " + all + "\n" + table(matrix));
    for (Map.Entry<Label, Map<Label, Integer>> row : matrix.entrySet()) {
      int of = row.getValue().values().stream().mapToInt(Integer::intValue).sum();
      int is = row.getValue().getOrDefault(row.getKey(), 0);
      assertTrue(is >= 0.99 * of, row.getKey() + ": " + is + " of " + of);
    }
  }

  /** A fleet of its own with one fault, and some viewers of whom one is hurt by it. */
  private void play(Label fault, int round, DecisionLog log) {
    HeartbeatIntake intake =
        new HeartbeatIntake(
            () -> millis.get() * 1_000_000,
            new HeartbeatIntake.Limits(100, 1000, 100_000, 10_000, 100),
            "origin",
            LIVENESS,
            new LossRules(1, 100, Duration.ofSeconds(10), Duration.ofMinutes(10), Duration.ZERO),
            1);
    Ranker ranker = new Ranker(SITES, RULES, ORIGIN);
    String title = fault.name().toLowerCase(Locale.ROOT) + "-" + round;
    ContentId file = ContentId.ofPath(title + "/v0.mp4");
    List<String> here = new ArrayList<>(List.of("n-1"));
    boolean isThere = fault != Label.CONTENT && fault != Label.FILL_PENDING;
    // Neighbours in trouble of another kind, that never held it, are no cause.
    here.addAll(List.of("n-2", "n-3").subList(0, chance.nextInt(3)));
    for (String id : here) {
      boolean subject = id.equals("n-1");
      beat(
          intake,
          id,
          "north",
          subject ? fault : Label.NEAREST,
          subject && isThere ? List.of(file) : List.of(),
          file,
          !subject && chance.nextBoolean());
    }
    // In every third round the silent one is alone in holding it, and named as the last resort.
    boolean isAlone = fault == Label.LEASE && round % 3 == 2;
    List<ContentId> elsewhere = isAlone ? List.of() : List.of(file);
    beat(intake, "s-1", "south", Label.NEAREST, elsewhere, file, false);
    beat(intake, "e-1", "east", Label.NEAREST, elsewhere, file, false);
    if (fault == Label.LEASE && round % 3 != 1) {
      silence(intake, file);
    }
    boolean homeless = fault == Label.POLICY;
    Viewer viewer = new Viewer(++viewers, homeless, title, file);
    Decision answer = viewer.asks(ranker, intake, log);
    millis.addAndGet(200 + chance.nextInt(2000));
    switch (fault) {
      case HEALTH, CONTENT, WARMING, FULL, DRAIN, FILL_PENDING, POLICY ->
          viewer.watches(first(answer), fault);
      case NEAREST -> viewer.watches("n-1", Label.NEAREST);
      case PLAYER -> viewer.watches("s-1", Label.PLAYER);
      case LEASE -> {
        if (isAlone) {
          assertEquals("n-1", first(answer));
          viewer.watches("origin", Label.LEASE);
        } else if (round % 3 == 0) {
          viewer.watches(first(answer), Label.LEASE);
        } else {
          // It dies in the middle; the player goes on by its list, and asks again in time.
          viewer.watches("n-1", Label.NEAREST);
          viewer.watches("s-1", Label.LEASE);
          silence(intake, file);
          viewer.watches(first(viewer.asks(ranker, intake, log)), Label.LEASE);
        }
      }
      case STALE_STEERING -> {
        if (round % 2 == 0) {
          // Steering believes that it is there; the appliance knows better.
          viewer.isRefused("n-1", 404);
          viewer.watches("s-1", Label.STALE_STEERING);
        } else {
          // The answer led away for good reason, and is used long after that is over.
          beat(intake, "n-1", "north", Label.DRAIN, List.of(file), file, false);
          viewer.watches(first(viewer.asks(ranker, intake, log)), Label.DRAIN);
          millis.addAndGet(Duration.ofSeconds(70).toMillis());
          viewer.watches("s-1", Label.STALE_STEERING);
        }
      }
      case UNKNOWN -> throw new IllegalArgumentException("not a fault");
    }
    Viewer other = new Viewer(++viewers, false, "calm-" + title, ContentId.ofPath("calm/" + title));
    intake.heartbeat(heartbeat("n-1", "north", Label.NEAREST, other.file, false));
    intake.inventory(
        new Inventory(new ApplianceId("n-1"), "boot", sequence, List.of(other.file, file)));
    String calm = first(other.asks(ranker, intake, log));
    other.watches(calm, calm.startsWith("n-") ? Label.NEAREST : Label.WARMING);
  }

  /** Time in which only the others are heard. */
  private void silence(HeartbeatIntake intake, ContentId file) {
    for (int i = 0; i < 4; i++) {
      millis.addAndGet(1000);
      for (String id : List.of("s-1", "e-1")) {
        String site = id.startsWith("s") ? "south" : "east";
        intake.heartbeat(heartbeat(id, site, Label.NEAREST, file, false));
      }
    }
  }

  private void beat(
      HeartbeatIntake intake,
      String id,
      String site,
      Label fault,
      List<ContentId> held,
      ContentId file,
      boolean broken) {
    Heartbeat beat = heartbeat(id, site, fault, file, broken);
    intake.heartbeat(beat);
    if (fault != Label.WARMING) {
      intake.inventory(new Inventory(new ApplianceId(id), "boot", beat.inventoryVersion(), held));
    }
  }

  private Heartbeat heartbeat(String id, String site, Label fault, ContentId file, boolean broken) {
    long number = ++sequence;
    int used = fault == Label.FULL ? 990 : chance.nextInt(600);
    String fails = fault == Label.HEALTH || broken ? "a disk is broken" : null;
    return new Heartbeat(
        new ApplianceId(id),
        new SiteId(site),
        new Endpoint("h-" + id, 8440),
        "boot",
        number,
        START,
        new Health(fault == Label.DRAIN, used, 1000, 0, 10_000_000_000L, fails),
        1L << 40,
        1L << 30,
        number,
        null,
        fault == Label.FILL_PENDING ? List.of(file) : List.of(),
        fault == Label.WARMING ? Long.valueOf(100) : null);
  }

  private static String first(Decision answer) {
    List<Member> chosen = answer.chosen();
    return chosen.isEmpty() ? "origin" : chosen.getFirst().id().value();
  }

  /** Somebody in a network that few others are in. */
  private final class Viewer {
    private final Address address;
    private final @Nullable String session;
    private final boolean homeless;
    private final String title;
    private final ContentId file;

    Viewer(int number, boolean homeless, String title, ContentId file) {
      this.address = Address.parse("10." + number / 200 % 200 + "." + number % 200 + ".7");
      this.session = number % 3 == 0 ? "viewer-" + number : null;
      this.homeless = homeless;
      this.title = title;
      this.file = file;
    }

    Decision asks(Ranker ranker, HeartbeatIntake intake, DecisionLog log) {
      Match match =
          homeless
              ? null
              : new Match(
                  Prefix.parse("10.0.0.0/8"),
                  List.of(new SitePath(new SiteId("north"), PathAttributes.LOCAL, "static")));
      Ask ask = new Ask(title, List.of(file), Ask.Form.PATHWAYS, null, chance.nextLong(), session);
      Decision decision =
          ranker.decide(match, ask, intake.snapshot(), Shares.ALL, millis.get() * 1_000_000);
      log.note(address, decision, 30);
      return decision;
    }

    void watches(String server, Label because) {
      for (int part = 1 + chance.nextInt(3); part > 0; part--) {
        millis.addAndGet(50 + chance.nextInt(400));
        ServeRecord record = record(206, 1_000_000L + served.size());
        served.add(served(server, record));
        truth.put(record, because);
      }
    }

    void isRefused(String server, int status) {
      millis.addAndGet(20);
      served.add(served(server, record(status, 0)));
    }

    private ServeRecord record(int status, long bytes) {
      return new ServeRecord(
          START.plusMillis(millis.get()),
          file,
          address.first(24).toString(),
          status,
          0,
          bytes,
          true,
          10_000,
          "part",
          session == null
              ? null
              : new Playback(session, null, "video", "vod", 4000, null, null, false, false));
    }

    private Served served(String server, ServeRecord record) {
      SiteId site =
          switch (server.charAt(0)) {
            case 'n' -> new SiteId("north");
            case 's' -> new SiteId("south");
            case 'e' -> new SiteId("east");
            default -> null;
          };
      return new Served(
          new ApplianceId(server),
          server.equals("origin") ? null : site,
          server.equals("origin"),
          title,
          record);
    }
  }

  /** All records, in batches that come out of order and some of them twice. */
  private List<Labelled> join() throws IOException {
    List<SteeringRecord> answers = new ArrayList<>();
    DecisionFiles.Tally tally =
        DecisionFiles.replay(
            DecisionFiles.of(folder),
            Change.NONE,
            (Replay.Pair pair) -> {
              assertEquals(pair.then(), pair.now());
              answers.add(pair.then());
            });
    assertEquals(0, tally.malformed());
    Attribution join =
        new Attribution(
            new Rules(
                Duration.ofHours(1),
                Duration.ofSeconds(90),
                Duration.ofSeconds(30),
                Duration.ofMillis(100),
                1_000_000,
                1_000_000,
                100));
    Instant now = START.plusMillis(millis.get());
    List<Runnable> sendings = new ArrayList<>();
    for (int i = 0; i < answers.size(); i += 10) {
      List<SteeringRecord> part = answers.subList(i, Math.min(answers.size(), i + 10));
      SteeringRecords batch =
          new SteeringRecords(new ApplianceId("steering"), "boot", i / 10 + 1L, 0, part);
      // The account is of a day: what is old has not been forgotten yet.
      sendings.add(() -> join.take(batch, SteeringRecord::key, part.getLast().at()));
    }
    for (int i = 0; i < served.size(); i++) {
      Served one = served.get(i);
      long number = i + 1L;
      sendings.add(
          () -> join.take(one.server(), "boot-" + number / 500, number, 0, List.of(one), now));
    }
    sendings.addAll(sendings.subList(0, sendings.size() / 4));
    Collections.shuffle(sendings, chance);
    sendings.forEach(Runnable::run);
    return join.finish();
  }

  private Map<Label, Map<Label, Integer>> matrix(List<Labelled> labelled) {
    Map<Label, Map<Label, Integer>> matrix = new EnumMap<>(Label.class);
    for (Labelled one : labelled) {
      Label is = truth.get(one.served().record());
      if (is != null) {
        matrix
            .computeIfAbsent(is, _ -> new EnumMap<>(Label.class))
            .merge(one.label(), 1, Integer::sum);
      }
    }
    return matrix;
  }

  private static String table(Map<Label, Map<Label, Integer>> matrix) {
    StringBuilder text = new StringBuilder("done, labelled as:\n");
    matrix.forEach(
        (done, row) -> {
          text.append(String.format("%-16s", done.label()));
          row.forEach(
              (label, count) -> text.append("  ").append(label.label()).append(' ').append(count));
          text.append('\n');
        });
    return text.toString();
  }

  private RecordsConfig recording() {
    return new RecordsConfig(
        Optional.empty(),
        Optional.of(
            new RecordFileConfig(
                folder,
                new ByteSize(1 << 20),
                Duration.ofHours(1000),
                1000,
                new ByteSize(1 << 30),
                Duration.ofMillis(20),
                false,
                RecordFileConfig.Sync.NEVER)),
        1 << 16,
        2000,
        Duration.ofSeconds(1),
        Duration.ofMillis(200),
        Duration.ofSeconds(10),
        100,
        Duration.ofSeconds(10));
  }
}
