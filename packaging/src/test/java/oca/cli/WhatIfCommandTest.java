package oca.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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
import oca.protocol.ServeRecord;
import oca.protocol.Wire;
import oca.protocol.http.ControlClient;
import oca.protocol.records.RecordFileConfig;
import oca.protocol.records.RecordsConfig;
import oca.steering.fleet.HeartbeatIntake;
import oca.steering.fleet.Liveness;
import oca.steering.rank.Ask;
import oca.steering.rank.Ranker;
import oca.steering.rank.Rules;
import oca.steering.rank.Shares;
import oca.steering.rank.Site;
import oca.steering.records.DecisionFiles;
import oca.steering.records.DecisionLog;
import oca.steering.records.Setup;
import oca.steering.routes.ForwardingTable.Match;
import oca.steering.routes.ForwardingTable.SitePath;
import oca.steering.routes.PathAttributes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code oca whatif} over thirty decisions, of which north takes all. */
class WhatIfCommandTest {
  private static final ContentId FILE = ContentId.ofPath("aurora/v0.mp4");
  private static final Endpoint ORIGIN = new Endpoint("origin.example", 80);
  private static final List<Site> SITES =
      List.of(
          new Site(new SiteId("north"), 53.55, 10.0), new Site(new SiteId("south"), 48.1, 11.6));
  private static final Rules RULES = new Rules(0.05, 3, 0.5, 1.25, 0.1, Duration.ZERO);

  @TempDir Path folder;

  private record Told(int status, String out) {}

  @BeforeEach
  void record() {
    HeartbeatIntake intake =
        new HeartbeatIntake(() -> 0, new HeartbeatIntake.Limits(10, 10, 100), "origin");
    beat(intake, "n-1", "north");
    beat(intake, "s-1", "south");
    Ranker ranker = new Ranker(SITES, RULES, ORIGIN);
    Match match =
        new Match(
            Prefix.parse("10.0.0.0/8"),
            List.of(new SitePath(new SiteId("north"), PathAttributes.LOCAL, "static")));
    Setup setup = Setup.of(SITES, RULES, ORIGIN, 0, Liveness.DEFAULT, 8);
    try (ControlClient client = new ControlClient(Duration.ofSeconds(1));
        DecisionLog log =
            DecisionLog.start(
                records(),
                () -> setup,
                new ApplianceId("steering"),
                "boot",
                _ -> 0,
                () -> Instant.EPOCH,
                client)) {
      for (int i = 0; i < 30; i++) {
        Ask ask = new Ask("aurora", List.of(FILE), Ask.Form.URLS, null, i);
        log.note(
            Address.parse("10.0.0.1"),
            ranker.decide(match, ask, intake.snapshot(), Shares.ALL, 1000),
            30);
      }
    }
  }

  @Test
  void whatif_nothingChanged_everyDecisionComesOutAsItWas() {
    Told told = whatif();
    assertEquals(0, told.status(), told.out());
    assertTrue(told.out().contains("30 come out as they were (100.00 %)"), told.out());
  }

  @Test
  void whatif_siteDropped_showsWhereItsViewersGo() throws Exception {
    Told told = whatif("--drop-site", "north", "-o", "json");
    assertEquals(0, told.status(), told.out());
    WhatIfCommand.Answer answer = Wire.read(told.out().getBytes(UTF_8), WhatIfCommand.Answer.class);
    assertEquals("north", answer.outlook().moves().getFirst().from());
    assertEquals("south", answer.outlook().moves().getFirst().to());
    assertEquals(30, answer.outlook().moves().getFirst().decisions());
    assertEquals(0, answer.outlook().nearestNow());
    assertTrue(whatif("--drop-site", "north").out().contains("south"));
  }

  @Test
  void whatif_withWhatWasServed_movesTheBytesToo() throws Exception {
    Path north = records("n-1", 4_000, 30);
    Path origin = records("origin", 1_000, 1);
    Told told =
        whatif("--drop-site", "north", "--served", "n-1=" + north, "--served", "origin=" + origin);
    assertEquals(0, told.status(), told.out());
    assertTrue(told.out().contains("121,000 bytes of 31 responses; 0 bytes of which"), told.out());
    assertTrue(told.out().matches("(?s).*north +99.17 % +0.00 %.*"), told.out());
    assertTrue(told.out().matches("(?s).*south +0.00 % +99.17 %.*"), told.out());
    assertTrue(told.out().matches("(?s).*nearest +99.17 % +0.00 %.*"), told.out());
    // With nobody there even the player that went its own way had no choice.
    assertTrue(told.out().matches("(?s).*lease +0.00 % +100.00 %.*"), told.out());
    Told other = whatif("--served", "n-1=" + north, "--from", "1970-01-01T00:00:01Z", "-o", "json");
    WhatIfCommand.Answer answer =
        Wire.read(other.out().getBytes(UTF_8), WhatIfCommand.Answer.class);
    assertEquals(0, answer.served().bytes(), "neither asked nor answered in that time");
    assertEquals(0, answer.outlook().decisions());
  }

  @Test
  void whatif_servedFolderMissingOrLineAltered_isToldAndExitsOther() throws Exception {
    assertTrue(whatif("--served", "n-1=" + folder.resolve("no")).status() != 0);
    Path north = records("n-1", 4_000, 3);
    Files.writeString(north.resolve("serve-20260101T000001.000Z.jsonl"), "{\"at\":7}\n");
    Told told = whatif("--served", "n-1=" + north);
    assertEquals(1, told.status());
    assertTrue(told.out().contains("1 lines are no records"), told.out());
  }

  @Test
  void whatif_lessCapacityOrAHigherCutoff_sendsViewersOn() {
    assertTrue(whatif("--capacity", "north=0.4").out().contains("100.00 % then, 0.00 % now"));
    assertTrue(whatif("--cutoff", "0.7").out().contains("100.00 % then, 0.00 % now"));
    assertTrue(whatif("--window", "0.001").out().contains("30 decisions"));
  }

  @Test
  void whatif_badOption_saysWhatIsWrong() {
    assertEquals(2, whatif("--cutoff", "7").status());
    assertEquals(2, whatif("--capacity", "north=0").status());
    assertEquals(2, whatif("--from", "yesterday").status());
    assertEquals(2, whatif("--most", "0").status());
  }

  @Test
  void whatif_lineAltered_isCountedAndExitsOne() throws Exception {
    Path file = DecisionFiles.of(folder).getFirst();
    Files.writeString(file, Files.readString(file) + "{\"decision\":7}\n");
    Told told = whatif();
    assertEquals(1, told.status());
    assertTrue(told.out().contains("1 lines could not be used"), told.out());
  }

  /** Responses to the viewer, in a folder of that server. */
  private Path records(String server, long bytes, int count) throws Exception {
    Path place = Files.createDirectories(folder.resolve("served").resolve(server));
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      lines.append(
          new String(
              Wire.write(
                  new ServeRecord(
                      Instant.EPOCH.plusMillis(10 + i),
                      FILE,
                      "10.0.0.0",
                      206,
                      0,
                      bytes,
                      true,
                      1_000,
                      "part")),
              UTF_8));
      lines.append('\n');
    }
    Files.writeString(place.resolve("serve-20260101T000000.000Z.jsonl"), lines);
    return place;
  }

  private Told whatif(String... more) {
    StringWriter out = new StringWriter();
    CommandLine line = Oca.commandLine("whatif");
    line.setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
    String[] arguments = new String[more.length + 3];
    arguments[0] = "whatif";
    arguments[1] = "--records";
    arguments[2] = folder.toString();
    System.arraycopy(more, 0, arguments, 3, more.length);
    int status = line.execute(arguments);
    return new Told(status, out.toString());
  }

  private static void beat(HeartbeatIntake intake, String id, String site) {
    ApplianceId appliance = new ApplianceId(id);
    intake.heartbeat(
        new Heartbeat(
            appliance,
            new SiteId(site),
            new Endpoint(id, 80),
            "boot",
            1,
            Instant.EPOCH,
            new Health(false, site.equals("north") ? 400 : 100, 1000, 0, 1000),
            1,
            1,
            1));
    intake.inventory(new Inventory(appliance, "boot", 1, List.of(FILE)));
  }

  private RecordsConfig records() {
    return new RecordsConfig(
        Optional.empty(),
        Optional.of(
            new RecordFileConfig(
                folder,
                new ByteSize(1 << 20),
                Duration.ofHours(1000),
                10,
                new ByteSize(1 << 24),
                Duration.ofMillis(20),
                false,
                RecordFileConfig.Sync.NEVER)),
        1 << 10,
        100,
        Duration.ofSeconds(1),
        Duration.ofMillis(200),
        Duration.ofSeconds(10),
        100,
        Duration.ofSeconds(10));
  }
}
