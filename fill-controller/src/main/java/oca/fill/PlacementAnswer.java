package oca.fill;

import java.util.List;
import java.util.Locale;
import oca.fill.placement.Placement;
import oca.fill.placement.Placement.Decision;
import oca.model.ApplianceId;
import oca.model.SiteId;
import oca.protocol.CatalogEntry;

/**
 * What {@code GET /v1/placement} answers: where a title is placed and what decided.
 *
 * @param bytes of all its files
 * @param paths of its files
 * @param sites one per site planned for; empty before the first plan
 */
public record PlacementAnswer(String title, long bytes, List<String> paths, List<AtSite> sites) {
  public PlacementAnswer {
    paths = List.copyOf(paths);
    sites = List.copyOf(sites);
  }

  /**
   * One site's decision, see {@code Placement.Decision}.
   *
   * @param reason one of the list in {@code Reason}
   * @param why the same as a sentence with the figures that decided
   */
  public record AtSite(
      SiteId site,
      List<ApplianceId> holders,
      int rank,
      double popularity,
      double expectedBytes,
      int copiesWanted,
      int copiesBefore,
      String reason,
      String why) {
    public AtSite {
      holders = List.copyOf(holders);
    }
  }

  static PlacementAnswer of(String title, List<CatalogEntry> files, Placement placement) {
    return new PlacementAnswer(
        title,
        files.stream().mapToLong(CatalogEntry::length).sum(),
        files.stream().map(CatalogEntry::path).toList(),
        placement.decisions(title).stream().map(PlacementAnswer::atSite).toList());
  }

  private static AtSite atSite(Decision decision) {
    String why =
        String.format(
            Locale.ROOT,
            "rank %d at %s with %.3g plays a day expected, %d of %d wanted copies placed: %s",
            decision.rank(),
            decision.site(),
            decision.popularity(),
            decision.holders().size(),
            decision.copiesWanted(),
            decision.reason().sentence());
    return new AtSite(
        decision.site(),
        decision.holders(),
        decision.rank(),
        decision.popularity(),
        decision.expectedBytes(),
        decision.copiesWanted(),
        decision.copiesBefore(),
        decision.reason().name(),
        why);
  }
}
