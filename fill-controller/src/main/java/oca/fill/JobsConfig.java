package oca.fill;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import oca.config.Default;
import oca.fill.jobs.EngineSettings;
import oca.fill.jobs.store.ConnectionSource;
import oca.protocol.http.ControlCredentials;

/**
 * The book of fill jobs, and how they are handed out.
 *
 * @param jdbcUrl a PostgreSQL database, such as {@code jdbc:postgresql://db.example/fill}, which
 *     several controllers may share; without it an H2 file beside {@code database}
 * @param user of that database
 * @param passwordFile its first line is the password; read at each connect
 * @param address where appliances and operators reach this controller, told to those who ask
 *     another one; {@code listen} when absent
 * @param credentials shown to the other controllers, where those ask for some; their {@code
 *     authorities} are who is believed about them
 * @param tries how often a file is tried before it is given up until the next plan
 * @param pendingJobs the most jobs in memory, about 200 bytes each; others wait in the database
 * @param polls asks that may wait for work at once; beyond, they are answered empty
 * @param longestPoll how long an ask waits for work
 * @param inventories how often at most an appliance's inventory is compared with its jobs
 */
public record JobsConfig(
    Optional<String> jdbcUrl,
    Optional<String> user,
    Optional<Path> passwordFile,
    Optional<String> address,
    @Default("{}") ControlCredentials credentials,
    @Default("5") int tries,
    @Default("2000000") int pendingJobs,
    @Default("128") int polls,
    @Default("25s") Duration longestPoll,
    @Default("10s") Duration inventories) {
  private static final String POSTGRESQL = "jdbc:postgresql:";

  public JobsConfig {
    require(
        jdbcUrl.isEmpty() || jdbcUrl.get().startsWith(POSTGRESQL),
        "jobs.jdbcUrl must begin with " + POSTGRESQL);
    require(
        jdbcUrl.isPresent() || (user.isEmpty() && passwordFile.isEmpty()),
        "jobs.user and passwordFile are for a jdbcUrl");
    require(tries >= 1 && tries <= 100, "jobs.tries must be 1 to 100");
    require(pendingJobs >= 1, "jobs.pendingJobs must be 1 or more");
    require(polls >= 1, "jobs.polls must be 1 or more");
    require(longestPoll.toMillis() > 0, "jobs.longestPoll must be 1ms or more");
    require(!inventories.isNegative(), "jobs.inventories must be 0 or more");
  }

  /** Where the book is, beside {@code database} unless told otherwise. */
  ConnectionSource source(Path database) {
    return jdbcUrl
        .map(url -> ConnectionSource.postgres(url, user, passwordFile))
        .orElseGet(
            () -> ConnectionSource.h2(database.resolveSibling(database.getFileName() + "-jobs")));
  }

  EngineSettings settings() {
    EngineSettings by = EngineSettings.DEFAULT;
    return new EngineSettings(
        by.lease(),
        by.busyBeat(),
        by.idleBeat(),
        by.look(),
        by.check(),
        by.checkpoint(),
        tries,
        by.firstWait(),
        by.longestWait(),
        by.breakAfter(),
        by.breakFor(),
        by.lostAfter(),
        pendingJobs);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
