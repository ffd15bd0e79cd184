package oca.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    reloading.serve(List::of);
    reloading.order();
    assertEquals("done\ncertificates, keys, tokens and log levels were read again\n", outcome());
    reloading.serve(() -> List.of("site (appliance.yaml:3)", "admin (default)"));
    reloading.order();
    assertTrue(
        outcome().endsWith("; for a restart wait: site (appliance.yaml:3), admin (default)\n"));
  }

  @Test
  void order_unfit_saysWhyAndTakesTheNext() throws Exception {
    reloading.serve(
        () -> {
          throw new IOException("a.pem: no certificate in it");
        });
    reloading.order();
    assertEquals("refused\na.pem: no certificate in it\n", outcome());
    reloading.serve(List::of);
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

  private String outcome() throws IOException {
    return Files.readString(folder.resolve("reload"));
  }
}
