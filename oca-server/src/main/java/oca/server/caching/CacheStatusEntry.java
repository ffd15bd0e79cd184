package oca.server.caching;

import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * This cache's member of Cache-Status (RFC 9211): what it did with a request.
 *
 * @param cache its name, printable ASCII
 * @param forward why the request went on; null for a hit
 * @param forwardStatus what upstream answered
 * @param ttlSeconds for how long the answer is fresh yet, below zero for since when it is not
 * @param stored whether the answer was kept
 * @param collapsed whether the request shared another's
 * @param key under which it is kept
 * @param detail anything else
 */
public record CacheStatusEntry(
    String cache,
    @Nullable Forward forward,
    OptionalInt forwardStatus,
    OptionalLong ttlSeconds,
    boolean stored,
    boolean collapsed,
    @Nullable String key,
    @Nullable String detail) {
  private static final long MILLIS = 1000;

  public CacheStatusEntry {
    if (!isPrintable(cache)) {
      throw new IllegalArgumentException("not a cache's name, which is printable ASCII: " + cache);
    }
  }

  /** Answered from what is kept. */
  public static CacheStatusEntry hit(String cache, long ttlMillis) {
    return new CacheStatusEntry(
        cache, null, OptionalInt.empty(), seconds(ttlMillis), false, false, null, null);
  }

  /** Sent on towards the origin. */
  public static CacheStatusEntry forwarded(String cache, Forward why) {
    return new CacheStatusEntry(
        cache, why, OptionalInt.empty(), OptionalLong.empty(), false, false, null, null);
  }

  /**
   * What a decision comes to, before upstream has answered; with {@code detail=stale-if-error}
   * where it failed to.
   *
   * @return null for an answer that is made here and of nothing that is kept: it has no such member
   *     (section 2)
   */
  public static @Nullable CacheStatusEntry of(String cache, Decision decision) {
    return switch (decision) {
      case Decision.Fresh(StoredResponse _, long _, long ttl) -> hit(cache, ttl);
      case Decision.StaleAccepted(StoredResponse _, long _, long ttl) -> hit(cache, ttl);
      case Decision.StaleWhileRevalidate(StoredResponse _, long _, long ttl, FieldSection _) ->
          hit(cache, ttl).withDetail("stale-while-revalidate");
      case Decision.StaleIfError(StoredResponse _, long _, long ttl) ->
          new CacheStatusEntry(
              cache,
              ttl > 0 ? Forward.REQUEST : Forward.STALE,
              OptionalInt.empty(),
              seconds(ttl),
              false,
              false,
              null,
              "stale-if-error");
      case Decision.MustValidate(StoredResponse _, Forward why, FieldSection _) ->
          forwarded(cache, why);
      case Decision.Miss(Forward why, FieldSection _) -> forwarded(cache, why);
      case Decision.Bypass(Forward why) -> forwarded(cache, why);
      case Decision.OnlyIfCached() -> null;
    };
  }

  /** With the status that upstream answered. */
  public CacheStatusEntry withStatus(int status) {
    return new CacheStatusEntry(
        cache, forward, OptionalInt.of(status), ttlSeconds, stored, collapsed, key, detail);
  }

  /** With the answer kept, and fresh for so long. */
  public CacheStatusEntry withStored(long ttlMillis) {
    return new CacheStatusEntry(
        cache, forward, forwardStatus, seconds(ttlMillis), true, collapsed, key, detail);
  }

  /** Having waited for another's answer. */
  public CacheStatusEntry withCollapsed() {
    return new CacheStatusEntry(
        cache, forward, forwardStatus, ttlSeconds, stored, true, key, detail);
  }

  /** With the key. */
  public CacheStatusEntry withKey(String text) {
    return new CacheStatusEntry(
        cache, forward, forwardStatus, ttlSeconds, stored, collapsed, text, detail);
  }

  /** With a word or sentence more. */
  public CacheStatusEntry withDetail(String text) {
    return new CacheStatusEntry(
        cache, forward, forwardStatus, ttlSeconds, stored, collapsed, key, text);
  }

  /** Rounded down, so that what is stale is never said to be 0. */
  private static OptionalLong seconds(long millis) {
    return OptionalLong.of(Math.floorDiv(millis, MILLIS));
  }

  /** The member, such as {@code edge; fwd=stale; fwd-status=304; ttl=60; stored}. */
  public String value() {
    StringBuilder out = new StringBuilder(64).append(item(cache));
    if (forward == null) {
      out.append("; hit");
    } else {
      out.append("; fwd=").append(forward.token());
    }
    forwardStatus.ifPresent(status -> out.append("; fwd-status=").append(status));
    ttlSeconds.ifPresent(seconds -> out.append("; ttl=").append(seconds));
    out.append(stored ? "; stored" : "").append(collapsed ? "; collapsed" : "");
    if (key != null) {
      out.append("; key=").append(quoted(key));
    }
    if (detail != null) {
      out.append("; detail=").append(item(detail));
    }
    return out.toString();
  }

  /** As the last member, behind those of the caches nearer to the origin (section 2). */
  public FieldSection appendTo(FieldSection fields) {
    return fields.plus("Cache-Status", value());
  }

  /** A token where it can be one (RFC 8941, section 3.3.4), else a string. */
  private static String item(String text) {
    return isToken(text) ? text : quoted(text);
  }

  // Loops and not streams: both are run for each answer.

  private static boolean isToken(String text) {
    if (text.isEmpty() || (!Grammar.isLetter(text.charAt(0)) && text.charAt(0) != '*')) {
      return false;
    }
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Grammar.isTokenChar(c) && c != ':' && c != '/') {
        return false;
      }
    }
    return true;
  }

  private static boolean isPrintable(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c >= 0x7f) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\');
      }
      out.append(c >= ' ' && c < 0x7f ? c : '?');
    }
    return out.append('"').toString();
  }
}
