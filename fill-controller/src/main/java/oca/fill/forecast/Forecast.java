package oca.fill.forecast;

import java.util.Map;
import oca.model.ContentId;
import oca.model.SiteId;

/** Bytes expected to be asked for during the next day, per file and region. Immutable. */
public final class Forecast {
  /**
   * What is expected of a file that a region has never asked for, in bytes a day. One byte is below
   * anything that was ever asked for, and by dividing it by the size the smaller of two unasked
   * titles comes out ahead, of which more fit.
   */
  public static final double PRIOR_BYTES = 1.0;

  record Key(ContentId file, SiteId region) {}

  private final Map<Key, Double> bytes;

  Forecast(Map<Key, Double> bytes) {
    this.bytes = Map.copyOf(bytes);
  }

  /** Bytes expected during the next day, {@link #PRIOR_BYTES} or more. */
  public double expectedBytes(ContentId file, SiteId region) {
    return Math.max(PRIOR_BYTES, bytes.getOrDefault(new Key(file, region), 0.0));
  }

  /** Pairs of file and region that have been asked for. */
  public int size() {
    return bytes.size();
  }
}
