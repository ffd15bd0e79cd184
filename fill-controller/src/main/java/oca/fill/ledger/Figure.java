package oca.fill.ledger;

/** What is summed up of one appliance in a day. */
enum Figure {
  /** Body bytes to viewers. */
  BYTES,
  /** Of those, what came from beyond: served by an origin, or fetched for the answer. */
  BEYOND,
  /** Body bytes to networks that are nobody's demand: other appliances, monitors. */
  OTHER,
  /** Responses to viewers. */
  RESPONSES,
  /** Records that the sender had to drop. */
  DROPPED,
  /** Records that say that they are from the future; taken as of now. */
  FUTURE,
  /** Records that cannot be so; left out. */
  MALFORMED,
  /** Results of filling that came when their day was closed; in this day's sums. */
  LATE_FILLS,
  /** Bytes that an origin sent while the window was open. */
  ORIGIN_IN_WINDOW,
  /** The same while it was closed. */
  ORIGIN_OUTSIDE,
  /** Bytes that other appliances sent while the window was open. */
  PEERS_IN_WINDOW,
  /** The same while it was closed. */
  PEERS_OUTSIDE,
  /** Files that were filled. */
  FILES,
  /** Files that could not be filled. */
  FAILED,
  /** Files found taken out that were not served since they were filled. */
  EVICTED_FILES,
  /** Bytes fetched for them. */
  EVICTED_BYTES,
  /** Files not served for as many days as are set. */
  AGED_FILES,
  /** Bytes fetched for them. */
  AGED_BYTES,
  /** Filled files that there was no room to watch. */
  UNTRACKED
}
