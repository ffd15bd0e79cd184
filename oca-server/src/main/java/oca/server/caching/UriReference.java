package oca.server.caching;

/** Resolving of references (RFC 3986, section 5.2), for those of http alone. */
final class UriReference {
  private UriReference() {}

  /**
   * The URI that a reference means.
   *
   * @param base absolute, with an authority and a path, without fragment
   */
  static String resolve(String base, String reference) {
    if (hasScheme(reference)) {
      return reference;
    }
    int colon = base.indexOf(':');
    if (reference.startsWith("//")) {
      return base.substring(0, colon + 1) + reference;
    }
    int path = base.indexOf('/', colon + 3);
    String origin = base.substring(0, path);
    if (reference.startsWith("/")) {
      return origin + withoutDots(reference);
    }
    int query = base.indexOf('?', path);
    int pathEnd = query < 0 ? base.length() : query;
    if (reference.isEmpty() || reference.startsWith("#")) {
      return base;
    }
    if (reference.startsWith("?")) {
      return base.substring(0, pathEnd) + reference;
    }
    int folder = base.lastIndexOf('/', pathEnd - 1);
    return origin + withoutDots(base.substring(path, folder + 1) + reference);
  }

  private static boolean hasScheme(String reference) {
    int end = 0;
    while (end < reference.length()
        && (Grammar.isLetter(reference.charAt(end))
            || (end > 0
                && (Grammar.isDigit(reference.charAt(end))
                    || "+-.".indexOf(reference.charAt(end)) >= 0)))) {
      end++;
    }
    return end > 0 && end < reference.length() && reference.charAt(end) == ':';
  }

  /** Section 5.2.4, on the path of a path with query and fragment. */
  private static String withoutDots(String target) {
    int end = 0;
    while (end < target.length() && "?#".indexOf(target.charAt(end)) < 0) {
      end++;
    }
    StringBuilder out = new StringBuilder(target.length());
    int from = 0;
    while (from < end) {
      int next = target.indexOf('/', from + 1);
      int to = next < 0 || next > end ? end : next;
      String segment = target.substring(from, to);
      boolean isLast = to == end;
      if (segment.equals("/..")) {
        out.setLength(Math.max(0, out.lastIndexOf("/")));
      } else if (!segment.equals("/.")) {
        out.append(segment);
        isLast = false;
      }
      if (isLast) {
        out.append('/');
      }
      from = to;
    }
    return out.append(target, end, target.length()).toString();
  }
}
