package oca.server.range;

/** Entity tags in conditional header fields (RFC 9110, section 8.8.3). */
final class EntityTags {
  private EntityTags() {}

  /**
   * Whether a list of tags, or {@code *}, names {@code tag}. A list is read as far as it is well
   * formed.
   *
   * @param weakly whether a weak tag may match too (section 8.8.3.2)
   * @param tag as its origin spelled it; one that is no tag matches nothing but itself
   */
  static boolean match(String list, String tag, boolean weakly) {
    String alone = list.strip();
    if (alone.equals("*")) {
      return true;
    }
    if (tag.startsWith("W/")) {
      return weakly && match(list, tag.substring(2), true);
    }
    if (!tag.startsWith("\"")) {
      return alone.equals(tag);
    }
    int at = 0;
    while (at < list.length()) {
      char c = list.charAt(at);
      if (c == ' ' || c == '\t' || c == ',') {
        at++;
        continue;
      }
      boolean weak = list.startsWith("W/\"", at);
      int open = weak ? at + 2 : at;
      int close = list.indexOf('"', open + 1);
      if (list.charAt(open) != '"' || close < 0) {
        return false;
      }
      if ((weakly || !weak) && same(list, open, close + 1, tag)) {
        return true;
      }
      at = close + 1;
    }
    return false;
  }

  private static boolean same(String list, int from, int to, String tag) {
    return to - from == tag.length() && list.startsWith(tag, from);
  }
}
