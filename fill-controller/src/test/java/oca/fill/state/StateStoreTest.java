package oca.fill.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The contract over H2, and what only a file can suffer. */
class StateStoreTest extends StateStoreContract {
  @Test
  void open_inUseByAnotherProcess_saysSoInOneSentence() throws Exception {
    try (ChildLedger child = ChildLedger.start(folder.resolve("state"), 1)) {
      child.awaitAcknowledged(1);
      IOException e = assertThrows(IOException.class, this::open);
      assertEquals(
          "the database "
              + folder.resolve("state.mv.db")
              + " is in use by another process; stop it or name another file",
          e.getMessage());
    }
  }

  @Test
  void open_damagedFile_saysSoInOneSentence() throws IOException {
    Path file = folder.resolve("state.mv.db");
    Files.writeString(file, "this is no database".repeat(1000));
    IOException e = assertThrows(IOException.class, this::open);
    assertTrue(e.getMessage().startsWith("the database " + file + " cannot be read"));
    assertTrue(e.getMessage().endsWith("restore a copy, or move it away to start empty"));
    assertEquals(1, e.getMessage().lines().count());
  }
}
