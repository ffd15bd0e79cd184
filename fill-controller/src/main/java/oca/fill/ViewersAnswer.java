package oca.fill;

import java.util.List;
import oca.fill.viewers.Concern;
import oca.fill.viewers.ViewerReport;

/**
 * What {@code GET /v1/viewers} answers.
 *
 * @param report what viewers got
 * @param concerns what a person should look after, most pressing first
 * @param map all sites and their appliances, by name
 * @param left what was not added up
 */
public record ViewersAnswer(
    ViewerReport report, List<Concern> concerns, List<Place> map, Left left) {
  public ViewersAnswer {
    concerns = List.copyOf(concerns);
    map = List.copyOf(map);
  }

  /** A site. */
  public record Place(String site, List<Machine> appliances) {
    public Place {
      appliances = List.copyOf(appliances);
    }
  }

  /**
   * An appliance.
   *
   * @param alive heard of within its lease
   */
  public record Machine(String appliance, boolean alive) {}

  /**
   * Records that are in no figure, since the start.
   *
   * @param old of before the span
   * @param future from the future
   * @param folded in the figures, but not in those of their site
   */
  public record Left(long old, long future, long folded) {}
}
