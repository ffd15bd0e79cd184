package oca.fill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import oca.config.ByteSize;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.fill.day.DayScale;
import oca.fill.intake.IntakeConfig;
import oca.fill.ready.Readiness;
import oca.fill.release.ReleasesConfig;
import oca.fill.trigger.TriggerConfig;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.flight.FlightConfig;
import oca.protocol.http.ConnectionLimits;
import oca.protocol.http.ControlCredentials;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FillConfigTest {
  private static final String LEAST =
      """
      database: /var/lib/oca/fill
      origin:
        catalog: http://127.0.0.1:8080/catalog.json
        content: http://127.0.0.1:8080/content
      """;

  @Test
  void origin_aBucket_isTakenForContentAlone() throws ConfigException {
    String bucket =
        "database: /d\norigin: {catalog: \"http://o/c\", content: \"s3://media/films\"}\n";
    assertEquals(
        URI.create("s3://media/films/"),
        ConfigFile.parse("fill.yaml", bucket, FillConfig.class).origin().base());
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () ->
                ConfigFile.parse(
                    "fill.yaml", bucket.replace("http://o/c", "s3://media/c"), FillConfig.class));
    assertTrue(String.valueOf(e.getMessage()).contains("catalog must be an http(s) URI"));
  }

  @Test
  void parse_onlyWhatMustBeGiven_takesTheDefaults() throws ConfigException {
    assertEquals(
        new FillConfig(
            new Endpoint("127.0.0.1", 8450),
            Path.of("/var/lib/oca/fill"),
            new FillConfig.Origin(
                URI.create("http://127.0.0.1:8080/catalog.json"),
                URI.create("http://127.0.0.1:8080/content"),
                Duration.ofSeconds(30)),
            List.of(),
            List.of(),
            new FillConfig.Window(LocalTime.of(2, 0), LocalTime.of(14, 0), ZoneId.of("UTC")),
            Duration.ofDays(1),
            Optional.empty(),
            new ByteSize(150_000_000),
            new FillConfig.Forecast(
                0, 1.3, Optional.empty(), new ReleasesConfig(10_000, 1_000, 100_000)),
            new PlacementConfig(1, 16, 4, 0.05, 0.8, 1.03, Map.of(), Map.of(), List.of()),
            new PlansConfig(true, 0.5, 10, Optional.empty()),
            Duration.ofSeconds(10),
            Duration.ofSeconds(2),
            ConnectionLimits.DEFAULT,
            Optional.empty(),
            new TriggerConfig(
                "AS64496:0",
                List.of(),
                Duration.ofDays(7),
                new TriggerConfig.Limits(1000, 10_000, 100_000)),
            new Readiness(1, 1),
            new FlowConfig(
                1,
                2,
                Duration.ofMinutes(10),
                Duration.ofMinutes(30),
                Duration.ofMinutes(10),
                Duration.ofHours(1),
                List.of(),
                List.of(),
                100,
                List.of(),
                List.of(),
                List.of()),
            new JobsConfig(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                ControlCredentials.NONE,
                5,
                2_000_000,
                128,
                Duration.ofSeconds(25),
                Duration.ofSeconds(10)),
            FlightConfig.DEFAULT,
            new CausesConfig(
                List.of(new ApplianceId("origin")),
                Duration.ofHours(1),
                Duration.ofSeconds(90),
                Duration.ofSeconds(30),
                Duration.ofSeconds(2),
                100_000,
                200_000,
                744,
                20_000),
            new ViewersConfig(
                Duration.ofSeconds(5),
                Duration.ofHours(1),
                100_000,
                200_000,
                0.05,
                0.02,
                0.01,
                Duration.ofMillis(500),
                20),
            new IntakeConfig(Optional.empty()),
            new LedgerConfig(Optional.empty(), 400, Duration.ofHours(1), 10_000, 30),
            new FanOutConfig(8, 2),
            new StateConfig(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "fill",
                Duration.ofMinutes(4)),
            new FillConfig.Limits(28, 10_000, 1024, 10_000, 10_000, 1_000_000)),
        parse(LEAST));
  }

  @Test
  void read_exampleOfTheTests_isWhole() throws Exception {
    Path example = Path.of(FillConfigTest.class.getResource("fill-example.yaml").toURI());
    FillConfig config = ConfigFile.read(example, FillConfig.class);
    assertEquals(2, config.regions().size());
    assertEquals(
        List.of(new SiteId("north"), new SiteId("south")), config.regions().getFirst().sites());
    assertEquals(
        config.sitesOfRegion().keySet().stream().map(SiteId::value).toList(),
        List.of("north-net", "south-net"));
    assertEquals(URI.create("http://127.0.0.1:8080/content/"), config.origin().base());
  }

  @Test
  void read_unknownKey_namesFileLineColumnAndNearestKey(@TempDir Path folder) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("fill.yaml"), LEAST + "window:\n  open: \"01:00\"\nfillrate: 1GB\n");
    ConfigException e =
        assertThrows(ConfigException.class, () -> ConfigFile.read(file, FillConfig.class));
    assertEquals(
        file
            + ":6:3: unknown key \"open\"; did you mean \"opens\"?\n"
            + file
            + ":7:1: unknown key \"fillrate\"; did you mean \"fillRate\"?",
        e.getMessage());
  }

  @Test
  void parse_valuesThatCannotBe_areRefusedWithTheirPlace() {
    refused("fillRate: 0B\n", "fillRate must be above zero");
    refused("lease: 0s\n", "lease must be above zero");
    refused("day: 0s\n", "a day must last");
    refused("excluded: [10.0.0.1/8]\n", "bits set behind its length");
    refused("regions: [{id: a, prefixes: [10.0.0.0/8]}]\n", "the region a has no sites");
    refused(
        "regions: [{id: a, sites: [b]}, {id: a, sites: [b]}]\n", "the region a is listed twice");
    refused("forecast: {horizon: 29}\n", "horizon must be 1 to 28 days, or 0");
    refused("forecast: {hysteresis: 0.9}\n", "hysteresis must be 1 or more");
    refused("placement: {reserve: 1}\n", "reserve must be 0 to below 1");
    refused("placement: {minCopies: 3, maxCopiesPerSite: 2}\n", "must not be below minCopies");
    refused("placement: {balance: 0.9}\n", "balance must be 1 or more");
    refused(
        "placement: {types: {flash: {throughput: 0, storage: 1}}}\n",
        "the weight throughput must be above 0");
    refused("placement: {servers: {n-1: flash}}\n", "of the type flash, which types does not have");
    refused("placement: {pinned: [{sites: [a]}]}\n", "name titles or paths to pin");
    refused("placement: {pinned: [{paths: [/a]}]}\n", "the pinned path has an empty segment");
    refused(
        "placement: {pinned: [{titles: [t], regions: [nowhere]}]}\n",
        "pinned to the region nowhere, which regions lacks");
    refused("plans: {maxEvictedShare: 2}\n", "maxEvictedShare must be 0 to 1");
    refused("plans: {kept: 0}\n", "kept must be 1 to 1000");
    refused("limits: {historyDays: 0}\n", "historyDays must be 1 to 400");
    String postgres = "state: {jdbcUrl: \"jdbc:postgresql://db/fill\"";
    refused(postgres + "}\n", "state.jdbcUrl needs plans.key");
    refused("state: {jdbcUrl: \"jdbc:h2:x\"}\n", "must begin with jdbc:postgresql:");
    refused("state: {user: fill}\n", "are for a jdbcUrl");
    refused(postgres + ", schema: Fill}\n", "lower-case letters, digits and underscores");
    refused(postgres + ", standby: -1s}\n", "");
  }

  @Test
  void place_ofAStateInPostgres_isShownWithoutItsOptions() throws ConfigException {
    FillConfig config =
        parse(
            LEAST
                + "state: {jdbcUrl: \"jdbc:postgresql://db/fill?password=x\"}\n"
                + "plans: {key: /etc/oca/key.pem}\n");
    assertEquals(
        "jdbc:postgresql://db/fill (schema fill)", config.state().place().orElseThrow().toString());
    assertEquals(Optional.empty(), parse(LEAST).state().place());
  }

  @Test
  void scale_asConfigured_startsItsDaysThere() throws ConfigException {
    assertEquals(
        Instant.parse("2026-11-10T12:34:56Z"),
        parse(LEAST).scale().plan(Instant.parse("2026-11-10T12:34:56Z")));
    DayScale scale =
        parse(LEAST + "day: 30s\ndayStarts: 2026-11-10T12:00:00Z\nwindow: {zone: Europe/Berlin}\n")
            .scale();
    assertEquals(
        Instant.parse("2026-11-09T23:00:00Z"), scale.plan(Instant.parse("2026-11-10T12:00:00Z")));
    assertEquals(
        Instant.parse("2026-11-11T23:00:00Z"), scale.plan(Instant.parse("2026-11-10T12:01:00Z")));
  }

  private static void refused(String more, String why) {
    ConfigException e = assertThrows(ConfigException.class, () -> parse(LEAST + more), more);
    assertTrue(e.getMessage().contains(why), e.getMessage());
    assertTrue(e.problems().getFirst().line() > 0, e.getMessage());
  }

  private static FillConfig parse(String text) throws ConfigException {
    return ConfigFile.parse("fill.yaml", text, FillConfig.class);
  }
}
