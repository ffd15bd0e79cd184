package oca.server.pull;

import java.nio.ByteBuffer;
import oca.server.caching.FieldSection;
import org.jspecify.annotations.Nullable;

/**
 * A request that may have to be asked of an upstream.
 *
 * @param method case-sensitive
 * @param path without leading slash, query and token, as it was sent
 * @param query without its question mark; null without one
 * @param host Host, or {@code :authority}; empty without one
 * @param version of HTTP in which it came: {@code 1.1}
 * @param fields as they came
 * @param content what it carries, read-only; empty for most
 * @param maxRanges how many ranges it may list, 1 or more
 * @param remembered of its path, when it is plain; else null. Told on the thread that asks
 */
public record PullRequest(
    String method,
    String path,
    @Nullable String query,
    String host,
    String version,
    FieldSection fields,
    ByteBuffer content,
    int maxRanges,
    @Nullable Remembered remembered) {

  /** Path and query, with a leading slash. */
  public String target() {
    return query == null ? '/' + path : '/' + path + '?' + query;
  }
}
