package oca.fill;

import java.util.List;
import oca.fill.demand.DemandTotals;
import oca.fill.jobs.FillTotals;

/**
 * What {@code GET /v1/status} answers. Instants are ISO 8601 in wall time; empty text means none.
 *
 * @param plan plan time and the plan in force
 * @param catalog the catalogue in force
 * @param calendar the release calendar in force
 * @param appliances by id
 * @param fill totals of fill reports
 * @param demand totals of serve records
 * @param fleet what was not taken of heartbeats and inventories
 * @param ranking the titles with the highest popularity over all sites, at most 20
 * @param plans which plan is in force, and whether one waits
 * @param jobs fill jobs that did not end
 */
public record FillStatus(
    Plan plan,
    CatalogLine catalog,
    CalendarLine calendar,
    List<ApplianceLine> appliances,
    FillTotals fill,
    DemandTotals demand,
    FleetLine fleet,
    List<TitleLine> ranking,
    PlansLine plans,
    JobsLine jobs) {
  public FillStatus {
    appliances = List.copyOf(appliances);
    ranking = List.copyOf(ranking);
  }

  /**
   * Plan time and the plan in force.
   *
   * @param day days of the plan since the one in which {@code dayStarts} fell, or else since
   *     2026-01-01
   * @param timeOfDay plan time, such as {@code 02:00:13}
   * @param windowOpen whether appliances may fill now
   * @param windowOpens of the window that is open or opens next
   * @param madeAt when the plan in force was made
   * @param problem why a plan that is due is not made
   */
  public record Plan(
      long day,
      String timeOfDay,
      boolean windowOpen,
      String windowOpens,
      String windowCloses,
      String madeAt,
      String problem) {}

  /**
   * The catalogue in force.
   *
   * @param problem why a newer one is not
   */
  public record CatalogLine(String version, int files, int titles, long bytes, String problem) {}

  /**
   * The release calendar in force.
   *
   * @param file empty when none is configured
   * @param releases lines that are used
   * @param unknown of these, those that name no file or title of the catalogue
   * @param refused lines that could not be used
   * @param examples the first of these, each with file, line and remedy
   * @param problem why a newer file is not in force
   * @param announced entries of {@code /v1/releases}, which count before lines of the file
   */
  public record CalendarLine(
      String file,
      int releases,
      int unknown,
      long refused,
      List<String> examples,
      String problem,
      int announced) {
    public CalendarLine {
      examples = List.copyOf(examples);
    }
  }

  /**
   * One appliance.
   *
   * @param manifestVersion 0 when it has none
   * @param plannedFiles in its manifest
   * @param plannedBytes of those
   * @param heldFiles by its newest inventory
   * @param heldOfPlanned of the planned files, those it holds
   */
  public record ApplianceLine(
      String id,
      String site,
      boolean alive,
      long capacityBytes,
      long manifestVersion,
      int plannedFiles,
      long plannedBytes,
      int heldFiles,
      int heldOfPlanned) {}

  /** What was not taken, see {@code FleetRegistry.Dropped}. */
  public record FleetLine(long outOfOrder, long beyondLimit, long strayInventories) {}

  /**
   * A title.
   *
   * @param popularity plays expected per day over all sites
   * @param copies over all sites
   */
  public record TitleLine(String title, double popularity, int copies) {}

  /**
   * Plans, see {@code GET /v1/plans}.
   *
   * @param applied the version in force; 0 for none
   * @param newest the newest version, which may be a draft; 0 for none
   * @param alert why the plan that was made for the open window waits for an operator
   */
  public record PlansLine(long applied, long newest, String alert) {}

  /**
   * Fill jobs that did not end, of the slots that this controller decides for.
   *
   * @param queued wait, or are paused
   * @param granted were given out
   */
  public record JobsLine(int queued, int granted) {}
}
