package oca.bench.pull;

/**
 * What came of one request. Times are by {@link System#nanoTime}, which all processes of a machine
 * have in common.
 *
 * @param connection its number
 * @param object as in {@link Ask}
 * @param offset as in {@link Ask}
 * @param length as in {@link Ask}
 * @param askedAt when it was sent
 * @param firstAt when the first byte of the body was read; of an answer without one, its head
 * @param lastAt when the last byte was read
 * @param status 0 when no answer came
 * @param mark what else is known of it
 */
record Sample(
    int connection,
    long object,
    long offset,
    long length,
    long askedAt,
    long firstAt,
    long lastAt,
    int status,
    Mark mark) {

  /** What else is known of an answer. */
  enum Mark {
    /** Of a right answer, or one that says what is wrong by its status. */
    PLAIN,
    /** It has Retry-After. */
    RETRY_AFTER,
    /** It had a wrong byte. */
    WRONG,
    /** It was another answer than its request's, or its head was not to be understood. */
    OTHER,
    /** It broke off, or never began. */
    BROKEN,
    /** It took too long. */
    LATE
  }

  /** Whether all bytes came and were right. */
  boolean isGood() {
    return (status == 200 || status == 206) && (mark == Mark.PLAIN || mark == Mark.RETRY_AFTER);
  }

  /** Whether a whole answer came that says that there are no bytes. */
  boolean isRefusal() {
    return status >= 400 && (mark == Mark.PLAIN || mark == Mark.RETRY_AFTER);
  }
}
