package oca.server.fill;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import oca.config.Default;

/**
 * Whether files are begun when a controller grants them, or by the manifest alone. The manifest
 * says in any case what is wanted, from where, in which window and how fast.
 *
 * @param use see {@link Use}
 * @param patience how long no controller may have answered before an appliance that prefers grants
 *     goes on without them
 * @param poll how long an ask stays open when there is nothing to be told; a controller that stands
 *     still is noticed so late
 * @param ahead grants in hand beyond those that the workers are busy with, so that none waits for
 *     the next
 * @param most grants in hand at once, those included that wait for peers
 * @param progress how often it is told how far files are; their ends are told at once
 * @param controllers others that are asked in turn when the first does not answer; for several that
 *     share one database
 */
public record GrantConfig(
    @Default("preferred") Use use,
    @Default("30s") Duration patience,
    @Default("4s") Duration poll,
    @Default("8") int ahead,
    @Default("1000") int most,
    @Default("5s") Duration progress,
    List<URI> controllers) {
  /** What grants are to filling. */
  public enum Use {
    /** Nothing is begun without one, however long no controller answers; repairs are. */
    REQUIRED,
    /** The same while a controller answers; after {@code patience} the manifest is enough. */
    PREFERRED,
    /** No controller is asked: the manifest is enough. */
    OFF
  }

  /** Fills by the manifest. */
  public static final GrantConfig BY_MANIFEST =
      new GrantConfig(
          Use.OFF,
          Duration.ofSeconds(30),
          Duration.ofSeconds(4),
          8,
          1000,
          Duration.ofSeconds(5),
          List.of());

  public GrantConfig {
    controllers = List.copyOf(controllers);
    require(patience.isPositive(), "patience must be above zero");
    require(
        poll.toMillis() >= 100 && poll.compareTo(Duration.ofMinutes(5)) <= 0,
        "poll must be 100ms to 5min");
    require(ahead >= 1 && ahead <= 1000, "ahead must be 1 to 1000");
    require(most > ahead + 64 && most <= 100_000, "most must be above ahead + 64, to 100000");
    require(progress.toMillis() >= 10, "progress must be 10ms or more");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException("grants: " + otherwise);
    }
  }
}
