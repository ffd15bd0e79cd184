package oca.fill.state;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import oca.fill.plan.PlanKey;

/**
 * Where tests get their databases: by a file's name, in that file or, within {@link OnPostgres}, in
 * a schema that stands for it. The same test runs on both.
 */
public final class Stores {
  static final String JDBC_URL = "oca.test.state.jdbcUrl";
  private static final Pattern DATABASE = Pattern.compile("(?m)^database: (\\S+)$");

  private Stores() {}

  /** As {@link StateStore#open(Path)}. */
  public static StateStore open(Path database) throws IOException {
    Optional<String> url = url();
    return url.isEmpty() ? StateStore.open(database) : StateStore.open(place(url.get(), database));
  }

  /** The configuration of a controller, whose database becomes a schema where that is due. */
  public static String yaml(String given) {
    Optional<String> url = url();
    Matcher database = DATABASE.matcher(given);
    if (url.isEmpty() || !database.find()) {
      return given;
    }
    Path file = Path.of(database.group(1));
    Path key = file.resolveSibling("key");
    try {
      Files.createDirectories(key.toAbsolutePath().resolveSibling(""));
      var _ = PlanKey.openOrMake(key);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String plans = "plans: {key: " + key;
    return (given.contains("plans: {")
            ? given.replace("plans: {", plans + ", ")
            : given + plans + "}\n")
        + "state: {jdbcUrl: \"%s\", schema: %s, standby: 5s}\n"
            .formatted(url.get(), place(url.get(), file).schema());
  }

  /** What a child process has to be started with to get the same databases. */
  public static List<String> options() {
    return url().map(url -> List.of("-D" + JDBC_URL + "=" + url)).orElse(List.of());
  }

  static PostgresPlace place(String url, Path database) {
    String schema =
        database
            .toAbsolutePath()
            .toString()
            .replaceAll("[^A-Za-z0-9]", "_")
            .toLowerCase(Locale.ROOT);
    return new PostgresPlace(
        url,
        Optional.empty(),
        Optional.empty(),
        "t" + schema.substring(Math.max(0, schema.length() - 60)),
        Duration.ofSeconds(5));
  }

  private static Optional<String> url() {
    return Optional.ofNullable(System.getProperty(JDBC_URL));
  }
}
