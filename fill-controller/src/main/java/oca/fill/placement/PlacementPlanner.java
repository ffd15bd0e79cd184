package oca.fill.placement;

/**
 * Decides which appliance holds which unit.
 *
 * <p>The unit is a title as a rule: a player moves between a title's files in the middle of a film,
 * and a steering pathway covers them all, so half a title on an appliance serves nobody. Each site
 * is planned for itself, see {@link SiteRound}.
 */
public final class PlacementPlanner {
  private PlacementPlanner() {}

  /**
   * What the operator sets.
   *
   * @param minCopies copies at a site of any unit that somebody there is expected to ask for; 1 or
   *     more
   * @param maxCopiesPerSite never more, but where more are pinned; not below {@code minCopies}, at
   *     most 10,000
   * @param spread how eagerly copies grow: a unit with a share {@code s} of a site's plays, or of
   *     its bytes if that is more, is wanted on {@code ceil(s * appliances * spread)} of its
   *     appliances
   * @param reserve share of each capacity that stays free, 0 to below 1
   * @param hysteresis by how much a challenger must exceed what is placed already; 1 or more, 1 for
   *     none
   * @param headShare the popularity cutoff: the most popular units that together serve this share
   *     of what the disks can serve go by throughput, all others by storage; 0 to 1
   * @param balance by how much an appliance may exceed its part of the head's load, 1 or more;
   *     nothing is moved for load within it
   */
  public record Rules(
      int minCopies,
      int maxCopiesPerSite,
      double spread,
      double reserve,
      double hysteresis,
      double headShare,
      double balance) {
    /** The popularity cutoff unless told otherwise. */
    public static final double HEAD_SHARE = 0.8;

    /** The bound on load unless told otherwise. */
    public static final double BALANCE = 1.03;

    private static final int MOST_COPIES = 10_000;

    public Rules {
      require(minCopies >= 1, "minCopies must be 1 or more, not " + minCopies);
      require(
          maxCopiesPerSite >= minCopies && maxCopiesPerSite <= MOST_COPIES,
          "maxCopiesPerSite must not be below minCopies or above "
              + MOST_COPIES
              + ", but is "
              + maxCopiesPerSite);
      require(spread > 0, "spread must be above 0, not " + spread);
      require(reserve >= 0 && reserve < 1, "reserve must be 0 to below 1, not " + reserve);
      require(hysteresis >= 1, "hysteresis must be 1 or more, not " + hysteresis);
      require(headShare >= 0 && headShare <= 1, "headShare must be 0 to 1, not " + headShare);
      require(balance >= 1, "balance must be 1 or more, not " + balance);
    }

    /** With the cutoff and the bound on load that hold unless told otherwise. */
    public Rules(
        int minCopies, int maxCopiesPerSite, double spread, double reserve, double hysteresis) {
      this(minCopies, maxCopiesPerSite, spread, reserve, hysteresis, HEAD_SHARE, BALANCE);
    }

    /** The same but for one. */
    Rules withMaxCopiesPerSite(int copies) {
      return new Rules(minCopies, copies, spread, reserve, hysteresis, headShare, balance);
    }

    private static void require(boolean holds, String otherwise) {
      if (!holds) {
        throw new IllegalArgumentException(otherwise);
      }
    }

    /**
     * Copies wanted of a unit at a site: grows with its popularity, never falls.
     *
     * @param share of what is expected at the site, 0 to 1
     * @param appliances at the site
     */
    int copiesWanted(double share, int appliances) {
      double bySpread = Math.ceil(Math.clamp(share, 0, 1) * appliances * spread);
      int wanted = Math.max(minCopies, (int) Math.min(bySpread, appliances));
      return Math.min(wanted, Math.min(maxCopiesPerSite, appliances));
    }
  }

  /** Places all units of the task. */
  public static Placement plan(PlacementTask task) {
    return new Placement(task, task.sites().stream().map(SiteRound::of).toList());
  }
}
