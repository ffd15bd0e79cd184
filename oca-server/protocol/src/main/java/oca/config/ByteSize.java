package oca.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes, written with a unit: {@code 512KiB}, {@code 1.5TB}, {@code 4096B}. KB, MB, GB,
 * TB count in thousands, KiB, MiB, GiB, TiB in 1024s.
 *
 * @param bytes 0 or more
 */
public record ByteSize(long bytes) {
  static final Pattern FORM =
      Pattern.compile("(\\d{1,15}(?:\\.\\d{1,6})?)\\s*(B|[KMGT]B|[KMGT]iB)");

  public ByteSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("a size below zero: " + bytes);
    }
  }

  /**
   * Reads the written form.
   *
   * @throws IllegalArgumentException when it is none, has no unit, or is beyond 8 EiB
   */
  public static ByteSize parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a size such as 512KiB or 1.5TB: " + text);
    }
    double bytes = Double.parseDouble(matcher.group(1)) * unit(matcher.group(2));
    if (bytes >= 0x1p63) {
      throw new IllegalArgumentException("a size beyond 8EiB: " + text);
    }
    return new ByteSize(Math.round(bytes));
  }

  private static double unit(String unit) {
    double step = unit.endsWith("iB") ? 1024 : 1000;
    return Math.pow(step, "BKMGT".indexOf(unit.charAt(0)));
  }

  /** The shortest exact form, in binary units where they fit. */
  @Override
  public String toString() {
    String[] units = {"TiB", "GiB", "MiB", "KiB"};
    for (int i = 0; i < units.length; i++) {
      long unit = 1L << (40 - 10 * i);
      if (bytes >= unit && bytes % unit == 0) {
        return String.format(Locale.ROOT, "%d%s", bytes / unit, units[i]);
      }
    }
    return bytes + "B";
  }
}
