package oca.server.caching;

import java.util.OptionalLong;

/** What an answer to HEAD says of a kept answer to GET (RFC 9111, section 4.3.5). */
public sealed interface HeadUpdate {

  /** It is the same, with newer fields. */
  record Updated(StoredResponse response) implements HeadUpdate {}

  /** It is another by now: what is kept counts as stale. */
  record Outdated(StoredResponse response) implements HeadUpdate {}

  /** Nothing. */
  record Untouched() implements HeadUpdate {}

  /**
   * Compares them, if the kept response is one that such a request would have been answered with.
   *
   * @param head as upstream sent it
   * @param requestedMillis when upstream was asked, since 1970
   * @param receivedMillis when it answered, since 1970
   */
  static HeadUpdate judge(
      CacheRequest request,
      StoredResponse stored,
      int status,
      FieldSection head,
      long requestedMillis,
      long receivedMillis,
      CachingPolicy policy) {
    boolean isWhole = stored.status() == Statuses.OK || stored.status() == Statuses.PARTIAL_CONTENT;
    if (status != Statuses.OK || !isWhole || !stored.matches(request.fields())) {
      return new Untouched();
    }
    if (!isSame(stored.fields(), head)) {
      return new Outdated(stored.endedAt(receivedMillis));
    }
    FieldSection merged =
        Storability.kept(
            FieldMerge.updated(stored.fields(), Storability.kept(head, receivedMillis, policy)),
            receivedMillis,
            policy);
    StoredResponse updated =
        StoredResponse.of(
            stored.status(),
            merged,
            Variants.key(Variants.names(merged), request.fields()),
            requestedMillis,
            receivedMillis,
            policy);
    return Storability.refusal(request.fields(), updated, policy) == null
        ? new Updated(updated)
        : new Outdated(updated.endedAt(receivedMillis));
  }

  /** Whether all that the answer to HEAD tells of the representation is so of the kept one. */
  private static boolean isSame(FieldSection stored, FieldSection head) {
    String tag = ResponseValidators.entityTag(head);
    OptionalLong modified = ResponseValidators.modified(head);
    long length = Partials.length(head);
    return (tag == null || tag.equals(ResponseValidators.entityTag(stored)))
        && (modified.isEmpty() || modified.equals(ResponseValidators.modified(stored)))
        && (length == ContentRange.UNKNOWN || length == Partials.length(stored));
  }
}
