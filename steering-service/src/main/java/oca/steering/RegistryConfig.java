package oca.steering;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import oca.config.Default;
import oca.steering.registry.Book;
import oca.steering.registry.ConnectionSource;
import oca.steering.registry.Registry;

/**
 * Where operators' decisions are kept. With neither {@code file} nor {@code jdbcUrl}: in memory,
 * and in {@code fleet.file} where there is one.
 *
 * @param file an H2 database of this service alone, to whose name {@code .mv.db} is added
 * @param jdbcUrl a PostgreSQL database, such as {@code jdbc:postgresql://db.example/steering};
 *     services that share one see each other's orders within {@code refresh}
 * @param user of that database
 * @param passwordFile its first line is the password; read at each connect
 * @param required whether heartbeats of appliances that are not registered are refused; then only
 *     operators may register them
 * @param queue changes that may wait for the database; beyond, orders get 503
 * @param changes of the log kept in memory; the database keeps all
 * @param patience how long an order's answer waits for the disk before it is 202: in force, but not
 *     stored yet
 * @param refresh between two looks whether another service wrote
 * @param retryAtMost the longest pause between two tries to connect
 * @param startWait for the database at the start, before the last known orders have to do
 */
public record RegistryConfig(
    Optional<Path> file,
    Optional<String> jdbcUrl,
    Optional<String> user,
    Optional<Path> passwordFile,
    @Default("false") boolean required,
    @Default("1000") int queue,
    @Default("1000") int changes,
    @Default("2s") Duration patience,
    @Default("5s") Duration refresh,
    @Default("5s") Duration retryAtMost,
    @Default("5s") Duration startWait) {
  private static final String POSTGRESQL = "jdbc:postgresql:";

  public RegistryConfig {
    require(file.isEmpty() || jdbcUrl.isEmpty(), "registry has a file or a jdbcUrl, not both");
    require(
        jdbcUrl.isEmpty() || jdbcUrl.get().startsWith(POSTGRESQL),
        "registry.jdbcUrl must begin with " + POSTGRESQL);
    require(
        jdbcUrl.isPresent() || (user.isEmpty() && passwordFile.isEmpty()),
        "registry.user and passwordFile are for a jdbcUrl");
    require(
        file.map(Path::toString).orElse("").indexOf(';') < 0,
        "registry.file must have no semicolon in its name");
    require(queue > 0, "registry.queue must be above 0");
    require(changes > 0, "registry.changes must be above 0");
    require(!patience.isNegative(), "registry.patience must be 0 or more");
    require(refresh.toMillis() > 0, "registry.refresh must be 1ms or more");
    require(retryAtMost.toMillis() > 0, "registry.retryAtMost must be 1ms or more");
    require(!startWait.isNegative(), "registry.startWait must be 0 or more");
  }

  Optional<ConnectionSource> source() {
    return file.map(ConnectionSource::h2)
        .or(() -> jdbcUrl.map(url -> ConnectionSource.postgres(url, user, passwordFile)));
  }

  Registry.Settings settings(int appliances) {
    return new Registry.Settings(new Book.Limits(appliances, changes), queue, refresh, retryAtMost);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
