package oca.protocol.token;

import java.security.Key;
import java.util.Optional;
import oca.model.ContentPath;

/**
 * One key that tokens are checked with.
 *
 * @param id its name in tokens: 1 to 32 of {@code A-Z a-z 0-9 _ -}
 * @param algorithm the only one it is used with
 * @param key a secret of at least 32 bytes, or a public key
 * @param notBeforeSecond tokens are accepted from this second of the Unix epoch on
 * @param notAfterSecond and up to and including this one
 * @param issuer who signs with it, which a JWT's {@code iss} must then say
 */
public record SigningKey(
    String id,
    Algorithm algorithm,
    Key key,
    long notBeforeSecond,
    long notAfterSecond,
    Optional<String> issuer) {
  private static final int MAX_ID = 32;

  public SigningKey {
    if (!isId(id)) {
      throw new IllegalArgumentException(
          "a key's id is 1 to " + MAX_ID + " characters of A-Z a-z 0-9 _ -, not: " + id);
    }
    if (notAfterSecond < notBeforeSecond) {
      throw new IllegalArgumentException("the key " + id + " ends (notAfter) before it begins");
    }
  }

  /** Whether tokens made with it are accepted at that second. */
  public boolean isValidAt(long second) {
    return second >= notBeforeSecond && second <= notAfterSecond;
  }

  private static boolean isId(String text) {
    return text.length() <= MAX_ID
        && ContentPath.fault(text) == null
        && text.chars().noneMatch(c -> c == '.' || c == '~' || c == '/');
  }

  /** Name and algorithm; never the key. */
  @Override
  public String toString() {
    return id + " (" + algorithm + ")";
  }
}
