package oca.store;

/** The answer to a wish to fill a file. */
public sealed interface Admission {

  /** The file may be filled; the caller closes the session. */
  record Admitted(FillSession session) implements Admission {}

  /** The file may not be filled now; nothing was changed. */
  record Refused(Reason reason) implements Admission {}

  /** Why a file is not admitted. */
  enum Reason {
    /** It is here already. */
    HELD("the file is already held"),
    /** Another session fills it. */
    BEING_FILLED("the file is being filled"),
    /** Even with all that may be evicted gone there is no room. */
    NO_SPACE("no volume has room for the file"),
    /** The index is at the number of files it was made for. */
    INDEX_FULL("the index holds as many files as it was made for"),
    /** A writer of a higher generation has written to the file. */
    FENCED("a newer writer has taken the file over"),
    /** What would have to go for it is asked for more often. */
    NOT_WORTH("what would have to make room is asked for more"),
    /** The store was just opened, and does not know yet what room its volumes have. */
    RECOVERING("the volumes are still being read"),
    /** No volume is in service. */
    NO_VOLUME("no volume is in service");

    private final String sentence;

    Reason(String sentence) {
      this.sentence = sentence;
    }

    /** The reason as a clause for logs and reports. */
    public String sentence() {
      return sentence;
    }
  }
}
