package oca.fill.ready;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import oca.model.ApplianceId;
import oca.model.SiteId;
import org.jspecify.annotations.Nullable;

/**
 * How far a title has come. What {@code GET /v1/titles/TITLE/readiness} answers.
 *
 * @param live whether enough sites have enough copies
 * @param sitesReady how many have
 * @param sitesWanted how many make it live
 * @param expected when it will be live if all goes as the manifests say, wall time; null when it is
 *     already, or nothing that is planned would make it so
 * @param sites each site of the fleet, by id
 */
public record TitleReadiness(
    String title,
    boolean live,
    int sitesReady,
    int sitesWanted,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant expected,
    List<SiteLine> sites) {
  public TitleReadiness {
    sites = List.copyOf(sites);
  }

  /**
   * One site.
   *
   * @param copies living appliances that hold all files of the title
   * @param copiesWanted how many make the site ready
   * @param missing appliances that are to hold the title and do not hold all of it, by id
   */
  public record SiteLine(
      SiteId site, boolean ready, int copies, int copiesWanted, List<Missing> missing) {
    public SiteLine {
      missing = List.copyOf(missing);
    }
  }

  /**
   * What one appliance lacks.
   *
   * @param files how many of the title's
   * @param bytes of those
   * @param expected when it will hold them, by its manifest's order, rate and window; null when
   *     that cannot be said
   * @param due when it must hold them, as the title is released; null when nothing is said of that
   * @param why it cannot be said, or comes after it is due; empty otherwise
   */
  public record Missing(
      ApplianceId appliance,
      int files,
      long bytes,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant expected,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant due,
      String why) {}
}
