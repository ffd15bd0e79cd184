package oca.store;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One kind of long work, at most one piece of it for each volume, each on a thread of its own.
 *
 * <p>Safe on any thread.
 */
final class VolumeTasks<T extends VolumeTasks.Task> implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final String name;
  private final Map<Shelf, Running<T>> running = new ConcurrentHashMap<>();

  /** Work that ends when it is told to. */
  interface Task extends Runnable {
    /** Has it end soon. Never blocks. */
    void stop();
  }

  private record Running<T>(T task, Thread thread) {}

  /** With threads of that name. */
  VolumeTasks(String name) {
    this.name = name;
  }

  /** Begins with a volume, unless it is at work there; returns at once. */
  void begin(Shelf shelf, T task) {
    running.computeIfAbsent(
        shelf, none -> new Running<>(task, Thread.ofPlatform().daemon().name(name).start(task)));
  }

  /** The work on a volume. */
  Optional<T> of(Shelf shelf) {
    return Optional.ofNullable(running.get(shelf)).map(Running::task);
  }

  /** Ends the work on a volume, and waits for that unless the disk hangs. */
  void end(Shelf shelf) {
    Running<T> ending = running.get(shelf);
    if (ending != null) {
      ending.task().stop();
      join(ending.thread());
      running.remove(shelf, ending);
    }
  }

  /** Ends all. What it came to can still be asked for. */
  @Override
  public void close() {
    running.values().forEach(one -> one.task().stop());
    running.values().forEach(one -> join(one.thread()));
  }

  private static void join(Thread thread) {
    try {
      thread.join(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
