package oca.server.authorize;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import oca.protocol.token.Reason;
import oca.protocol.token.Refusal;

/**
 * Which URIs a token is for: {@code cdniuc} (RFC 9246, sections 2.1.11 and 2.1.15).
 *
 * <ul>
 *   <li>{@code hash:sha-256;...}: the URI has this hash (RFC 6920, section 5)
 *   <li>{@code regex:...}: the whole URI matches this POSIX extended regular expression, {@link
 *       UriPattern}. The whole, as a signer who forgets an anchor should not open more than he
 *       wrote.
 * </ul>
 *
 * <p>The URI is one of the signed bases, then the path, then what is left of the query. It needs no
 * normalising: the bases are normal, and {@link oca.model.ContentPath} refuses every path that has
 * a second spelling; queries are normalised before.
 *
 * <p>Keeps the last patterns compiled; one thread only.
 */
final class UriContainer {
  private static final String HASH = "hash:sha-256;";
  private static final String REGEX = "regex:";
  private static final float LOAD = 0.75f;

  private final MessageDigest sha256;
  private final Map<String, PatternMatcher> patterns;

  /**
   * @param most patterns that are kept
   */
  UriContainer(int most) {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform must have SHA-256", e);
    }
    patterns =
        new LinkedHashMap<>(16, LOAD, true) {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, PatternMatcher> eldest) {
            return size() > most;
          }
        };
  }

  /** Refuses a container that could not be matched with anything. */
  void check(String container) throws Refusal {
    if (container.startsWith(HASH)) {
      if (Base64Url.decode(container.substring(HASH.length())).length != 32) {
        throw new Refusal(Reason.MALFORMED);
      }
    } else if (container.startsWith(REGEX)) {
      matcher(container);
    } else {
      throw new Refusal(Reason.CLAIM_UNSUPPORTED);
    }
  }

  /** Whether a container that was checked is for the URI, behind one of the bases. */
  boolean contains(String container, List<String> bases, String path, String query) throws Refusal {
    byte[] hash =
        container.startsWith(HASH) ? Base64Url.decode(container.substring(HASH.length())) : null;
    for (int i = 0; i < bases.size(); i++) {
      String base = bases.get(i);
      boolean isIn =
          hash == null
              ? matcher(container).matches(base, path, query)
              : MessageDigest.isEqual(hash, hash(base, path, query));
      if (isIn) {
        return true;
      }
    }
    return false;
  }

  private byte[] hash(String base, String path, String query) {
    sha256.update(base.getBytes(StandardCharsets.UTF_8));
    sha256.update(path.getBytes(StandardCharsets.UTF_8));
    return sha256.digest(query.getBytes(StandardCharsets.UTF_8));
  }

  private PatternMatcher matcher(String container) throws Refusal {
    PatternMatcher known = patterns.get(container);
    if (known != null) {
      return known;
    }
    PatternMatcher made =
        new PatternMatcher(UriPattern.compile(container.substring(REGEX.length())));
    patterns.put(container, made);
    return made;
  }
}
