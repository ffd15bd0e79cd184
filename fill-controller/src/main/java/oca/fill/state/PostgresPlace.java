package oca.fill.state;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A schema of a PostgreSQL database, written by one process at a time.
 *
 * @param jdbcUrl such as {@code jdbc:postgresql://db.example/fill}
 * @param user of the database
 * @param passwordFile whose first line is the password; read at each connect
 * @param schema of lower-case letters, digits and underscores; made when it is not there
 * @param standby how long to wait at the start for another process to let go of it
 */
public record PostgresPlace(
    String jdbcUrl,
    Optional<String> user,
    Optional<Path> passwordFile,
    String schema,
    Duration standby) {
  /** What a schema may be called, so that it needs no quotes anywhere. */
  public static final String NAME = "[a-z_][a-z0-9_]{0,62}";

  public PostgresPlace {
    if (!schema.matches(NAME)) {
      throw new IllegalArgumentException("not the name of a schema: " + schema);
    }
  }

  /** For people, without what is said of how to connect to it. */
  @Override
  public String toString() {
    return jdbcUrl.replaceFirst("[?;].*", "") + " (schema " + schema + ")";
  }
}
