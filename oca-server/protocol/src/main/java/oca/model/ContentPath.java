package oca.model;

import org.jspecify.annotations.Nullable;

/**
 * What a published path may look like.
 *
 * <p>One to 1024 characters: segments of {@code A-Z a-z 0-9 . _ ~ -} (RFC 3986 unreserved)
 * separated by single slashes, no leading or trailing slash, no segment {@code .} or {@code ..}.
 * Such a path is its own percent-encoding, so there is exactly one spelling of each, in a URL, in a
 * catalogue and on disk; a request in any other spelling names no file.
 */
public final class ContentPath {
  /** The longest path allowed, in characters. */
  public static final int MAX_LENGTH = 1024;

  private ContentPath() {}

  /**
   * Why {@code path} may not be published, or null when it may.
   *
   * @return a clause that can follow "the path", such as {@code has an empty segment}
   */
  public static @Nullable String fault(String path) {
    if (path.isEmpty()) {
      return "is empty";
    }
    if (path.length() > MAX_LENGTH) {
      return "is longer than " + MAX_LENGTH + " characters";
    }
    int start = 0;
    for (int i = 0; i <= path.length(); i++) {
      if (i == path.length() || path.charAt(i) == '/') {
        String fault = segmentFault(path, start, i);
        if (fault != null) {
          return fault;
        }
        start = i + 1;
      } else if (!isUnreserved(path.charAt(i))) {
        return "has a character outside A-Z a-z 0-9 . _ ~ - / at index " + i;
      }
    }
    return null;
  }

  private static @Nullable String segmentFault(String path, int start, int end) {
    int length = end - start;
    if (length == 0) {
      return "has an empty segment at index " + start;
    }
    if (path.charAt(start) == '.'
        && (length == 1 || (length == 2 && path.charAt(end - 1) == '.'))) {
      return "has a dot segment at index " + start;
    }
    return null;
  }

  private static boolean isUnreserved(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '_'
        || c == '~'
        || c == '-';
  }
}
