package oca.steering.geo;

import java.nio.file.Path;
import java.time.Duration;
import oca.config.ByteSize;
import oca.config.Default;

/**
 * The database of places.
 *
 * @param database a file in MaxMind's format 2 with a {@code location} for its networks, such as
 *     GeoLite2 City or DB-IP City; none is bundled
 * @param accuracy in kilometres: a place that is known less well is taken for unknown
 * @param reach in kilometres: how far a client in no known network may be from the nearest site and
 *     still be sent there
 * @param reload between two looks whether the file was replaced
 * @param fileLimit a larger file is not read; it is kept in memory
 * @param cachedPlaces how many decoded parts of it are kept besides
 */
public record GeoConfig(
    Path database,
    @Default("500") int accuracy,
    @Default("1000") int reach,
    @Default("1min") Duration reload,
    @Default("512MiB") ByteSize fileLimit,
    @Default("4096") int cachedPlaces) {
  public GeoConfig {
    require(accuracy > 0 && accuracy <= 20_000, "accuracy must be 1 to 20000 km, not " + accuracy);
    require(reach >= 0 && reach <= 21_000, "reach must be 0 to 21000 km, not " + reach);
    require(
        reload.toMillis() >= 10 && reload.toDays() <= 365,
        "reload must be 10ms to 365d, not " + reload);
    require(
        fileLimit.bytes() > 0 && fileLimit.bytes() < Integer.MAX_VALUE,
        "fileLimit must be above 0B and below 2GiB");
    require(
        cachedPlaces > 0 && cachedPlaces <= 10_000_000,
        "cachedPlaces must be 1 to 10000000, not " + cachedPlaces);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
