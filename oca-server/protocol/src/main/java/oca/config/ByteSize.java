package oca.config;

import java.math.BigDecimal;
import java.math.RoundingMode;
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
      Pattern.compile("(\\d{1,19}(?:\\.\\d{1,6})?)\\s*(B|[KMGT]B|[KMGT]iB)");

  private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

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
    BigDecimal bytes =
        new BigDecimal(matcher.group(1))
            .multiply(unit(matcher.group(2)))
            .setScale(0, RoundingMode.HALF_UP);
    if (bytes.compareTo(MOST) > 0) {
      throw new IllegalArgumentException("a size beyond 8EiB: " + text);
    }
    return new ByteSize(bytes.longValueExact());
  }

  private static BigDecimal unit(String unit) {
    BigDecimal step = BigDecimal.valueOf(unit.endsWith("iB") ? 1024 : 1000);
    return step.pow("BKMGT".indexOf(unit.charAt(0)));
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
