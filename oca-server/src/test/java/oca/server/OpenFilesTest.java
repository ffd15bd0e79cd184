package oca.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.server.http.HttpConfig;
import org.junit.jupiter.api.Test;

/** Connections and files share one limit. */
class OpenFilesTest {
  private final HttpConfig http =
      ConfigFile.parse("test", "{maxConnections: 1000, maxRefusals: 100}", HttpConfig.class);

  OpenFilesTest() throws ConfigException {}

  @Test
  void bound_roomForAll_changesNothing() throws IOException {
    assertSame(http, OpenFiles.bound(http, 2000, 2000 + 100 + 1000 + OpenFiles.SPARE));
  }

  @Test
  void bound_roomForSome_servesThoseAndKeepsAllElse() throws IOException {
    HttpConfig bounded = OpenFiles.bound(http, 2000, 2000 + 100 + 999 + OpenFiles.SPARE);
    assertEquals(http.withMaxConnections(999), bounded);
    assertEquals(999, bounded.maxConnections());
  }

  @Test
  void bound_noRoom_tellsTheRemedy() {
    IOException refusal =
        assertThrows(IOException.class, () -> OpenFiles.bound(http, 10_000, 1024));
    assertTrue(String.valueOf(refusal.getMessage()).contains("LimitNOFILE"), refusal.getMessage());
  }

  @Test
  void limit_ofThisProcess_isThere() {
    assertTrue(OpenFiles.limit() > 0);
  }
}
