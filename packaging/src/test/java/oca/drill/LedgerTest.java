package oca.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import oca.protocol.Wire;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a run that was killed, with real processes. */
class LedgerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path folder;
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void end() {
    started.forEach(Process::destroyForcibly);
  }

  private Process start(String... command) throws IOException {
    Process process = new ProcessBuilder(command).start();
    started.add(process);
    return process;
  }

  private Path file() {
    return folder.resolve("ledger.json");
  }

  /** As a run that has ended without a word leaves it. */
  private void left(Ledger.Entry runner, Optional<Path> work, Ledger.Entry... processes)
      throws IOException {
    Files.write(
        file(),
        Wire.write(
            new Ledger.Book(runner, work.map(Path::toString).orElse(""), List.of(processes))));
  }

  private Ledger.Entry dead() throws IOException, InterruptedException {
    Process process = start("true");
    Ledger.Entry entry = Ledger.Entry.of("runner", process.toHandle());
    process.waitFor();
    return entry;
  }

  @Test
  void undo_runnerWasKilled_endsItsProcessesAlsoStoppedOnes() throws Exception {
    Process runs = start("sleep", "600");
    Process stopped = start("sleep", "600");
    start("kill", "-STOP", Long.toString(stopped.pid())).waitFor();
    Path work = Files.createDirectories(folder.resolve("oca-demo-1/disk"));
    Files.writeString(work.resolve("file"), "x");
    left(
        dead(),
        Optional.of(work.getParent()),
        Ledger.Entry.of("steering", runs.toHandle()),
        Ledger.Entry.of("north-1", stopped.toHandle()));
    List<String> told = Ledger.undo(file(), PATIENCE);
    assertNotEquals(0, runs.waitFor());
    assertNotEquals(0, stopped.waitFor());
    assertFalse(Files.exists(work.getParent()));
    assertFalse(Files.exists(file()));
    assertEquals("killed north-1, process " + stopped.pid(), told.get(2));
  }

  @Test
  void undo_numberWasGivenAway_leavesThatProcessAlone() throws Exception {
    Process other = start("sleep", "600");
    left(
        dead(),
        Optional.of(Files.createDirectories(folder.resolve("somebody-elses"))),
        new Ledger.Entry("north-1", other.pid(), "2001-01-01T00:00:00Z"));
    Ledger.undo(file(), PATIENCE);
    assertTrue(other.isAlive());
    assertTrue(Files.exists(folder.resolve("somebody-elses")));
  }

  @Test
  void undo_runnerIsThere_asksItToEnd() throws Exception {
    Process runner = start("sleep", "600");
    left(Ledger.Entry.of("runner", runner.toHandle()), Optional.empty());
    List<String> told = Ledger.undo(file(), PATIENCE);
    assertNotEquals(0, runner.waitFor());
    assertTrue(told.getFirst().contains("has ended"), told.toString());
  }

  @Test
  void undo_runnerDoesNotEnd_killsIt() throws Exception {
    Process runner = start("sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done");
    assertEquals('r', runner.getInputStream().read());
    left(Ledger.Entry.of("runner", runner.toHandle()), Optional.empty());
    List<String> told = Ledger.undo(file(), Duration.ofMillis(300));
    assertNotEquals(0, runner.waitFor());
    assertTrue(told.getFirst().contains("was killed"), told.toString());
  }

  @Test
  void undo_nothingRan_saysNothing() throws Exception {
    assertEquals(List.of(), Ledger.undo(file(), PATIENCE));
  }

  @Test
  void ledger_ofARun_tellsOfItAndGoesWithIt() throws Exception {
    Process one = start("sleep", "600");
    try (Ledger ledger = new Ledger(file())) {
      ledger.work(folder.resolve("oca-demo-2"));
      ledger.started("north-1", one.toHandle());
      Ledger.Book book = Wire.read(Files.readAllBytes(file()), Ledger.Book.class);
      assertEquals(ProcessHandle.current().pid(), book.runner().pid());
      assertEquals(List.of(Ledger.Entry.of("north-1", one.toHandle())), book.processes());
      assertThrows(IOException.class, () -> Ledger.requireNone(file()));
    }
    Ledger.requireNone(file());
  }
}
