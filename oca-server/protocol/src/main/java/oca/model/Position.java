package oca.model;

/**
 * A point on the earth's surface.
 *
 * @param latitude degrees north of the equator, -90 to 90
 * @param longitude degrees east of Greenwich, -180 to 180
 */
public record Position(double latitude, double longitude) {
  /** Mean radius of the earth in kilometres (IUGG). */
  private static final double EARTH_RADIUS_KM = 6371.0088;

  public Position {
    if (!(Math.abs(latitude) <= 90)) {
      throw new IllegalArgumentException("the latitude is not -90 to 90: " + latitude);
    }
    if (!(Math.abs(longitude) <= 180)) {
      throw new IllegalArgumentException("the longitude is not -180 to 180: " + longitude);
    }
  }

  /** Whether there is such a point. */
  public static boolean isOnEarth(double latitude, double longitude) {
    return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
  }

  /** The great-circle distance by the haversine formula, good to about half a percent. */
  public double kilometresTo(Position other) {
    double phi = Math.toRadians(latitude);
    double otherPhi = Math.toRadians(other.latitude);
    double sinPhi = Math.sin((otherPhi - phi) / 2);
    double sinLambda = Math.sin(Math.toRadians(other.longitude - longitude) / 2);
    double a = sinPhi * sinPhi + Math.cos(phi) * Math.cos(otherPhi) * sinLambda * sinLambda;
    return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(a)));
  }
}
