package oca.store;

/**
 * Where bytes come from and on whose behalf, kept for every block.
 *
 * @param source an appliance's id or "origin"; printable ASCII, of which the first {@value
 *     #KEPT_SOURCE} characters are kept
 * @param job the number of the fill job, 0 when there is none
 * @param generation of the writer. A writer with a higher one takes a file over from one with a
 *     lower one, whose writes are refused from then on
 * @param planVersion the version of the plan that wants the file here, 0 when none does and viewers
 *     alone have asked for it: then it has to be worth what it displaces
 */
public record Provenance(String source, long job, long generation, long planVersion) {
  /** So much of a source is kept, in characters. */
  public static final int KEPT_SOURCE = oca.store.disk.Lineage.MAX_SOURCE;

  public Provenance {
    if (source.isEmpty() || !source.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
      throw new IllegalArgumentException("not a source: \"" + source + "\"");
    }
  }
}
