package oca.fill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import oca.fill.catalog.CatalogView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReleaseFileTest {
  private static final Instant NOW = Instant.parse("2026-01-10T12:00:00Z");
  private static final String HEAD = "file,release_period,kind,prior\n";

  @Test
  void line_noFile_isEmpty() {
    ReleaseFile none = new ReleaseFile(Optional.empty());
    assertEquals("", none.line(CatalogView.EMPTY).file());
    assertTrue(none.announced(CatalogView.EMPTY, NOW).isEmpty());
  }

  @Test
  void line_linesThatCannotBeUsed_areNamedWithTheRemedy(@TempDir Path folder) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("r.csv"),
            HEAD + "a,2026-01-12T20:00:00Z,film,3\nb,soon,film,\nc,2026-01-12,film,many\n");
    FillStatus.CalendarLine line = new ReleaseFile(Optional.of(file)).line(CatalogView.EMPTY);
    assertEquals(1, line.releases());
    assertEquals(1, line.unknown());
    assertEquals(2, line.refused());
    assertTrue(line.examples().getFirst().contains("r.csv:3: release_period is \"soon\"; write"));
    assertEquals("", line.problem());
  }

  @Test
  void line_fileChangedOrGone_isReadAgainOrStaysInForce(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("r.csv");
    ReleaseFile releases = new ReleaseFile(Optional.of(file));
    assertTrue(releases.line(CatalogView.EMPTY).problem().contains("r.csv"));
    Files.writeString(file, HEAD + "a,2026-01-12,film,3\n");
    assertEquals(1, releases.line(CatalogView.EMPTY).releases());
    Files.writeString(file, HEAD + "a,2026-01-12,film,3\nb,2026-01-13,film,3\n");
    assertEquals(2, releases.line(CatalogView.EMPTY).releases());
    Files.writeString(file, "nothing of use\n");
    assertEquals(2, releases.line(CatalogView.EMPTY).releases());
    assertTrue(releases.line(CatalogView.EMPTY).problem().contains("the header lacks"));
    Files.delete(file);
    assertEquals(2, releases.line(CatalogView.EMPTY).releases());
  }
}
