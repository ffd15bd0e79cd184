package oca.steering;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import oca.config.ByteSize;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.flight.FlightConfig;
import oca.protocol.http.ConnectionLimits;
import oca.protocol.http.ControlCredentials;
import oca.protocol.records.RecordsConfig;
import oca.steering.SteeringConfig.Limits;
import oca.steering.SteeringConfig.Network;
import oca.steering.play.PlaybackConfig;
import oca.steering.qoe.QoeConfig;
import oca.steering.rank.Site;
import oca.steering.routes.RouteFilter;
import oca.steering.routes.RoutingTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SteeringConfigTest {
  private static final String LEAST =
      """
      catalog: http://127.0.0.10:8440/catalog.json
      origin: 127.0.0.10:8440
      publicUri: http://127.0.0.1:8460
      """;

  private static final String FULL =
      """
      listen: 127.0.0.1:0
      catalog: http://127.0.0.10:8440/catalog.json
      sites:
        - { id: north, latitude: 52.52, longitude: 13.40 }
      networks:
        - { prefix: 127.0.0.0/24, site: north }
        - { prefix: "2001:db8::/32", site: north }
      origin: 127.0.0.10:8440
      originPathway: vault
      publicUri: https://steer.example/oca
      lease: 3s
      ttl: 10s
      headroomFloor: 0.1
      trustClientParameter: true
      catalogInterval: 1min
      ranking: { spread: 0.6, bound: 1.5, stay: 0.2, slowStart: 2min }
      limits: { appliances: 5, appliancesPerAnswer: 2 }
      """;

  @Test
  void parse_onlyWhatMustBeGiven_takesTheDefaults() throws ConfigException {
    assertEquals(
        new SteeringConfig(
            new Endpoint("127.0.0.1", 8460),
            URI.create("http://127.0.0.10:8440/catalog.json"),
            List.of(),
            List.of(),
            new RoutesConfig(
                Optional.empty(),
                Optional.empty(),
                List.of(),
                RouteFilter.Rules.CUSTOMARY,
                new RoutingTable.Limits(10_000, 16_000_000, 4_000_000, 64),
                Duration.ofSeconds(2)),
            new Endpoint("127.0.0.10", 8440),
            "origin",
            URI.create("http://127.0.0.1:8460"),
            Duration.ofSeconds(3),
            Duration.ofSeconds(30),
            0.05,
            false,
            Duration.ofSeconds(5),
            Optional.empty(),
            new FleetConfig(
                Duration.ofSeconds(2),
                Duration.ofHours(24),
                0.15,
                2,
                Duration.ofSeconds(10),
                Duration.ofMinutes(10),
                Duration.ofMillis(100),
                Duration.ofSeconds(1),
                0.8,
                Duration.ofSeconds(5),
                Optional.empty(),
                Duration.ofSeconds(10),
                new ByteSize(64 << 20)),
            new RankConfig(0.5, 1.25, 0.1, Duration.ofSeconds(60)),
            new RegistryConfig(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                1000,
                1000,
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5)),
            Optional.empty(),
            new AccessConfig(
                Optional.empty(),
                Optional.empty(),
                ConnectionLimits.DEFAULT,
                ControlCredentials.NONE),
            new PlaybackConfig(
                Optional.empty(),
                Duration.ofSeconds(10),
                "http",
                Duration.ofHours(6),
                Duration.ofHours(24),
                List.of(),
                PlaybackConfig.ProxyHeader.X_FORWARDED_FOR,
                List.of(),
                Duration.ofSeconds(5),
                Duration.ofMinutes(2),
                20_000,
                true,
                List.of(),
                List.of(),
                false,
                500),
            new QoeConfig(
                Duration.ofMinutes(2), 50, 5, 0.02, 2, 0.1, 65_536, new ByteSize(64 << 10), 200),
            FlightConfig.DEFAULT,
            new RecordingConfig(
                new ApplianceId("steering"),
                32,
                new RecordsConfig(
                    Optional.empty(),
                    Optional.empty(),
                    65_536,
                    2000,
                    Duration.ofSeconds(1),
                    Duration.ofMillis(200),
                    Duration.ofSeconds(10),
                    100,
                    Duration.ofSeconds(3))),
            Optional.empty(),
            new Limits(
                10_000,
                1_900_000,
                100_000_000,
                5_000_000,
                100,
                5_000_000,
                Duration.ofSeconds(10),
                3,
                new ByteSize(64 << 20),
                256)),
        parse(LEAST));
  }

  @Test
  void parse_replicaWithNothing_takesTheDefaults() throws ConfigException {
    assertEquals(
        Optional.of(
            new ReplicaConfig(
                Optional.empty(),
                Duration.ofSeconds(10),
                List.of(),
                Duration.ofSeconds(3),
                new ByteSize(128 << 20),
                2,
                ControlCredentials.NONE)),
        parse(LEAST + "replica: {}\n").replica());
  }

  @Test
  void parse_everythingGiven_isTaken() throws ConfigException {
    SteeringConfig config = parse(FULL);
    assertEquals(List.of(new Site(new SiteId("north"), 52.52, 13.40)), config.sites());
    assertEquals(new Network("2001:db8::/32", new SiteId("north")), config.networks().get(1));
    assertEquals("vault", config.originPathway());
    assertEquals(Duration.ofSeconds(3), config.lease());
    assertEquals(0.1, config.headroomFloor());
    assertTrue(config.trustClientParameter());
    assertEquals(new RankConfig(0.6, 1.5, 0.2, Duration.ofMinutes(2)), config.ranking());
    assertEquals(2, config.limits().appliancesPerAnswer());
  }

  @Test
  void read_unknownKey_namesFileLineColumnAndNearestKey(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("steering.yaml"), LEAST + "leese: 3s\n");
    ConfigException e =
        assertThrows(ConfigException.class, () -> ConfigFile.read(file, SteeringConfig.class));
    assertEquals(file + ":4:1: unknown key \"leese\"; did you mean \"lease\"?", e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          127.0.0.0/24|127.0.0.7/24   |6:5: 127.0.0.7/24 has bits set behind its length; the network is 127.0.0.0/24
          2001:db8::/32|::ffff:127.0.0.0/120|the network 127.0.0.0/24 is given twice, for north and for north; keep one
          127.0.0.0/24, site: north|127.0.0.0/24, site: nroth|the site nroth, which is not one of the sites [north]
          127.0.0.0/24|example.org/24|not an IPv4 or IPv6 address: example.org
          latitude: 52.52|latitude: 92|4:28: the latitude of site north is not -90 to 90: 92.0
          ttl: 10s|ttl: 500ms|12:6: ttl must be whole seconds
          lease: 3s|lease: 0s|lease must be above 0
          lease: 3s|lease: 1s|lease must be from fleet.suspect (PT2S) to fleet.forget
          ttl: 10s|fleet: { lostShare: 2 }|lostShare must be 0 to 1
          ttl: 10s|registry: { file: a, jdbcUrl: "jdbc:postgresql://db/x" }|registry has a file or a jdbcUrl, not both
          ttl: 10s|registry: { jdbcUrl: "jdbc:h2:mem:x" }|registry.jdbcUrl must begin with jdbc:postgresql:
          ttl: 10s|registry: { file: a, user: b }|registry.user and passwordFile are for a jdbcUrl
          ttl: 10s|registry: { file: "a;b" }|registry.file must have no semicolon in its name
          ttl: 10s|registry: { queue: 0 }|registry.queue must be above 0
          ttl: 10s|operators: { watchers: 0 }|operators.watchers must be above 0
          ttl: 10s|fleet: { freezeAtMost: 1s }|freezeAtMost must be above lostWindow
          ttl: 10s|replica: { interval: 0s }|replica.interval must be 1ms or more
          ttl: 10s|replica: { limit: 512MiB }|replica.limit must be above 0B and not above 256MiB
          ttl: 10s|replica: { readers: 0 }|replica.readers must be above 0
          ttl: 10s|replica: { from: ["/a"] }|replica.from must be absolute http or https URIs
          appliances: 5|appliances: 65535|limits.appliances must be above 0, below 65535
          spread: 0.6|spread: 1.1|ranking.spread must be 0 to 1
          bound: 1.5|bound: 0.9|ranking.bound must be 1 to 100
          stay: 0.2|stay: -1|ranking.stay must be 0 to 1
          slowStart: 2min|slowStart: 2d|ranking.slowStart must be 0s to 24h
          headroomFloor: 0.1|headroomFloor: 1.5|headroomFloor must be 0 to 1
          https://steer.example/oca|/oca|publicUri must be an absolute http or https URI
          originPathway: vault|originPathway: a.b|originPathway must be
          appliances: 5|appliances: 0|limits.appliances must be above 0
          """)
  void parse_whatCannotWork_isToldWithItsPlace(String part, String instead, String message) {
    ConfigException e =
        assertThrows(ConfigException.class, () -> parse(FULL.replaceFirst(part, instead)));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  private static SteeringConfig parse(String text) throws ConfigException {
    return ConfigFile.parse("steering.yaml", text, SteeringConfig.class);
  }
}
