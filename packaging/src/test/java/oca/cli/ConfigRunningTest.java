package oca.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import oca.config.ConfigFile;
import oca.config.ConfigInput;
import oca.config.Running;
import oca.operate.Exit;
import oca.origin.Origin;
import oca.origin.OriginConfig;
import oca.origin.Publisher;
import oca.protocol.http.PlainClient;
import oca.protocol.service.Supervision;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands about the configuration of a process that runs, against one. */
class ConfigRunningTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path file;
  private Origin origin;

  @BeforeEach
  void start() throws Exception {
    Path root = folder.resolve("root");
    Files.createDirectories(root.resolve("harbour"));
    Files.writeString(root.resolve("harbour/a.mp4"), "abc");
    Publisher.publish(root, Publisher.BLOCK_SIZE);
    file = folder.resolve("origin.yaml");
    write("");
    Running<OriginConfig> running =
        Running.start(
            () -> ConfigFile.load(new ConfigInput(file, Map.of(), List.of()), OriginConfig.class),
            OriginConfig.class);
    Reloading reloading = new Reloading(Supervision.of(Map.of(), 1), Optional.empty());
    running.carriedOutBy(reloading::order);
    reloading.serve(() -> running.read(() -> {}));
    origin = Origin.start(running);
  }

  @AfterEach
  void stop() {
    origin.close();
  }

  @Test
  void reload_changedFile_tellsWhatChangedAndWhatWaits() throws Exception {
    write("  retryAfter: 9s\nmaxFiles: 7\n");
    assertEquals(0, run("reload", "origin", "--at", at()), err::toString);
    assertEquals(
        "changed:\n  http.retryAfter: 5s -> 9s  # "
            + file
            + ":7\nwaiting for a restart:\n  maxFiles: 8000 -> 7  # "
            + file
            + ":8\n",
        out.toString());
    out.getBuffer().setLength(0);
    assertEquals(0, run("reload", "origin", "--at", at()));
    assertTrue(out.toString().startsWith("nothing changed\nwaiting for a restart:\n"));
  }

  @Test
  void reload_brokenFile_isRefusedWithEveryProblemAndTheProcessIsAsItWas() throws Exception {
    PlainClient client = new PlainClient(at(), Duration.ofSeconds(10), Optional.empty());
    String before = client.get("/v1/config").text();
    write("  retryAftr: 9s\n  maxConnections: many\n");
    assertEquals(Exit.CONFIG, run("reload", "origin", "--at", at()));
    String told = err.toString();
    assertTrue(told.startsWith("not read again:\n" + file + ":7:3: unknown key"), told);
    assertTrue(told.contains("did you mean \"retryAfter\"?"), told);
    assertTrue(told.contains(":8:"), told);
    assertEquals(before, client.get("/v1/config").text());
  }

  @Test
  void reload_nobodyThere_isExitStatus3() {
    origin.close();
    assertEquals(Exit.UNREACHED, run("reload", "origin", "--at", at()));
  }

  @Test
  void show_running_saysWhoSaidItWhenItChangesAndWhatWaits() throws Exception {
    write("  retryAfter: 9s\nmaxFiles: 7\n");
    assertEquals(0, run("reload", "origin", "--at", at()));
    out.getBuffer().setLength(0);
    assertEquals(0, run("show", "--running", "--for", "origin", "--at", at(), "--given"));
    String told = out.toString();
    assertTrue(told.matches("(?s).*http.retryAfter: +9s +# " + file + ":7, live\n.*"), told);
    assertTrue(
        told.matches("(?s).*maxFiles: +8000 +# default, restart; waits for a restart: 7\n.*"),
        told);
    assertFalse(told.contains("http.maxRanges"), told);
  }

  @Test
  void diff_running_tellsWhatWouldBringEachDifference() throws Exception {
    assertEquals(0, run("diff", "--running", file.toString(), "--at", at()), out::toString);
    write("  retryAfter: 9s\nmaxFiles: 7\n");
    assertEquals(Oca.FAILED, run("diff", "--running", file.toString(), "--at", at()));
    assertTrue(
        out.toString().startsWith("http.retryAfter, by a reload\n  - 5s  # default\n  + 9s"));
    assertTrue(out.toString().contains("maxFiles, with a restart\n  - 8000"), out.toString());
    assertEquals(2, run("diff", file.toString()));
    assertEquals(2, run("show"));
  }

  private void write(String more) throws Exception {
    Files.writeString(
        file,
        """
        # An origin.
        root: %s
        admin: "127.0.0.1:0"
        http:
          listen: "127.0.0.1:0"
          drainTimeout: 0s
        """
                .formatted(folder.resolve("root"))
            + more);
  }

  private String at() {
    return "http://" + origin.adminEndpoint();
  }

  private int run(String... args) {
    String[] all = new String[args.length + 1];
    all[0] = "config";
    System.arraycopy(args, 0, all, 1, args.length);
    return Oca.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all);
  }
}
