package oca.server.purge;

/** What a purge takes for its target. */
public enum Kind {
  /** Everything of a service. */
  ALL("all", 0),
  /** One path with its query, to the last character. */
  URL("url", 0x5bd1e995L),
  /** All paths, with their queries, that begin with it; it may end within a segment. */
  PREFIX("prefix", 0x1b873593L),
  /** All objects that bear a tag. */
  TAG("tag", 0x7feb352dL);

  private final String key;
  private final long salt;

  Kind(String key, long salt) {
    this.key = key;
    this.salt = salt;
  }

  /** Its name in orders. */
  public String key() {
    return key;
  }

  /** Keeps the kinds' hashes apart. */
  long salt() {
    return salt;
  }
}
