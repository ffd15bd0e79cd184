package oca.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import oca.model.Endpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {
  enum Mode {
    AUTO,
    IO_URING
  }

  record Disk(Path path, @Default("1TiB") ByteSize capacity) {
    Disk {
      if (capacity.bytes() == 0) {
        throw new IllegalArgumentException("a disk of no capacity");
      }
    }
  }

  record Beat(@Default("500ms") Duration interval, List<Endpoint> targets) {}

  record Sample(
      String name,
      @Default("auto") Mode mode,
      @Default("7") int workers,
      @Default("{}") Beat beat,
      List<Disk> disks,
      Map<String, Integer2> weights,
      Optional<Endpoint> peer) {}

  record Integer2(int value) {}

  @Test
  void parse_onlyWhatMustBeGiven_takesTheDefaults() throws ConfigException {
    Sample sample = ConfigFile.parse("a.yaml", "name: x\n", Sample.class);
    assertEquals(
        new Sample(
            "x",
            Mode.AUTO,
            7,
            new Beat(Duration.ofMillis(500), List.of()),
            List.of(),
            Map.of(),
            Optional.empty()),
        sample);
  }

  @Test
  void parse_everythingGiven_isTaken() throws ConfigException {
    Sample sample =
        ConfigFile.parse(
            "a.yaml",
            """
            name: x
            mode: io-uring
            workers: 1_000
            beat: { interval: 2s, targets: ["127.0.0.1:80"] }
            disks:
              - path: /d1
              - path: /d2
                capacity: 1.5GB
            weights: { big: { value: 3 } }
            peer: "[::1]:8080"
            """,
            Sample.class);
    assertEquals(Mode.IO_URING, sample.mode());
    assertEquals(1000, sample.workers());
    assertEquals(
        new Beat(Duration.ofSeconds(2), List.of(new Endpoint("127.0.0.1", 80))), sample.beat());
    assertEquals(1_500_000_000L, sample.disks().get(1).capacity().bytes());
    assertEquals(Map.of("big", new Integer2(3)), sample.weights());
    assertEquals(Optional.of(new Endpoint("::1", 8080)), sample.peer());
  }

  @Test
  void read_unknownKey_namesFileLineColumnAndNearestKey(@TempDir Path folder) throws Exception {
    Path file =
        Files.writeString(folder.resolve("appliance.yaml"), "name: x\nbeat:\n  intervall: 3s\n");
    ConfigException e =
        assertThrows(ConfigException.class, () -> ConfigFile.read(file, Sample.class));
    assertEquals(
        file + ":3:3: unknown key \"intervall\"; did you mean \"interval\"?", e.getMessage());
  }

  @Test
  void parse_severalProblems_areAllToldInTheOrderOfTheFile() {
    List<String> problems =
        problems(
            """
            nmae: x
            workers: many
            beat: 3
            disks:
              - capacity: 5
              - path: /d
                capacity: 0B
            """);
    assertEquals(
        List.of(
            "a.yaml:1:1: unknown key \"nmae\"; did you mean \"name\"?",
            "a.yaml:1:1: the key \"name\" is missing",
            "a.yaml:2:10: not a number in range: many",
            "a.yaml:3:7: expected keys and values here: interval, targets",
            "a.yaml:5:5: the key \"path\" is missing",
            "a.yaml:5:15: not a size such as 512KiB or 1.5TB: 5",
            "a.yaml:7:15: a disk of no capacity"),
        problems);
  }

  @Test
  void parse_notYaml_namesThePlace() {
    assertTrue(problems("name: [x\n").getFirst().startsWith("a.yaml:2:1: not YAML"));
    assertTrue(problems("name: x\nname: y\n").getFirst().contains("given twice"));
    assertTrue(problems("name:\n").getFirst().startsWith("a.yaml:1:6: expected text"));
  }

  @Test
  void parse_refusedByTheReader_namesThePlace() {
    assertEquals(
        List.of("a.yaml:2:4: not YAML: the character U+0007 may not stand there; take it out"),
        problems("name: x\r\nbea\u0007t: {}\n"));
    assertEquals(
        List.of("a.yaml:1:3: not YAML: the character U+000B may not stand there; take it out"),
        problems("ab\u000b"));
    assertPlaced("a.yaml:1:", "[".repeat(200));
    assertPlaced("a.yaml:2:", "a: &a [x]\nb: *a\n");
    assertPlaced("a.yaml:2:1: the key \"name\"", "# nothing\n");
  }

  private static void assertPlaced(String place, String text) {
    String problem = problems(text).getFirst();
    assertTrue(problem.startsWith(place), problem);
  }

  @Test
  void parse_namesThatAreOdd_areTold() {
    assertEquals(
        List.of(
            "a.yaml:2:29: the name \"a\" is given twice; keep one",
            "a.yaml:2:46: a name must be a plain word"),
        problems("name: x\nweights: {a: {value: 1},    a: {value: 2}, ? [b] : {value: 3}}\n"));
  }

  @Test
  void parse_durationOfAges_isRefused() {
    assertEquals(
        List.of("a.yaml:2:18: a duration beyond 36500d: 999999999999h"),
        problems("name: x\nbeat: {interval: 999999999999h}\n"));
  }

  @Test
  void read_absentFile_isSaid(@TempDir Path folder) {
    Path file = folder.resolve("none.yaml");
    ConfigException e =
        assertThrows(ConfigException.class, () -> ConfigFile.read(file, Sample.class));
    assertEquals(file + ": no such file", e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"0B,0", "512KiB,524288", "1.5TB,1500000000000", "2 GiB,2147483648"})
  void byteSize_writtenForm_isRead(String text, long bytes) {
    assertEquals(bytes, ByteSize.parse(text).bytes());
  }

  @ParameterizedTest
  @CsvSource({"5", "5kb", "-1B", "99999999TiB", "1e3B"})
  void byteSize_anythingElse_isRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> ByteSize.parse(text));
  }

  @Test
  void byteSize_toString_comesBack() {
    for (long bytes : new long[] {0, 1, 1024, 1 << 20, 1_500_000_000L, 200L << 30}) {
      assertEquals(bytes, ByteSize.parse(new ByteSize(bytes).toString()).bytes());
    }
  }

  private static List<String> problems(String text) {
    return assertThrows(ConfigException.class, () -> ConfigFile.parse("a.yaml", text, Sample.class))
        .problems()
        .stream()
        .map(ConfigProblem::toString)
        .toList();
  }
}
