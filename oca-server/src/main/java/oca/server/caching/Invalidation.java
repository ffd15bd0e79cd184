package oca.server.caching;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/** What is no longer to be used after a request that changes things (RFC 9111, section 4.4). */
public final class Invalidation {
  private Invalidation() {}

  /**
   * The keys of which all variants are invalid: the target's, and those that Location and
   * Content-Location name, which need not be but are most likely changed too. Only what is of the
   * target's origin: others could empty our cache of what is not theirs.
   *
   * @param target key of the request's target
   * @param status of the final response
   * @return empty when the method is safe or the response an error, for then nothing changed
   */
  public static List<CacheKey> keys(
      CacheRequest request, CacheKey target, int status, FieldSection response) {
    if (request.isSafe() || status < 200 || status > 399) {
      return List.of();
    }
    SequencedSet<CacheKey> keys = new LinkedHashSet<>();
    keys.add(target);
    for (String field : List.of("Location", "Content-Location")) {
      String reference = response.first(field);
      CacheKey key =
          reference == null
              ? null
              : CacheKey.ofUri(target.space(), UriReference.resolve(target.uri(), reference));
      if (key != null && key.origin().equals(target.origin())) {
        keys.add(key);
      }
    }
    return List.copyOf(keys);
  }
}
