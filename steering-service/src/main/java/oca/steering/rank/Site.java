package oca.steering.rank;

import oca.model.Position;
import oca.model.SiteId;

/**
 * A place where appliances stand.
 *
 * @param id its name, as appliances and networks give it
 * @param latitude degrees north of the equator, -90 to 90
 * @param longitude degrees east of Greenwich, -180 to 180
 */
public record Site(SiteId id, double latitude, double longitude) {
  public Site {
    if (!(Math.abs(latitude) <= 90)) {
      throw new IllegalArgumentException(
          "the latitude of site " + id + " is not -90 to 90: " + latitude);
    }
    if (!(Math.abs(longitude) <= 180)) {
      throw new IllegalArgumentException(
          "the longitude of site " + id + " is not -180 to 180: " + longitude);
    }
  }

  /** Where it is. */
  public Position position() {
    return new Position(latitude, longitude);
  }

  /** The great-circle distance. */
  public double kilometresTo(Site other) {
    return position().kilometresTo(other.position());
  }
}
