package oca.operate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jdk.jfr.Recording;
import oca.flame.FlightReader;
import oca.flame.Profile;
import oca.operate.Stage.Told;
import oca.protocol.Json;
import oca.protocol.flight.Flight;
import oca.protocol.flight.FlightEndpoint.Flights;
import oca.protocol.flight.FlightStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code oca flame} against a listener that runs, with a recording of this very process. */
class FlameCommandTest {
  private static final String NAME = "20261123T074013Z-first-byte.jfr";

  @TempDir Path folder;
  private Stage stage;
  private Path kept;
  private Path page;

  @BeforeEach
  void record() throws Exception {
    stage = new Stage(folder);
    kept = folder.resolve(NAME);
    page = folder.resolve("page.html");
    try (Recording recording = new Recording()) {
      recording.enable("jdk.CPUTimeSample").with("throttle", "1 ms");
      recording.enable("jdk.GCPhasePause").with("threshold", "0 ms");
      recording.enable("jdk.GarbageCollection").with("threshold", "0 ms");
      recording.start();
      double spun = 0;
      do {
        spun = burn(spun);
        System.gc();
        recording.dump(kept);
      } while (!burns(FlightReader.read(kept, java.time.Duration.ofDays(1))));
      assertTrue(spun > 0);
    }
    keeps(List.of(new Flight(NAME, kept.toString(), Instant.EPOCH, "first-byte", 5_000_000)));
  }

  @AfterEach
  void close() {
    stage.close();
  }

  private static boolean burns(Profile profile) {
    return profile.frames().stream().anyMatch(it -> it.contains("FlameCommandTest.burn"));
  }

  private static double burn(double from) {
    double sum = from;
    for (int i = 1; i < 20_000_000; i++) {
      sum += Math.sqrt(i);
    }
    return sum;
  }

  @Test
  void flame_withoutAFile_showsTheNewest() throws Exception {
    Told told = flame("--html", page.toString());
    assertEquals(0, told.status(), told.all());
    assertTrue(told.out().contains("FlameCommandTest.burn"), told.out());
    assertTrue(told.out().contains("written to " + page), told.out());
    assertTrue(told.out().lines().skip(1).limit(8).allMatch(it -> it.length() <= 80), told.out());
    String html = Files.readString(page);
    assertTrue(html.contains("oca.operate.FlameCommandTest.burn"), "the frame is in the data");
    assertFalse(html.contains("${"), "every place is filled");
    assertFalse(html.matches("(?s).*(src|href)=\"(?!data:).*"), "nothing is loaded");
    Profile profile = FlightReader.read(kept, java.time.Duration.ofDays(1));
    assertTrue(profile.events().stream().anyMatch(it -> it.kind().equals("GC pause")));
  }

  @Test
  void flame_json_tellsTheSame() throws Exception {
    Told told = flame(NAME, "-o", "json", "--html", page.toString(), "--window", "3600");
    Json json = Json.parse(told.out().getBytes(StandardCharsets.UTF_8));
    assertEquals(kept.toString(), json.at("recording").text());
    assertTrue(json.at("samples").number() > 0, told.out());
    assertTrue(json.at("frames").items().getFirst().at("self").number() > 0, told.out());
  }

  @Test
  void flame_window_hasOneKeptNow() {
    assertEquals(0, flame("--window", "--html", page.toString()).status());
    assertTrue(Files.exists(page));
  }

  @Test
  void flame_cutOffRecording_showsWhatIsWhole() throws Exception {
    byte[] whole = Files.readAllBytes(kept);
    Path twice = folder.resolve("twice.jfr");
    byte[] cut = java.util.Arrays.copyOf(whole, whole.length + whole.length / 2);
    System.arraycopy(whole, 0, cut, whole.length, whole.length / 2);
    Files.write(twice, cut);
    Told told = flame(twice.toString(), "--html", page.toString());
    assertEquals(0, told.status(), told.all());
    assertTrue(told.out().contains("the recording is cut off"), told.out());
  }

  @Test
  void flame_uselessArguments_areExplained() throws Exception {
    Told other = flame("nothing.jfr");
    assertEquals(1, other.status());
    assertTrue(other.err().contains("no recording is named nothing.jfr"), other.err());
    Path letter = Files.writeString(folder.resolve("letter.jfr"), "hello");
    Told no = flame(letter.toString());
    assertEquals(1, no.status());
    assertTrue(no.err().contains("not a recording that can be read"), no.err());
    assertEquals(2, flame("--last", NAME).status());
    assertEquals(2, flame("--window", "0").status());
    Told nowhere = flame(NAME, "--html", folder + "/none/page.html");
    assertEquals(1, nowhere.status());
    assertTrue(nowhere.err().contains("there is no such folder"), nowhere.err());
    keeps(List.of());
    assertTrue(flame().err().contains("no recording is kept"), flame().err());
  }

  @Test
  void list_ofAProcessOrAFolder_namesWhatIsKept() throws Exception {
    Told told = flame("list", "--admin", stage.adminUrl());
    assertEquals(0, told.status(), told.all());
    assertTrue(told.out().contains("the last 5m 0s are recorded"), told.out());
    assertTrue(told.out().contains(NAME), told.out());
    Told local = Stage.run(new FlameCommand(), "list", "--folder", folder.toString(), "--json");
    assertEquals(0, local.status(), local.all());
    Json json = Json.parse(local.out().getBytes(StandardCharsets.UTF_8));
    assertEquals(NAME, json.at("flights").items().getFirst().at("name").text());
  }

  @Test
  void list_recordingThatFails_wantsAttention() {
    stage.flights =
        new Flights(
            new FlightStatus(false, "no space left", new TreeMap<>(), 0, 1, 0),
            folder.toString(),
            300,
            64 << 20,
            List.of());
    Told told = Stage.run(new FlameCommand(), "list", "--admin", stage.adminUrl());
    assertEquals(1, told.status(), told.all());
    assertTrue(told.out().contains("FAIL recording: does not run: no space left"), told.out());
    assertEquals(
        3,
        Stage.run(new FlameCommand(), "list", "--admin", folder + "/none.sock").status(),
        "nobody answers");
  }

  private void keeps(List<Flight> flights) {
    stage.flights =
        new Flights(
            new FlightStatus(true, "", Map.of(), 0, 0, 0),
            folder.toString(),
            300,
            64 << 20,
            flights);
  }

  private Told flame(String... args) {
    boolean isList = args.length > 0 && args[0].equals("list");
    String[] all = java.util.Arrays.copyOf(args, args.length + (isList ? 0 : 2));
    if (!isList) {
      all[args.length] = "--admin";
      all[args.length + 1] = stage.adminUrl();
    }
    return Stage.run(new FlameCommand(), all);
  }
}
