package oca.protocol.token;

/**
 * What a key is for, and the only thing that it is used for: a token cannot choose how a key is
 * read (RFC 8725, section 3.1), nor does one secret serve two formats.
 */
public enum Algorithm {
  /** HMAC-SHA-256 over our own tokens, {@link PathToken}. */
  HMAC_TOKEN(""),
  /** HMAC-SHA-256 over what steering gives players to bring back; of no use to an appliance. */
  HMAC_STATE(""),
  /** HMAC-SHA-256 over JWTs (RFC 7518, section 3.2). */
  HS256("HS256"),
  /** ECDSA on P-256 with SHA-256 over JWTs (RFC 7518, section 3.4). */
  ES256("ES256"),
  /** RSASSA-PKCS1-v1_5 with SHA-256 over JWTs (RFC 7518, section 3.3). */
  RS256("RS256");

  private final String jwtName;

  Algorithm(String jwtName) {
    this.jwtName = jwtName;
  }

  /** Whether its key is a secret, shared with the signer. */
  public boolean isSecret() {
    return this == HMAC_TOKEN || this == HMAC_STATE || this == HS256;
  }

  /**
   * The algorithm that a JWT's header names.
   *
   * @throws Refusal for {@code none} and any other that no key of ours has
   */
  public static Algorithm ofJwt(String name) throws Refusal {
    for (Algorithm algorithm : values()) {
      if (!algorithm.jwtName.isEmpty() && algorithm.jwtName.equals(name)) {
        return algorithm;
      }
    }
    throw new Refusal(Reason.UNKNOWN_KEY);
  }
}
