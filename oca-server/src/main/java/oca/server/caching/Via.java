package oca.server.caching;

/**
 * The field Via (RFC 9110, section 7.6.3): by which the next hop knows that a message went through
 * here, and this cache that a request came back to it.
 *
 * @param pseudonym a token; stands for the host, whose name is nobody's business
 */
public record Via(String pseudonym) {

  public Via {
    if (!Grammar.isToken(pseudonym)) {
      throw new IllegalArgumentException("not a token, as Via has them: " + pseudonym);
    }
  }

  /**
   * Adds this hop.
   *
   * @param version in which the message was received: {@code 1.1}, {@code 2}
   */
  public FieldSection addTo(FieldSection fields, String version) {
    return fields.plus("Via", version + ' ' + pseudonym);
  }

  /** Whether the message went through here before, so that it would go round for ever. */
  public boolean isIn(FieldSection fields) {
    if (!fields.has("Via")) {
      return false; // as most of them
    }
    for (String member : fields.members("Via")) {
      String[] words = member.split("[ \t]+", 3);
      if (words.length > 1 && words[1].equalsIgnoreCase(pseudonym)) {
        return true;
      }
    }
    return false;
  }
}
