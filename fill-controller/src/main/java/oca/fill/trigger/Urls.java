package oca.fill.trigger;

import java.util.Locale;

/** URLs as owners write them, compared without their schemes (RFC 8007, section 4.8). */
final class Urls {
  private Urls() {}

  static String withoutScheme(String url) {
    int end = url.indexOf("://");
    return end < 0 ? url : url.substring(end + 3);
  }

  static String withoutQuery(String url) {
    int query = url.indexOf('?');
    return query < 0 ? url : url.substring(0, query);
  }

  /** Host in lower case, then the path; without scheme and fragment. */
  static String comparable(String url) {
    String rest = withoutScheme(url);
    int fragment = rest.indexOf('#');
    rest = fragment < 0 ? rest : rest.substring(0, fragment);
    int path = rest.indexOf('/');
    return path < 0
        ? rest.toLowerCase(Locale.ROOT) + "/"
        : rest.substring(0, path).toLowerCase(Locale.ROOT) + rest.substring(path);
  }

  /** What follows the host: path and query. */
  static String target(String comparable) {
    return comparable.substring(comparable.indexOf('/'));
  }
}
