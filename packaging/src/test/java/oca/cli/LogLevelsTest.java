package oca.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.ContextInitializer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class LogLevelsTest {
  private final LoggerContext live = (LoggerContext) LoggerFactory.getILoggerFactory();

  @AfterEach
  void restore() throws Exception {
    System.clearProperty("logback.configurationFile");
    live.reset();
    new ContextInitializer(live).autoConfig();
  }

  @Test
  void reload_changedFile_changesLevels(@TempDir Path folder) throws Exception {
    configured(folder, "<logger name=\"a.b\" level=\"TRACE\"/>");
    LogLevels.reload();
    assertEquals(Level.TRACE, live.getLogger("a.b").getLevel());
  }

  @Test
  void reload_brokenFile_isRefusedAndLevelsStay(@TempDir Path folder) throws Exception {
    configured(folder, "<logger name=\"a.b\" level=\"TRACE\"/>");
    LogLevels.reload();
    Path file = configured(folder, "<logger name=\"a.b\" level=\"DEBUG\">");
    IOException refused = assertThrows(IOException.class, LogLevels::reload);
    assertTrue(String.valueOf(refused.getMessage()).startsWith(file.toString()));
    assertEquals(Level.TRACE, live.getLogger("a.b").getLevel());
  }

  private static Path configured(Path folder, String lines) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("logback.xml"), "<configuration>" + lines + "</configuration>");
    System.setProperty("logback.configurationFile", file.toString());
    return file;
  }
}
