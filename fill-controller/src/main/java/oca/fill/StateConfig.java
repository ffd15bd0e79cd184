package oca.fill;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import oca.config.Default;
import oca.fill.state.PostgresPlace;

/**
 * Where plans, demand, manifests and the ledger are, if not in {@code database}.
 *
 * @param jdbcUrl a PostgreSQL database, such as {@code jdbc:postgresql://db.example/fill}; another
 *     controller with the same schema and the same {@code plans.key} goes on when this one is gone
 * @param user of that database
 * @param passwordFile its first line is the password; read at each connect
 * @param schema of that database; one controller writes it at a time, so controllers that plan side
 *     by side need one each. Made when it is not there
 * @param standby how long a start waits while another controller writes that schema; with 0s it is
 *     refused at once. Below the service manager's patience
 */
public record StateConfig(
    Optional<String> jdbcUrl,
    Optional<String> user,
    Optional<Path> passwordFile,
    @Default("fill") String schema,
    @Default("4min") Duration standby) {
  private static final String POSTGRESQL = "jdbc:postgresql:";

  public StateConfig {
    require(
        jdbcUrl.isEmpty() || jdbcUrl.get().startsWith(POSTGRESQL),
        "state.jdbcUrl must begin with " + POSTGRESQL);
    require(
        jdbcUrl.isPresent() || (user.isEmpty() && passwordFile.isEmpty()),
        "state.user and passwordFile are for a jdbcUrl");
    require(
        schema.matches(PostgresPlace.NAME),
        "state.schema must be lower-case letters, digits and underscores, at most 63, not "
            + schema);
    require(!standby.isNegative(), "state.standby must be 0 or more");
  }

  /** The schema; empty when it is all in a file. */
  Optional<PostgresPlace> place() {
    return jdbcUrl.map(url -> new PostgresPlace(url, user, passwordFile, schema, standby));
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
