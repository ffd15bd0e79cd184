package oca.drill;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import oca.protocol.Wire;
import org.jspecify.annotations.Nullable;

/**
 * What a run of drills has started, written down in a file, so that somebody else can undo it when
 * the run was killed. Safe on any thread.
 *
 * <p>A process is known by its number and by when it started, so that a number given away since
 * harms nobody. Processes of the fleet end by themselves when who started them does; but one that
 * was stopped by a signal cannot, and neither do tools, a database or a router.
 */
public final class Ledger implements AutoCloseable {
  private static final String WORK_PREFIX = "oca-demo-";

  private final Path file;
  private final Map<String, ProcessHandle> processes = new LinkedHashMap<>();
  private @Nullable Path work;

  /**
   * The file.
   *
   * @param runner who runs the drills
   * @param work a folder that goes with the fleet; empty when there is none yet
   * @param processes what was started
   */
  record Book(Entry runner, String work, List<Entry> processes) {
    Book {
      processes = List.copyOf(processes);
    }
  }

  /**
   * A process.
   *
   * @param started ISO 8601; empty when the system does not tell
   */
  record Entry(String name, long pid, String started) {
    static Entry of(String name, ProcessHandle process) {
      return new Entry(name, process.pid(), started(process));
    }

    /** The process, if it still is that one. */
    Optional<ProcessHandle> alive() {
      return ProcessHandle.of(pid)
          .filter(ProcessHandle::isAlive)
          .filter(process -> started(process).equals(started));
    }

    private static String started(ProcessHandle process) {
      return process.info().startInstant().map(Instant::toString).orElse("");
    }
  }

  /**
   * Makes sure that there is nothing to undo.
   *
   * @throws IOException naming the remedy
   */
  public static void requireNone(Path file) throws IOException {
    if (Files.exists(file)) {
      throw new IOException(
          file + " tells of a run of drills that goes on, or was killed: oca drill halt undoes it");
    }
  }

  /** Begins an empty one for this process. */
  public Ledger(Path file) throws IOException {
    this.file = file;
    write();
  }

  /** The folder that is to go with the fleet. */
  synchronized void work(Path folder) throws IOException {
    work = folder;
    write();
  }

  /** A process was started; one of the same name has ended. */
  synchronized void started(String name, ProcessHandle process) throws IOException {
    processes.put(name, process);
    write();
  }

  /** Another one may read it at any time, so it is replaced in one step. */
  private synchronized void write() throws IOException {
    Book book =
        new Book(
            Entry.of("runner", ProcessHandle.current()),
            work == null ? "" : work.toString(),
            processes.entrySet().stream()
                .filter(it -> it.getValue().isAlive())
                .map(it -> Entry.of(it.getKey(), it.getValue()))
                .toList());
    Path next = file.resolveSibling(file.getFileName() + ".next");
    Files.write(next, Wire.writePretty(book));
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  /** The run has ended in order: nothing is left to undo. */
  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }

  /**
   * Undoes what a ledger tells of: asks the runner to end, who undoes it in order; whatever is left
   * after that, or when the runner is no more, is woken, killed and removed.
   *
   * @param patience with the runner
   * @return what was done, in lines; empty when there is no ledger
   */
  public static List<String> undo(Path file, Duration patience)
      throws IOException, InterruptedException {
    Book book;
    try {
      book = Wire.read(Files.readAllBytes(file), Book.class);
    } catch (NoSuchFileException e) {
      return List.of();
    }
    List<String> told = new ArrayList<>();
    Optional<ProcessHandle> runner = book.runner().alive();
    if (runner.isPresent()) {
      told.add(end(runner.get(), patience));
    } else {
      told.add("the run of process " + book.runner().pid() + " is no more");
    }
    for (Entry entry : book.processes()) {
      Optional<ProcessHandle> left = entry.alive();
      if (left.isPresent()) {
        kill(left.get());
        told.add("killed " + entry.name() + ", process " + entry.pid());
      }
    }
    Optional<Path> folder = Optional.of(Path.of(book.work())).filter(Ledger::isOurs);
    if (folder.isPresent()) {
      deleteTree(folder.get());
      told.add("removed " + folder.get());
    }
    Files.deleteIfExists(file);
    return told;
  }

  private static boolean isOurs(Path folder) {
    Path name = folder.getFileName();
    return name != null && name.toString().startsWith(WORK_PREFIX) && Files.isDirectory(folder);
  }

  private static String end(ProcessHandle runner, Duration patience) throws InterruptedException {
    runner.destroy();
    try {
      runner.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return "the drill of process " + runner.pid() + " has ended and was undone";
    } catch (TimeoutException | ExecutionException e) {
      kill(runner);
      return "the drill of process " + runner.pid() + " did not end and was killed";
    }
  }

  /** Also one that a signal has stopped. */
  private static void kill(ProcessHandle process) throws InterruptedException {
    process.destroyForcibly();
    try {
      process.onExit().get(10, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("process " + process.pid() + " cannot be killed", e);
    }
  }

  private static void deleteTree(Path root) throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
              throws IOException {
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
