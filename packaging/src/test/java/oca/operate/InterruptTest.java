package oca.operate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import oca.store.DiskStore;
import oca.store.StoreConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ctrl-C in the midst of long work: real processes, real signals. What keeps a command at work
 * until then is a pipe that nobody writes to or reads from, not its speed.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class InterruptTest {
  @TempDir Path folder;
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void end() {
    started.forEach(
        it -> {
          it.descendants().forEach(ProcessHandle::destroyForcibly);
          it.destroyForcibly();
        });
  }

  @Test
  void storeVerify_brokenOff_exits130AndSaysSo() throws Exception {
    Path disk = folder.resolve("disk");
    StoreConfig config =
        StoreConfig.of(
            List.of(new StoreConfig.VolumeConfig(disk, 1 << 20)), folder.resolve("index"));
    try (DiskStore store = DiskStore.open(config)) {
      store.recovery().join();
    }
    for (int i = 0; i < 2000; i++) {
      Files.writeString(disk.resolve("content/00/letter" + i), "hello");
    }
    Process verify = start(oca("store", "verify", "-o", "json", "--volume", disk.toString()));
    await().atMost(Duration.ofMinutes(1)).until(() -> verify.getInputStream().available() > 1000);
    assertTrue(verify.isAlive(), "nobody reads what it tells");
    interrupt(verify.toHandle());
    String said = new String(verify.getErrorStream().readAllBytes(), UTF_8);
    assertEquals(Exit.INTERRUPTED, verify.waitFor(), said);
    assertTrue(said.contains("broken off"), said);
  }

  @Test
  void fillEvaluate_brokenOff_exits130AndWritesNothing() throws Exception {
    Path demand = folder.resolve("demand.csv");
    assertEquals(0, new ProcessBuilder("mkfifo", demand.toString()).start().waitFor());
    Path report = folder.resolve("report.json");
    Process evaluate =
        start(oca("fill", "evaluate", "--demand", demand.toString(), "--json", report.toString()));
    // Opens once the command has.
    try (OutputStream rows = Files.newOutputStream(demand)) {
      rows.write("period,region,file,size_bytes,bytes_streamed\n".getBytes(UTF_8));
      rows.flush();
      interrupt(evaluate.toHandle());
      assertEquals(Exit.INTERRUPTED, evaluate.waitFor(), () -> text(evaluate));
    }
    assertFalse(Files.exists(report));
  }

  @Test
  void fillWorkload_brokenOff_leavesNoHalfTables() throws Exception {
    Path out = folder.resolve("made");
    Process workload = start(oca("fill", "workload", "--out", out.toString(), "--days", "3000"));
    Path part = out.resolve(".demand.csv.part");
    await().atMost(Duration.ofMinutes(1)).until(() -> Files.exists(part) && Files.size(part) > 0);
    interrupt(workload.toHandle());
    assertEquals(Exit.INTERRUPTED, workload.waitFor(), () -> text(workload));
    try (Stream<Path> left = Files.list(out)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void top_onATerminal_givesTheScreenBack() throws Exception {
    try (Stage stage = new Stage(folder)) {
      List<String> top = oca("top", "--admin", stage.adminUrl(), "-i", "0.2");
      Process terminal =
          start(
              List.of(
                  "script",
                  "-qefc",
                  String.join(" ", top.stream().map(InterruptTest::quoted).toList()),
                  "/dev/null"));
      StringBuilder seen = new StringBuilder();
      try (BufferedReader out =
          new BufferedReader(new InputStreamReader(terminal.getInputStream(), UTF_8))) {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
          seen.append(line).append('\n');
          if (line.contains("DISK") && !seen.toString().contains("INTERRUPTED")) {
            seen.append("INTERRUPTED\n");
            interrupt(terminal.descendants().reduce((_, last) -> last).orElseThrow());
          }
        }
      }
      assertEquals(Exit.INTERRUPTED, terminal.waitFor(), seen.toString());
      String all = seen.toString();
      assertTrue(all.contains("\u001b[?1049h\u001b[?25l"), "the other screen, without a cursor");
      assertTrue(all.indexOf("\u001b[?25h\u001b[?1049l") > all.indexOf("INTERRUPTED"), all);
    }
  }

  private static List<String> oca(String... args) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@jvm.options",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "oca.cli.Oca"));
    all.addAll(List.of(args));
    return all;
  }

  private Process start(List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(Map.of("TERM", "xterm", "COLUMNS", "80"));
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private static String quoted(String word) {
    return "'" + word + "'";
  }

  private static String text(Process process) {
    try {
      return new String(process.getErrorStream().readAllBytes(), UTF_8);
    } catch (IOException e) {
      return String.valueOf(e);
    }
  }

  private static void interrupt(ProcessHandle process) throws IOException, InterruptedException {
    assertEquals(0, new ProcessBuilder("kill", "-INT", "" + process.pid()).start().waitFor());
  }
}
