package oca.model;

/**
 * The one rule for names that appear in host names, file names and metric labels. By hand and not
 * by a pattern: records name appliances and sites by the million.
 */
final class DnsLabel {
  private static final int MOST = 63;

  private DnsLabel() {}

  static void require(String what, String value) {
    if (!isOne(value)) {
      throw new IllegalArgumentException(
          "not a " + what + " (1 to 63 of a-z, 0-9 and inner hyphens): " + value);
    }
  }

  private static boolean isOne(String value) {
    int last = value.length() - 1;
    if (last < 0 || last >= MOST) {
      return false;
    }
    for (int i = 0; i <= last; i++) {
      char c = value.charAt(i);
      boolean inner = c == '-' && i > 0 && i < last;
      if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && !inner) {
        return false;
      }
    }
    return true;
  }
}
