package oca.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import oca.config.Effective.Setting;
import oca.model.Endpoint;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayersTest {
  @ShortForm("3x4")
  record Area(int width, int height) {
    static Area parse(String text) {
      String[] sides = text.split("x", -1);
      if (sides.length != 2) {
        throw new IllegalArgumentException("not an area such as 3x4: " + text);
      }
      return new Area(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]));
    }
  }

  record Http(@Default("100") int maxConnections, @Default("5s") Duration idle, List<Endpoint> at) {
    Http {
      if (maxConnections > 1000 && idle.toSeconds() > 60) {
        throw new IllegalArgumentException("maxConnections above 1000 want an idle of at most 60s");
      }
    }
  }

  record Config(
      String name,
      @Default("{}") Http http,
      Map<String, ByteSize> rooms,
      Optional<Path> key,
      @Default("1x1") Area area) {}

  @TempDir Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void write() throws Exception {
    file = Files.writeString(folder.resolve("appliance.yaml"), "name: x\nhttp:\n  idle: 7s\n");
  }

  @Test
  void load_dropIns_goBeforeTheFileInOrderOfNames() throws Exception {
    dropIn("20-b.yaml", "http: { maxConnections: 20, at: [\"a:1\"] }\n");
    dropIn("10-a.yaml", "http: { maxConnections: 10, at: [\"b:2\", \"c:3\"] }\n");
    dropIn("30-no.conf", "name: y\n");
    Config config = load(Map.of()).config();
    assertEquals("x", config.name());
    assertEquals(new Http(20, Duration.ofSeconds(7), List.of(new Endpoint("a", 1))), config.http());
  }

  @Test
  void load_environmentAndSettings_goBeforeFiles() throws Exception {
    dropIn("a.yaml", "rooms: { north-1: 1GiB, south-1: 2GiB }\n");
    Map<String, String> environment =
        Map.of(
            "OCA__HTTP__MAX_CONNECTIONS", "50",
            "OCA__http__at", "[\"a:1\"]",
            "OCA__ROOMS__NORTH_1", "3GiB",
            "OCA_HOME", "/opt");
    Effective<Config> loaded = load(environment, "http.idle=9s", "area=3x4");
    assertEquals(
        new Config(
            "x",
            new Http(50, Duration.ofSeconds(9), List.of(new Endpoint("a", 1))),
            Map.of("north-1", new ByteSize(3L << 30), "south-1", new ByteSize(2L << 30)),
            Optional.empty(),
            new Area(3, 4)),
        loaded.config());
  }

  @Test
  void load_settings_tellWhereTheyCameFrom() throws Exception {
    dropIn("a.yaml", "rooms:\n  north: 1GiB\n");
    assertEquals(
        List.of(
            new Setting("name", "x", file + ":1"),
            new Setting("http.maxConnections", "50", "environment OCA__HTTP__MAXCONNECTIONS"),
            new Setting("http.idle", "7s", file + ":3"),
            new Setting("http.at", "[]", "default"),
            new Setting("rooms.north", "1GiB", folder.resolve("appliance.d/a.yaml") + ":2"),
            new Setting("key", "", "default"),
            new Setting("area", "2x2", "--set area")),
        load(Map.of("OCA__HTTP__MAXCONNECTIONS", "50"), "area=2x2").settings());
  }

  @Test
  void load_problemsOfAllLayers_areToldAtOnce() throws Exception {
    dropIn("a.yaml", "http: { idel: 3s }\n");
    Path dropIn = folder.resolve("appliance.d/a.yaml");
    assertEquals(
        List.of(
            "environment OCA__HTTP__MAX: there is no key \"MAX\"; did you mean \"maxConnections\"?",
            "--set novalue: a setting is written KEY=VALUE",
            "--set name.first: name is one value; give all of it as YAML",
            dropIn + ":1:9: unknown key \"idel\"; did you mean \"idle\"?",
            "--set http.maxConnections:1:1: not a number in range: many"),
        problems(
            Map.of("OCA__HTTP__MAX", "1"), "novalue", "name.first=y", "http.maxConnections=many"));
  }

  @Test
  void load_refusedTogether_namesThePlaceAndTheOther() throws Exception {
    dropIn("a.yaml", "http:\n  maxConnections: 2000\n  idle: 90s\n");
    Path dropIn = folder.resolve("appliance.d/a.yaml");
    assertEquals(
        List.of(
            dropIn
                + ":2:19: maxConnections above 1000 want an idle of at most 60s (see also "
                + dropIn
                + ":3)"),
        problems(Map.of()));
  }

  @Test
  void load_aLayerThatIsNoYaml_isTheOnlyProblem() throws Exception {
    dropIn("a.yaml", "http: [\n");
    List<String> problems = problems(Map.of());
    assertEquals(1, problems.size(), problems.toString());
    assertEquals(
        0, problems.getFirst().indexOf(folder.resolve("appliance.d/a.yaml") + ":2:1: not YAML"));
  }

  @Test
  void load_credential_isTheFileThatTheUnitHandsOver() throws Exception {
    Files.writeString(folder.resolve("key"), "s3cret");
    assertEquals(
        Optional.of(folder.resolve("key")),
        load(Map.of("CREDENTIALS_DIRECTORY", folder.toString()), "key=credential:key")
            .config()
            .key());
    assertEquals(
        List.of(
            "--set key:1:1: CREDENTIALS_DIRECTORY is not set, so there is no credential; give the"
                + " unit LoadCredential=key:PATH, or a path here"),
        problems(Map.of(), "key=credential:key"));
    for (String odd : List.of("", "../key", ".key", "none")) {
      assertEquals(
          1,
          problems(
                  Map.of("CREDENTIALS_DIRECTORY", folder.toString()),
                  "key=\"credential:" + odd + "\"")
              .size(),
          odd);
    }
  }

  @Test
  void changesSince_earlierOne_areValuesThatDiffer() throws Exception {
    Effective<Config> before = load(Map.of(), "http.at=[\"a:1\"]");
    Effective<Config> after = load(Map.of(), "http.idle=8s", "name=x");
    assertEquals(
        List.of("http.idle (--set http.idle)", "http.at[0] (gone)"),
        after.changesSince(before).stream().map(Effective.Change::toString).toList());
    assertEquals(List.of(), after.changesSince(after));
  }

  @Test
  void load_shortForm_isReadOrRefusedInItsPlace() throws Exception {
    assertEquals(new Area(5, 6), load(Map.of(), "area=5x6").config().area());
    assertEquals(new Area(5, 6), load(Map.of(), "area={width: 5, height: 6}").config().area());
    assertEquals(
        List.of("--set area:1:1: not an area such as 3x4: 5"), problems(Map.of(), "area=5"));
  }

  @Test
  void explained_showsTheLineAndACaret() {
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () ->
                ConfigFile.parse(
                    "a.yaml", "name: x\n\thttp: 3\n".replace("\t", "  "), Config.class));
    assertEquals(1, e.problems().size());
    assertEquals(
        """
        a.yaml:2:7: not YAML: mapping values are not allowed here
              http: 3
                  ^\
        """,
        e.explained());
  }

  private void dropIn(String name, String text) throws Exception {
    Path drops = Files.createDirectories(folder.resolve("appliance.d"));
    Files.writeString(drops.resolve(name), text);
  }

  private Effective<Config> load(Map<String, String> environment, String... settings)
      throws ConfigException {
    return ConfigFile.load(new ConfigInput(file, environment, List.of(settings)), Config.class);
  }

  private List<String> problems(Map<String, String> environment, String... settings) {
    return assertThrows(ConfigException.class, () -> load(environment, settings))
        .problems()
        .stream()
        .map(ConfigProblem::toString)
        .toList();
  }
}
