package oca.fill.forecast;

import java.util.Map;
import oca.model.ContentId;
import oca.model.SiteId;

/** Bytes expected to be asked for a day during the coming days, per file and region. Immutable. */
public final class Forecast {
  /**
   * What is expected at least of a file, in bytes a day. One byte is below anything that was ever
   * asked for, and by dividing it by the size the smaller of two unasked titles comes out ahead, of
   * which more fit.
   */
  public static final double PRIOR_BYTES = 1.0;

  private final Map<ContentId, Integer> numbers;
  private final Map<SiteId, float[]> bytes;

  Forecast(Map<ContentId, Integer> numbers, Map<SiteId, float[]> bytes) {
    this.numbers = numbers;
    this.bytes = bytes;
  }

  /** Bytes expected a day, {@link #PRIOR_BYTES} or more. */
  public double expectedBytes(ContentId file, SiteId region) {
    Integer number = numbers.get(file);
    float[] ofRegion = bytes.get(region);
    return number == null || ofRegion == null
        ? PRIOR_BYTES
        : Math.max(PRIOR_BYTES, ofRegion[number]);
  }

  /** Pairs of file and region of which more is expected than of any file. */
  public int size() {
    int size = 0;
    for (float[] ofRegion : bytes.values()) {
      for (float expected : ofRegion) {
        size += expected > PRIOR_BYTES ? 1 : 0;
      }
    }
    return size;
  }
}
