package oca.model;

import java.util.regex.Pattern;

/** The one rule for names that appear in host names, file names and metric labels. */
final class DnsLabel {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  private DnsLabel() {}

  static void require(String what, String value) {
    if (!LABEL.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "not a " + what + " (1 to 63 of a-z, 0-9 and inner hyphens): " + value);
    }
  }
}
