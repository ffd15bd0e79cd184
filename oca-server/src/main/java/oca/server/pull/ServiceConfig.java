package oca.server.pull;

import java.net.URI;
import java.time.Duration;
import oca.config.ByteSize;
import oca.config.Default;
import oca.server.live.LiveConfig;
import oca.server.upstream.UpstreamsConfig;

/**
 * A service whose content is fetched when it is wanted.
 *
 * @param name in metrics, and keeps its content apart from other services'
 * @param prefix of its paths, without a leading slash; of several that fit the longest counts, and
 *     an empty one fits all
 * @param upstreams whom to ask
 * @param caching what is kept, beyond what the RFCs say
 * @param live events whose segments are held open until they are there
 * @param liveRetry how often an upstream is asked again for a segment that is due and that it does
 *     not have yet
 * @param manifestStale for how long an event's manifest may be used stale while it is looked for
 *     anew, unless it forbids it (RFC 5861, section 3)
 * @param maxWaiting requests that wait for one answer; more are told to come later
 * @param maxVariants responses that are kept for one target (RFC 9111, section 4.1)
 * @param maxBare responses without a body that are kept; beyond, those go first that were kept
 *     first
 * @param passFor after an answer that is not kept, how long requests for its target go upstream
 *     without waiting for each other
 * @param maxQueued bytes of one body that wait for the disk before its upstream is read no more
 * @param slices whether a range of what is not kept brings the slices around it alone; if not, and
 *     from upstreams that know no ranges, it brings the whole
 * @param maxResumes times that a body which broke off is asked for again, from where it did
 */
public record ServiceConfig(
    String name,
    String prefix,
    UpstreamsConfig upstreams,
    @Default("{}") CachingConfig caching,
    @Default("{}") LiveConfig live,
    @Default("100ms") Duration liveRetry,
    @Default("1s") Duration manifestStale,
    @Default("100000") int maxWaiting,
    @Default("16") int maxVariants,
    @Default("10000") int maxBare,
    @Default("1s") Duration passFor,
    @Default("4MiB") ByteSize maxQueued,
    @Default("true") boolean slices,
    @Default("2") int maxResumes) {

  public ServiceConfig {
    if (!name.matches("[a-z0-9][a-z0-9-]{0,62}")) {
      throw new IllegalArgumentException(
          "name must be 1 to 63 lower-case letters, digits and hyphens, not: " + name);
    }
    if (prefix.startsWith("/")) {
      throw new IllegalArgumentException("prefix must not begin with a slash: " + prefix);
    }
    within("liveRetry in ms", liveRetry.toMillis(), 10, 60_000);
    within("manifestStale in ms", manifestStale.toMillis(), 0, 60_000);
    within("maxWaiting", maxWaiting, 0, 10_000_000);
    within("maxVariants", maxVariants, 1, 1000);
    within("maxBare", maxBare, 0, 10_000_000);
    within("passFor in ms", passFor.toMillis(), 0, 3_600_000);
    within("maxQueued", maxQueued.bytes(), 64 << 10, 1 << 30);
    within("maxResumes", maxResumes, 0, 100);
  }

  private static void within(String what, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          what + " must be " + least + " to " + most + ", not " + value);
    }
  }

  FlightLimits limits() {
    return new FlightLimits(maxQueued.bytes(), maxResumes);
  }

  /** Of the URIs that its targets have at the origin. */
  String scheme() {
    return origin().getScheme();
  }

  /** Of the URIs that its targets have at the origin. */
  String authority() {
    return origin().getRawAuthority();
  }

  private URI origin() {
    return (upstreams.origins().isEmpty() ? upstreams.peers() : upstreams.origins())
        .getFirst()
        .url();
  }
}
