package oca.store;

/**
 * Where bytes come from and on whose behalf, kept for every block.
 *
 * @param source an appliance's id or "origin"; printable ASCII, of which the first {@value
 *     #KEPT_SOURCE} characters are kept
 * @param job the number of the fill job, 0 when there is none
 * @param generation of the writer. A writer with a higher one takes a file over from one with a
 *     lower one, whose writes are refused from then on; {@link #UNGRANTED} is the lowest, and yet
 *     goes on with what any other has left
 * @param planVersion the version of the plan that wants the file here, 0 when none does and viewers
 *     alone have asked for it: then it has to be worth what it displaces
 */
public record Provenance(String source, long job, long generation, long planVersion) {
  /** So much of a source is kept, in characters. */
  public static final int KEPT_SOURCE = oca.store.disk.Lineage.MAX_SOURCE;

  /**
   * The generation of a writer that nobody has granted the file: it gives way to all that were
   * granted, is never refused because one of them was there before, and its blocks do not make an
   * older grant good again.
   */
  public static final long UNGRANTED = 0;

  public Provenance {
    if (source.isEmpty() || !source.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
      throw new IllegalArgumentException("not a source: \"" + source + "\"");
    }
  }
}
