package oca.fill.jobs;

import java.util.List;

/** What became of a controller's write. */
public sealed interface Written {
  /** Another controller has the slot: nothing was written. */
  record Stale() implements Written {}

  /**
   * In the book, and on disk.
   *
   * @param taken for each step whether it was taken; false where the job had another revision
   * @param tells the outbox rows that were made, in order
   */
  record Done(List<Boolean> taken, List<Tell> tells) implements Written {
    public Done {
      taken = List.copyOf(taken);
      tells = List.copyOf(tells);
    }
  }
}
