package oca.fill.topology;

import java.util.List;
import oca.model.SiteId;

/**
 * What becomes of viewers when a site is gone. Bytes are of a day, as they were asked for; bits per
 * second are at the peak.
 *
 * @param appliances that stand at the site
 * @param files that they hold
 * @param lostFiles of those that nobody else holds
 * @param bytes that the site serves now
 * @param moves where those go, most first
 * @param takers the sites that they go to, and whether those have room for it
 */
public record Loss(
    SiteId site,
    int appliances,
    int files,
    int lostFiles,
    long bytes,
    List<Move> moves,
    List<Taker> takers) {
  /** Where bytes go that no appliance holds. */
  public static final String ORIGIN = "origin";

  public Loss {
    moves = List.copyOf(moves);
    takers = List.copyOf(takers);
  }

  /**
   * Bytes of one region's viewers.
   *
   * @param to a site, or {@link #ORIGIN}
   * @param files different ones
   */
  public record Move(SiteId region, String to, long bytes, int files) {}

  /**
   * A site that takes over.
   *
   * @param extraBitsPerSecond at the peak
   * @param spareBitsPerSecond what its appliances have free now
   * @param fits whether there is room
   */
  public record Taker(
      String site, long bytes, long extraBitsPerSecond, long spareBitsPerSecond, boolean fits) {}
}
