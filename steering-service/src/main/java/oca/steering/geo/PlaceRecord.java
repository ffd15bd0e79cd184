package oca.steering.geo;

import com.maxmind.db.MaxMindDbConstructor;
import com.maxmind.db.MaxMindDbParameter;
import oca.model.Position;
import org.jspecify.annotations.Nullable;

/**
 * What is read of a network's record; all else in it is passed over. Public because the library
 * that reads the format makes it by reflection.
 *
 * @param location null where the database does not say
 */
public record PlaceRecord(@Nullable Location location) {
  /** A record's location. */
  @MaxMindDbConstructor
  public PlaceRecord(@MaxMindDbParameter(name = "location") @Nullable Location location) {
    this.location = location;
  }

  /**
   * A point and how well it is known.
   *
   * @param radius in kilometres, in which the client is with some likelihood; null when not said
   */
  public record Location(
      @Nullable Double latitude, @Nullable Double longitude, @Nullable Integer radius) {
    /** As it stands in the file. */
    @MaxMindDbConstructor
    public Location(
        @MaxMindDbParameter(name = "latitude") @Nullable Double latitude,
        @MaxMindDbParameter(name = "longitude") @Nullable Double longitude,
        @MaxMindDbParameter(name = "accuracy_radius") @Nullable Integer radius) {
      this.latitude = latitude;
      this.longitude = longitude;
      this.radius = radius;
    }

    /** The point; null when there is none on earth, or it is known less well than that. */
    @Nullable Position within(int kilometres) {
      if (latitude == null || longitude == null || (radius != null && radius > kilometres)) {
        return null;
      }
      return Position.isOnEarth(latitude, longitude) ? new Position(latitude, longitude) : null;
    }
  }
}
