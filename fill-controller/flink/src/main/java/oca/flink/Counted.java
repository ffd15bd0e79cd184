package oca.flink;

/** Something that is counted, and how many there were more. */
record Counted(String name, long by) {
  /** Messages that are none, and those whose key is not their sender. */
  static final String MALFORMED = "messages malformed";

  /** Records beyond reason, which nobody counts. */
  static final String REFUSED = "records refused";

  /** Precedes what the join counts; what demand counts has its own, {@code demand.}. */
  static final String MISSES = "misses.";

  /** Bytes that have their label. */
  static final String LABELLED = MISSES + "labelled bytes";
}
