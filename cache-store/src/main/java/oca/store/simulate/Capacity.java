package oca.store.simulate;

/**
 * How large the simulated cache is.
 *
 * @param label as it was asked for
 * @param share of the bytes of all objects together, 0 to 1; 0 when bytes were asked for
 * @param bytes when they were asked for, otherwise 0
 */
public record Capacity(String label, double share, long bytes) {

  /** A part of all objects' bytes. */
  public static Capacity percent(double percent) {
    if (!(percent > 0 && percent <= 100)) {
      throw new IllegalArgumentException(
          "a capacity in percent must be more than 0 and at most 100, not " + percent);
    }
    String number =
        percent == Math.rint(percent) ? Long.toString((long) percent) : Double.toString(percent);
    return new Capacity(number + "%", percent / 100, 0);
  }

  /** So many bytes. */
  public static Capacity bytes(String label, long bytes) {
    if (bytes <= 0) {
      throw new IllegalArgumentException("a capacity must be more than 0, not " + label);
    }
    return new Capacity(label, 0, bytes);
  }

  /** In bytes, for a trace whose objects have so many. */
  long of(long footprint) {
    return bytes > 0 ? bytes : Math.max(1, (long) (footprint * share));
  }
}
