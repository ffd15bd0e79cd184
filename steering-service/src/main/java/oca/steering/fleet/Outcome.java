package oca.steering.fleet;

import org.jspecify.annotations.Nullable;

/**
 * What came of a heartbeat.
 *
 * @param inventoryWanted whether what the sender holds is not what is known of it
 * @param deltaFrom a version from which a delta would do; null when only the whole inventory does,
 *     or none is wanted
 */
public record Outcome(Verdict verdict, boolean inventoryWanted, @Nullable Long deltaFrom) {

  /** An outcome that asks for the whole inventory, or for none. */
  public Outcome(Verdict verdict, boolean inventoryWanted) {
    this(verdict, inventoryWanted, null);
  }
}
