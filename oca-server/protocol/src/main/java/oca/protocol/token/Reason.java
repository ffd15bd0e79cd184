package oca.protocol.token;

/** Every reason for which a token is refused: a name and a sentence, to be counted one by one. */
public enum Reason {
  NO_TOKEN("no-token", "The file is protected and the request carries no token."),
  TOO_LONG("too-long", "The token has more characters than this server reads."),
  MALFORMED("malformed", "The token is not written as its format has it."),
  UNKNOWN_KEY("unknown-key", "No key of that name and algorithm is valid here and now."),
  BAD_SIGNATURE("bad-signature", "The token was not made with its key for this path, or altered."),
  EXPIRED("expired", "The token's time is over."),
  NOT_YET_VALID("not-yet-valid", "The token's time is still to come."),
  WRONG_PATH("wrong-path", "The token is for other files, or the path names none."),
  WRONG_NETWORK("wrong-network", "The token is for clients in another network."),
  WRONG_ISSUER("wrong-issuer", "The token's issuer is not the one that its key belongs to."),
  WRONG_AUDIENCE("wrong-audience", "The token is meant for another server."),
  MISSING_CLAIM("missing-claim", "The token would be good for ever, or for every file."),
  CLAIM_UNSUPPORTED("claim-unsupported", "The token asks for what this server does not do.");

  private final String label;
  private final String sentence;

  Reason(String label, String sentence) {
    this.label = label;
    this.sentence = sentence;
  }

  /** The name in records and metrics: lower-case words and hyphens, never changed once shipped. */
  public String label() {
    return label;
  }

  /** What it means, for people. */
  public String sentence() {
    return sentence;
  }
}
