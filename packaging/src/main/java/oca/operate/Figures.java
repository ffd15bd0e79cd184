package oca.operate;

import java.util.Locale;

/** Numbers as people read them: three digits that count, decimal units as on disks and lines. */
public final class Figures {
  private static final String[] UNITS = {"", "k", "M", "G", "T", "P", "E"};

  private Figures() {}

  /** Such as {@code 1.23 TB}. */
  public static String bytes(double bytes) {
    return scaled(bytes) + "B";
  }

  /** The same. */
  public static String bytes(long bytes) {
    return bytes((double) bytes);
  }

  /** Such as {@code 9.41 Gb/s}. */
  public static String bits(double bytesPerSecond) {
    return scaled(bytesPerSecond * 8) + "b/s";
  }

  /** Such as {@code 12,345}. */
  public static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** Such as {@code 123}, {@code 12.3} or {@code 0.12}. */
  public static String rate(double each) {
    return String.format(Locale.ROOT, each >= 100 ? "%,.0f" : each >= 10 ? "%.1f" : "%.2f", each);
  }

  /** Such as {@code 98.7 %}; a dash where there is nothing to be a share of. */
  public static String share(double part, double whole) {
    return whole <= 0 ? "-" : String.format(Locale.ROOT, "%.1f %%", 100 * part / whole);
  }

  /** The same. */
  public static String share(long part, long whole) {
    return share((double) part, (double) whole);
  }

  /** Such as {@code 3d 4h}, {@code 5m 20s}, {@code 12s}. */
  public static String time(long seconds) {
    if (seconds >= 86_400) {
      return seconds / 86_400 + "d " + seconds % 86_400 / 3600 + "h";
    }
    if (seconds >= 3600) {
      return seconds / 3600 + "h " + seconds % 3600 / 60 + "m";
    }
    return seconds >= 60 ? seconds / 60 + "m " + seconds % 60 + "s" : seconds + "s";
  }

  /** Such as {@code 250 us}, {@code 2.5 ms}, {@code 5 s}. */
  public static String micros(long micros) {
    if (micros < 1000) {
      return micros + " us";
    }
    return micros < 1_000_000 ? trimmed(micros / 1e3) + " ms" : trimmed(micros / 1e6) + " s";
  }

  private static String trimmed(double value) {
    return value >= 100 || value == Math.rint(value)
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.format(Locale.ROOT, "%.1f", value);
  }

  private static String scaled(double value) {
    double left = value;
    int unit = 0;
    while (left >= 999.5 && unit < UNITS.length - 1) {
      left /= 1000;
      unit++;
    }
    if (unit == 0) {
      return String.format(Locale.ROOT, "%.0f ", left);
    }
    String form = left >= 99.95 ? "%.0f %s" : left >= 9.995 ? "%.1f %s" : "%.2f %s";
    return String.format(Locale.ROOT, form, left, UNITS[unit]);
  }
}
