package oca.operate;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import oca.operate.Stage.Disk;
import oca.operate.Stage.Told;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Holds the page of transcripts to what the commands print. Written anew with {@code
 * -Doca.transcripts=write}.
 */
class TranscriptsTest {
  private static final Path PAGE = Path.of("../.github/OPERATING-COMMANDS.md");
  private static final String DISK = "/srv/oca/disk1";

  @TempDir Path folder;
  private final StringBuilder page = new StringBuilder();

  @Test
  void page_always_showsWhatCommandsPrint() throws Exception {
    page.append(
        """
        # Commands of a running machine

        What each command prints, on a terminal of 80 columns. Times, versions and paths of the test are made alike; all else is as
        printed by the commands against their listeners, and `TranscriptsTest` holds this page to them
        (`-Doca.transcripts=write` writes it anew).

        All of them take `-o json` for programs (`--json` for short), show colours only on a terminal without `NO_COLOR`, and end with one of
        """);
    page.append("these: ").append(Exit.LIST).append(".\n");
    try (Stage stage = new Stage(folder)) {
      String admin = stage.adminUrl();
      String steering = stage.steeringUrl();
      await().until(() -> explain(stage, "198.51.100.7", Stage.FILE).status() == 0);
      stage.looks = 1;
      add(
          "Is all well? What is wrong comes first.",
          "oca status",
          Stage.run(
              new StatusCommand(),
              "--admin",
              stage.socket.toString(),
              "--steering",
              steering,
              "--controller",
              stage.controllerUrl()));
      stage.looks = 0;
      add(
          "What does it do just now? Without `--once` it goes on, once a second.",
          "oca top --once",
          Stage.run(new TopCommand(stage), "--admin", admin, "--once"));
      add(
          "Why does a viewer go where it goes?",
          "oca explain 198.51.100.7 " + Stage.FILE,
          explain(stage, "198.51.100.7", Stage.FILE));
      add(
          "Where does steering think an address is, and who told it?",
          "oca routes 203.0.113.9",
          Stage.run(new RoutesCommand(), "--steering", steering, "203.0.113.9"));
      add(
          "Whom does steering learn routes from?",
          "oca routes",
          Stage.run(new RoutesCommand(), "--steering", steering));
      stage.onPause = n -> stage.connections = Math.max(0, 1234 - 600 * n);
      add(
          "Have viewers go elsewhere. On a terminal the countdown is one line that changes.",
          "oca drain",
          Stage.run(new DrainCommand(stage), "--admin", admin));
      add("And take them again.", "oca undrain", Stage.run(new UndrainCommand(), "--admin", admin));
      add("Disks.", "oca disk list", Stage.run(new DiskCommand(), "list", "--admin", admin));
      stage.onPause =
          _ -> stage.disks.computeIfPresent(DISK, (_, it) -> new Disk(it.state(), 0, 0, 0));
      add(
          "Exchange one while viewers are served.",
          "oca disk replace " + DISK + " /srv/oca/disk3 --capacity 7TB",
          Stage.run(
              new DiskReplaceCommand(stage),
              "--admin",
              admin,
              "--capacity",
              "7TB",
              DISK,
              "/srv/oca/disk3"));
      Path records = Files.createDirectories(folder.resolve("records"));
      Files.write(
          records.resolve("serve-20261101T110000.000Z.jsonl.open"),
          LogCommandTest.line("11:31:00", Stage.FILE, "203.0.113.0", 404, "not-here", true));
      add(
          "What was answered, by the records that the appliance keeps.",
          "oca log --status 4xx --since 1d",
          Stage.run(new LogCommand(), "--folder", records.toString(), "--status", "4xx"));
      add(
          "What did it do when viewers were served late? `oca flame` makes a page of one.",
          "oca flame list",
          Stage.run(new FlameCommand(), "list", "--admin", admin));
      PlayedMachine played = new PlayedMachine(folder.resolve("machine"));
      played.sysctl("net.core.somaxconn", "128");
      played.sysctl("net.ipv4.tcp_congestion_control", "cubic");
      played.programs.put("chronyc -c tracking", "0,,0,0,0,0");
      add(
          "Is the machine fit for it?",
          "oca doctor",
          Stage.run(new DoctorCommand(played.machine())));
    }
    String text = page.toString();
    if ("write".equals(System.getProperty("oca.transcripts"))) {
      Files.writeString(PAGE, text);
    }
    assertEquals(Files.readString(PAGE), text);
  }

  private static Told explain(Stage stage, String... what) {
    return Stage.run(new ExplainCommand(), "--steering", stage.steeringUrl(), what[0], what[1]);
  }

  private void add(String why, String command, Told told) {
    page.append("\n").append(why).append("\n\n```console\n$ ").append(command).append('\n');
    page.append(alike(told.err())).append(alike(told.out()));
    page.append("```\n\nExit status ").append(told.status()).append(".\n");
  }

  private String alike(String text) {
    return text.replace(folder.toString(), "/srv")
        .replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ", "2026-11-10T20:00:00Z")
        .replaceAll("explain \\d+\n", "explain 1\n")
        .replaceAll("compiled \\d+ times, last in \\d+ ms", "compiled 1 times, last in 0 ms");
  }
}
