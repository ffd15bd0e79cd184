package oca.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import oca.model.Endpoint;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Response;
import oca.server.admin.Operations.EventVersion;
import oca.server.admin.Operations.PurgeMessage;
import oca.server.admin.Operations.Purged;
import oca.store.DiskStore;
import oca.store.StoreConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class OcaTest {
  private static final List<String> WITHOUT_JSON =
      List.of(
          "demo",
          "appliance",
          "steering",
          "origin",
          "store trace",
          "store show",
          "config check",
          "config show",
          "config diff",
          "config explain",
          "config schema",
          "config reference",
          "drill list",
          "drill run",
          "drill halt",
          "drill scorecard",
          "version");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo",
        "appliance",
        "fill",
        "steering",
        "origin",
        "purge",
        "config",
        "doctor",
        "support",
        "version"
      })
  void help_eachSubcommand_isThere(String subcommand) {
    assertEquals(0, run(subcommand, "--help"));
    assertTrue(out.toString().startsWith("Usage: oca " + subcommand), out.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status", "top", "explain", "drain", "undrain", "disk", "routes", "log", "misses", "whatif",
        "lineage", "recall", "ledger", "flame"
      })
  void help_commandFoundWithoutTheOthers_isTheSame(String name) {
    assertEquals(0, run(name, "--help"));
    String help = out.toString();
    assertTrue(help.startsWith("Usage: oca " + name), help);
    assertTrue(help.contains("Exit status:\n0 done"), help);
    StringWriter alone = new StringWriter();
    Oca.commandLine(name, "--help").setOut(new PrintWriter(alone, true)).execute(name, "--help");
    assertEquals(help, alone.toString());
  }

  @Test
  void help_everyCommand_fits80ColumnsAndSaysHowItEnds() {
    for (CommandLine command : all(Oca.commandLine())) {
      String name = command.getCommandSpec().qualifiedName();
      String help = command.getUsageMessage();
      assertTrue(help.lines().allMatch(it -> it.length() <= 80), name + "\n" + help);
      assertTrue(help.contains("Exit status:\n0 done"), name + "\n" + help);
    }
  }

  @Test
  void commands_thatTellSomething_tellProgramsToo() {
    List<String> without = new ArrayList<>();
    for (CommandLine command : all(Oca.commandLine())) {
      boolean isLeaf = command.getSubcommands().isEmpty();
      if (isLeaf && command.getCommandSpec().findOption("-o") == null) {
        without.add(command.getCommandSpec().qualifiedName().replaceFirst("oca ", ""));
      }
    }
    // What runs until it is stopped, what writes what was asked for, and what has a form of its
    // own.
    without.removeAll(WITHOUT_JSON);
    assertEquals(List.of(), without);
  }

  private static List<CommandLine> all(CommandLine command) {
    List<CommandLine> found = new ArrayList<>(List.of(command));
    command.getSubcommands().values().stream().distinct().forEach(it -> found.addAll(all(it)));
    return found;
  }

  @Test
  void run_unknownSubcommand_isUnusable() {
    assertEquals(2, run("serve"));
    assertTrue(err.toString().contains("serve"), err.toString());
  }

  @ParameterizedTest
  @CsvSource({"appliance,heartbeatt", "fill,windoww", "steering,networkss", "origin,roott"})
  void run_unknownKey_namesFileLineColumnAndNearestKey(
      String subcommand, String typo, @TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("a.yaml"), "# a comment\n" + typo + ": 1\n");
    assertEquals(Oca.BAD_CONFIG, run(subcommand, "--config", file.toString()));
    assertTrue(
        err.toString()
            .contains(
                file
                    + ":2:1: unknown key \""
                    + typo
                    + "\"; did you mean \""
                    + typo.substring(0, typo.length() - 1)
                    + "\"?"),
        err.toString());
  }

  @Test
  void storeVerify_ofVolumesAndOtherFolders_saysWhatTheyAre(@TempDir Path folder) throws Exception {
    Path disk = folder.resolve("disk");
    StoreConfig config =
        StoreConfig.of(
            List.of(new StoreConfig.VolumeConfig(disk, 1 << 20)), folder.resolve("index"));
    try (DiskStore store = DiskStore.open(config)) {
      store.recovery().join();
      assertEquals(Oca.BAD_CONFIG, run("store", "verify", "--volume", disk.toString()));
      assertTrue(err.toString().contains("in use"), err.toString());
    }
    assertEquals(0, run("store", "verify", "--volume", disk.toString()));
    assertTrue(out.toString().contains("0 files, 0 B: all good"), out.toString());
    Files.writeString(disk.resolve("content/00/letter"), "hello");
    assertEquals(Oca.FAILED, run("store", "verify", "--volume", disk.toString(), "--json"));
    assertTrue(out.toString().contains("\"flaw\":\"FOREIGN\""), out.toString());
    assertEquals(Oca.BAD_CONFIG, run("store", "verify", "--volume", folder + "/none"));
    assertEquals(2, run("store", "show", "--volume", disk.toString(), "12"));
    assertEquals(Oca.FAILED, run("store", "show", "--volume", disk.toString(), "0".repeat(32)));
  }

  @Test
  void purge_ordered_isPassedOnAndTold() throws Exception {
    List<Object> orders = Collections.synchronizedList(new ArrayList<>());
    try (ControlListener admin =
        ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT)) {
      admin
          .route(
              "POST",
              "/v1/purge",
              it -> {
                orders.add(it.message(PurgeMessage.class));
                return Response.message(new Purged(7, 1234, 5_000_000));
              })
          .route(
              "POST",
              "/v1/version",
              it -> {
                orders.add(it.message(EventVersion.class));
                return Response.problem(409, "no event is named x");
              })
          .start();
      String url = "http://" + admin.endpoint();
      assertEquals(
          0, run("purge", "--admin", url, "--service", "vod", "--prefix", "/a", "--dry-run"));
      assertEquals(
          "would purge 1,234 kept responses of 5,000,000 bytes (generation 7)\n", out.toString());
      assertEquals(
          Oca.FAILED, run("purge", "--admin", url, "--service", "live", "--event", "x=v2"));
      assertTrue(err.toString().contains("no event is named x"), err.toString());
    }
    assertEquals(
        List.of(
            new PurgeMessage("vod", null, "/a", null, null, null, true),
            new EventVersion("live", "x", "v2")),
        orders);
    assertEquals(2, run("purge", "--service", "vod", "--url", "/a", "--tag", "b"));
    assertEquals(2, run("purge", "--service", "vod"));
    assertEquals(2, run("purge", "--service", "vod", "--event", "x"));
    assertTrue(err.toString().contains("--event takes ID=VERSION"), err.toString());
  }

  @Test
  void run_absentConfig_isSaid(@TempDir Path folder) {
    Path file = folder.resolve("none.yaml");
    assertEquals(Oca.BAD_CONFIG, run("steering", "--config", file.toString()));
    assertEquals(
        "oca steering: the configuration is of no use:\n" + file + ": no such file\n",
        err.toString());
  }

  @Test
  void origin_publishInGivenBlocks_listsThem(@TempDir Path folder) throws Exception {
    Path title = Files.createDirectories(folder.resolve("t"));
    Files.write(title.resolve("v.mp4"), new byte[9000]);
    assertEquals(0, run("origin", "--publish", folder.toString(), "--block-size", "8KiB"));
    assertEquals(64, Files.size(title.resolve("v.mp4.8KiB.blocks")));
    assertEquals(0, run("origin", "--publish", folder.toString()));
    assertFalse(Files.exists(title.resolve("v.mp4.1MiB.blocks")));
    assertEquals(2, run("origin", "--publish", folder.toString(), "--block-size", "9KB"));
    assertTrue(err.toString().contains("a multiple of 4096 bytes from 4096"), err.toString());
    assertEquals(2, run("origin", "--block-size", "8KiB"));
  }

  @Test
  void fill_workloadThenEvaluate_saysWhatEachForecastServes(@TempDir Path folder) throws Exception {
    String made = folder.resolve("made").toString();
    assertEquals(
        0,
        run(
            "fill",
            "workload",
            "--out",
            made,
            "--days",
            "20",
            "--titles",
            "200",
            "--sessions",
            "500"));
    Path json = folder.resolve("report.json");
    Files.writeString(
        folder.resolve("made/demand.csv"), "broken\n", java.nio.file.StandardOpenOption.APPEND);
    assertEquals(
        0,
        run(
            "fill",
            "evaluate",
            "--demand",
            made + "/demand.csv",
            "--calendar",
            made + "/calendar.csv",
            "--rates",
            made + "/rates.csv",
            "--json",
            json.toString()));
    assertTrue(out.toString().contains("forecast with calendar"), out.toString());
    assertTrue(err.toString().contains("1 rows of --demand refused"), err.toString());
    assertTrue(Files.readString(json).contains("\"gapClosed\""));
    assertEquals(
        2, run("fill", "evaluate", "--demand", made + "/demand.csv", "--capacity", "500%"));
    assertEquals(Oca.FAILED, run("fill", "evaluate", "--demand", folder + "/none.csv"));
    assertTrue(err.toString().contains("none.csv: no such file"), err.toString());
    assertEquals(2, run("fill", "workload", "--out", made, "--days", "0"));
    assertTrue(err.toString().contains("days must be 1 to 3660"), err.toString());
  }

  private int run(String... args) {
    return Oca.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }
}
