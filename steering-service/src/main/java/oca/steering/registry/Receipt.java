package oca.steering.registry;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What came of a command. */
public sealed interface Receipt {
  /**
   * It is in force.
   *
   * @param entry of the appliance; null when it is about the fleet
   * @param stored done when the change is on disk; at once without a database
   */
  record Done(@Nullable Entry entry, Change change, CompletableFuture<Void> stored)
      implements Receipt {}

  /**
   * It was so before; nothing is logged.
   *
   * @param stored done when the state that it asks for is on disk
   */
  record Already(@Nullable Entry entry, CompletableFuture<Void> stored) implements Receipt {}

  /** It changes nothing. */
  record Refused(Refusal why) implements Receipt {}
}
