package oca.server.pull;

import java.util.concurrent.Executor;
import java.util.function.Consumer;
import oca.server.caching.FieldSection;
import org.jspecify.annotations.Nullable;

/** Where answers come from that may have to be fetched first. Safe on any thread. */
public interface PullSource {
  /** Serves nothing. */
  PullSource NONE =
      new PullSource() {
        @Override
        public boolean serves(String path) {
          return false;
        }

        @Override
        public PulledAnswer ask(PullRequest request, Executor loop, Later later) {
          throw new IllegalStateException("nothing is served here");
        }
      };

  /** Told of an answer that was not there at once. */
  @FunctionalInterface
  interface Later extends Consumer<PulledAnswer> {
    /** An interim answer (RFC 9110, section 15.2), which upstream gave before the answer. */
    default void interim(int status, FieldSection fields) {}
  }

  /**
   * Whether a path belongs to one of the services.
   *
   * @param path without its leading slash, as it was sent
   */
  boolean serves(String path);

  /**
   * Answers a request whose path is {@linkplain #serves served}. Does not block. Whoever gets an
   * answer closes its body.
   *
   * @param loop on which {@code later} is told
   * @param later told exactly once, within the limits on time that are configured, when the answer
   *     is not there yet
   * @return the answer, or null when it comes later
   */
  @Nullable PulledAnswer ask(PullRequest request, Executor loop, Later later);
}
