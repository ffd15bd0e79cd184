package oca.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Holds the page of all keys to the records. Written anew with {@code -Doca.transcripts=write}. */
class ConfigReferenceTest {
  private static final Path PAGE = Path.of("../.github/CONFIGURATION.md");

  @Test
  void page_always_isWhatTheRecordsSay() throws Exception {
    String page = ConfigReference.page();
    if ("write".equals(System.getProperty("oca.transcripts"))) {
      Files.writeString(PAGE, page);
    }
    assertEquals(Files.readString(PAGE), page);
  }
}
