package oca.protocol.service;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The root of a process, as whoever watches over it needs it. */
public interface Supervised extends AutoCloseable {
  /**
   * Asks the parts without which the process is of no use for an answer.
   *
   * @param patience the longest to wait, for all of them together
   * @return which of them stands still, for people; empty when all answered
   */
  Optional<String> standstill(Duration patience) throws InterruptedException;

  /** How it is, in one line for people. Does not block on disk or network. */
  String summary();

  /**
   * Reads certificates, keys and tokens again. Connections that are open go on.
   *
   * @throws IOException when one of them is not fit; the message names it, and what was before
   *     stays in use
   */
  void reload() throws IOException;

  /**
   * Completed with the reason when the process has to end although nobody asked it to, and only a
   * new start mends it. Most never do.
   */
  default CompletionStage<IOException> end() {
    return new CompletableFuture<>();
  }

  @Override
  void close();
}
