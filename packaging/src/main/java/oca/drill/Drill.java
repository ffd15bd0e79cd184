package oca.drill;

import java.util.Optional;
import oca.model.SiteId;

/**
 * A fault and what it must not do to viewers.
 *
 * @param name what it is called by
 * @param hypothesis what is held to be true while the fault lasts
 * @param scope what it is done to
 * @param limits what viewers may lose by it
 * @param tool a program without which it cannot be done; none for most
 * @param fault what is done, and undone
 */
public record Drill(
    String name,
    String hypothesis,
    String scope,
    Limits limits,
    Optional<String> tool,
    Fault fault) {

  /**
   * What viewers may lose, beyond what they lose without the fault. Never a wrong byte.
   *
   * @param failed sessions that end without what they asked for, as a share of all
   * @param late how much longer all sessions together may stand still, in seconds of each
   * @param origin by how much the origin's share of bytes may grow
   */
  public record Limits(double failed, double late, double origin) {
    /** Nobody fails, nobody waits longer than a player's buffer, the origin sees nothing of it. */
    static final Limits UNSEEN = new Limits(0, 0.1, 0.1);

    /** Nobody fails; a player moves to another appliance, which may be farther away. */
    static final Limits MOVED = new Limits(0, 0.5, 0.5);

    /** Nobody fails; all may come from the origin. */
    static final Limits FARTHER = new Limits(0, 1, 1);
  }

  /** Something wrong with a fleet. */
  public interface Fault {
    /**
     * The site of which nothing is left while it lasts, so that what {@code oca whatif} foretells
     * of its loss can be held against what comes; none of most.
     */
    default Optional<SiteId> loses(Stage stage) {
      return Optional.empty();
    }

    /**
     * Brings about what the fault is done to, before the first viewers: a database, a router. They
     * see it undisturbed. Undone by {@link #revert}, too.
     */
    default void prepare(Stage stage) throws java.io.IOException, InterruptedException {}

    /**
     * Does it.
     *
     * @throws java.io.IOException when it could not be done; the drill shows nothing then
     */
    void inject(Stage stage) throws java.io.IOException, InterruptedException;

    /** Undoes it, as far as it was done. The fleet is whole again some time later. */
    void revert(Stage stage) throws java.io.IOException, InterruptedException;
  }
}
