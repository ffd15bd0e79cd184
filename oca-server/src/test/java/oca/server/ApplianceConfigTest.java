package oca.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
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
import oca.protocol.http.ControlCredentials;
import oca.protocol.records.RecordFileConfig;
import oca.protocol.records.RecordsConfig;
import oca.server.cmcd.CmsdPolicy;
import oca.server.fill.FillConfig;
import oca.server.fill.GrantConfig;
import oca.server.fill.Patience;
import oca.server.fill.YieldConfig;
import oca.server.http.HttpConfig;
import oca.server.vitals.HeartbeatConfig;
import org.junit.jupiter.api.Test;

class ApplianceConfigTest {
  private static final String LEAST =
      """
      id: north-1
      site: north
      advertise: 127.0.0.11:8440
      store:
        indexFolder: /var/lib/oca/index
        volumes:
          - path: /disk/a
            capacity: 100GB
      """;

  @Test
  void read_onlyWhatMustBeGiven_takesTheDefaults() throws ConfigException {
    ApplianceConfig config = ConfigFile.parse("appliance.yaml", LEAST, ApplianceConfig.class);
    assertEquals(
        new ApplianceConfig(
            new ApplianceId("north-1"),
            new SiteId("north"),
            new Endpoint("127.0.0.11", 8440),
            // Its own defaults are pinned by its own test.
            ConfigFile.parse("http", "", HttpConfig.class),
            new StoreSettings(
                List.of(
                    new StoreSettings.Volume(
                        Path.of("/disk/a"),
                        new ByteSize(100_000_000_000L),
                        new ByteSize(256 << 20))),
                Path.of("/var/lib/oca/index"),
                new ByteSize(1 << 20),
                1_000_000,
                10_000,
                16,
                64,
                Duration.ofSeconds(30),
                500,
                new ByteSize(64 << 20),
                new ByteSize(16 << 20),
                new ByteSize(64 << 20),
                Duration.ofSeconds(5)),
            new Endpoint("127.0.0.1", 8081),
            Optional.empty(),
            Optional.empty(),
            new HeartbeatConfig(
                List.of(),
                Duration.ofSeconds(1),
                0.1,
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                10_000),
            new FillConfig(
                Duration.ofSeconds(10),
                4,
                List.of(),
                List.of(),
                Duration.ofSeconds(5),
                Duration.ofSeconds(20),
                new ByteSize(256 << 10),
                new ByteSize(2 << 20),
                1000,
                4,
                Duration.ofSeconds(30),
                new Patience(
                    Duration.ofMillis(50),
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(2),
                    Duration.ofMinutes(10)),
                new YieldConfig(0.8, 0.6, Duration.ofMillis(30), 32, 0.05, Duration.ofMillis(250)),
                new GrantConfig(
                    GrantConfig.Use.PREFERRED,
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(4),
                    8,
                    1000,
                    Duration.ofSeconds(5),
                    List.of()),
                Duration.ofSeconds(1),
                10_000,
                Duration.ofSeconds(3)),
            new RecordsConfig(
                Optional.empty(),
                Optional.empty(),
                65_536,
                2000,
                Duration.ofSeconds(1),
                Duration.ofMillis(200),
                Duration.ofSeconds(10),
                100,
                Duration.ofSeconds(3)),
            Optional.empty(),
            CmsdPolicy.DEFAULTS,
            10_000_000_000L,
            Duration.ofSeconds(5),
            ControlCredentials.NONE,
            FlightConfig.DEFAULT,
            new LineageConfig(1000, Duration.ofSeconds(30), 100)),
        config);
  }

  @Test
  void read_controlPlane_isTaken() throws ConfigException {
    String more =
        LEAST
            + """
            controller: http://127.0.0.1:8500
            heartbeat:
              steering: [http://127.0.0.1:8600, http://127.0.0.2:8600]
              interval: 500ms
            fill:
              origins: [127.0.0.10:8440]
            records:
              target: http://127.0.0.1:8500/v1/serve-records
            """;
    ApplianceConfig config = ConfigFile.parse("appliance.yaml", more, ApplianceConfig.class);
    assertEquals(Optional.of(URI.create("http://127.0.0.1:8500")), config.controller());
    assertEquals(2, config.heartbeat().steering().size());
    assertEquals(Duration.ofMillis(500), config.heartbeat().interval());
    assertEquals(List.of(new Endpoint("127.0.0.10", 8440)), config.fill().origins());
    assertEquals(
        Optional.of(URI.create("http://127.0.0.1:8500/v1/serve-records")),
        config.records().target());
  }

  @Test
  void read_recordFilesAndAdminSocket_areTakenWithTheirDefaults() throws ConfigException {
    String more =
        LEAST
            + """
            adminSocket: /run/oca/admin.sock
            records:
              file:
                folder: /var/log/oca/records
            """;
    ApplianceConfig config = ConfigFile.parse("appliance.yaml", more, ApplianceConfig.class);
    assertEquals(Optional.of(Path.of("/run/oca/admin.sock")), config.adminSocket());
    assertEquals(
        Optional.of(
            new RecordFileConfig(
                Path.of("/var/log/oca/records"),
                new ByteSize(64 << 20),
                Duration.ofHours(1),
                96,
                new ByteSize(4L << 30),
                Duration.ofSeconds(1),
                false,
                RecordFileConfig.Sync.ROTATION)),
        config.records().file());
    assertProblem(
        more + "    maxTotal: 100MiB\n",
        "appliance.yaml:13:15: maxTotal must be 2 times maxFile or more, not 100MiB");
  }

  @Test
  void read_unknownKey_namesFileLineColumnAndTheNearest() {
    assertProblem(
        LEAST + "fill:\n  workerz: 3\n",
        "appliance.yaml:10:3: unknown key \"workerz\"; did you mean \"workers\"?");
  }

  @Test
  void read_valueOutOfBounds_namesThePlaceAndTheBounds() {
    assertProblem(
        LEAST + "fill:\n  workers: 0\n", "appliance.yaml:10:12: workers must be 1 to 64, not 0");
    assertProblem(LEAST.replace("100GB", "0B"), "appliance.yaml:8:17: capacity must be above zero");
  }

  @Test
  void read_noVolumes_saysSo() {
    assertProblem(
        LEAST.substring(0, LEAST.indexOf("  volumes:")),
        "appliance.yaml:5:3: volumes: name at least one");
  }

  private static void assertProblem(String yaml, String problem) {
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () -> ConfigFile.parse("appliance.yaml", yaml, ApplianceConfig.class));
    assertEquals(problem, e.getMessage());
  }
}
