package oca.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import oca.config.Effective.Change;
import oca.config.Effective.Setting;
import oca.config.Running.Outcome;
import oca.protocol.service.Supervision;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadingTest {
  @TempDir private Path folder = Path.of("");
  private Reloading reloading;

  @BeforeEach
  void make() throws IOException {
    reloading = new Reloading(Supervision.of(Map.of(), 1), Optional.of(folder.resolve("reload")));
  }

  @Test
  void order_beforeTheProcessServes_isRefused() throws Exception {
    reloading.order();
    assertEquals("refused\nit is still starting\n", outcome());
  }

  @Test
  void order_done_saysWhatWasReadAndWhatWaits() throws Exception {
    reloading.serve(ReloadingTest::nothing);
    reloading.order();
    assertEquals("done\ncertificates, keys, tokens and log levels were read again\n", outcome());
    reloading.serve(
        () ->
            new Outcome.Done(
                List.of(change("ttl", "steering.yaml:9")),
                List.of(change("site", "appliance.yaml:3"), change("admin", "default"))));
    reloading.order();
    assertTrue(
        outcome()
            .endsWith(
                "; changed: ttl (steering.yaml:9)"
                    + "; for a restart wait: site (appliance.yaml:3), admin (default)\n"),
        outcome());
  }

  @Test
  void order_unfit_saysWhyAndTakesTheNext() throws Exception {
    reloading.serve(
        () -> {
          throw new IOException("a.pem: no certificate in it");
        });
    reloading.order();
    assertEquals("refused\na.pem: no certificate in it\n", outcome());
    reloading.serve(ReloadingTest::nothing);
    reloading.order();
    assertTrue(outcome().startsWith("done\n"));
  }

  @Test
  void outcomeFile_severalFolders_isInTheFirst() {
    assertEquals(Optional.empty(), Reloading.outcomeFile(Map.of()));
    assertEquals(
        Optional.of(Path.of("/run/a/reload")),
        Reloading.outcomeFile(Map.of("RUNTIME_DIRECTORY", "/run/a:/run/b")));
  }

  private static Outcome.Done nothing() {
    return new Outcome.Done(List.of(), List.of());
  }

  private static Change change(String key, String origin) {
    return new Change(key, null, new Setting(key, "1", origin));
  }

  private String outcome() throws IOException {
    return Files.readString(folder.resolve("reload"));
  }
}
