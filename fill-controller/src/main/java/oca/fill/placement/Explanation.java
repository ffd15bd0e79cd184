package oca.fill.placement;

import java.util.List;
import oca.model.ApplianceId;
import oca.model.SiteId;

/**
 * Why a unit is on an appliance, or is not.
 *
 * @param held whether it is to be held there
 * @param reason why the unit has the copies it has at the site
 * @param sentence the whole of it for a reader
 * @param rank from 1, of all units at the site
 * @param popularity plays expected at the site a day
 * @param head whether it is popular enough to go by throughput rather than by storage
 * @param headUnits how many units are: the popularity cutoff
 * @param copiesWhy how the number of copies wanted came about
 * @param copiesBefore on how many appliances of the site it was
 * @param heldBefore whether on this one
 * @param pinnedCopies to how many appliances of the site the configuration pins it
 * @param order the site's appliances in the unit's rendezvous order
 * @param decides what decided: were these factors what {@code then} says and all else as it was,
 *     the decision would be the opposite
 */
public record Explanation(
    String unit,
    ApplianceId appliance,
    SiteId site,
    boolean held,
    Reason reason,
    String sentence,
    long bytes,
    double expectedBytes,
    double popularity,
    int rank,
    int ranked,
    boolean head,
    int headUnits,
    int copiesWanted,
    String copiesWhy,
    int copiesPlaced,
    int copiesBefore,
    boolean heldBefore,
    int pinnedCopies,
    List<Standing> order,
    List<Deciding> decides) {
  public Explanation {
    order = List.copyOf(order);
    decides = List.copyOf(decides);
  }

  /** The same, with a further sentence. */
  public Explanation with(String further) {
    return new Explanation(
        unit,
        appliance,
        site,
        held,
        reason,
        sentence + " " + further,
        bytes,
        expectedBytes,
        popularity,
        rank,
        ranked,
        head,
        headUnits,
        copiesWanted,
        copiesWhy,
        copiesPlaced,
        copiesBefore,
        heldBefore,
        pinnedCopies,
        order,
        decides);
  }

  /**
   * An appliance in a unit's rendezvous order.
   *
   * @param score higher is earlier
   * @param weight by throughput or by storage
   * @param freeBytes it had when the unit's last copy had its turn
   * @param load bytes a day of the head that it had to serve by then
   * @param loadTarget its part of the head's load
   * @param outcome what became of it
   */
  public record Standing(
      ApplianceId appliance,
      double score,
      double weight,
      long freeBytes,
      double load,
      double loadTarget,
      boolean held,
      boolean heldBefore,
      String outcome) {}

  /**
   * A deciding factor.
   *
   * @param now its value
   * @param then the nearest value found with which, and with those of the other deciding factors,
   *     the decision is the opposite
   */
  public record Deciding(Factor factor, double now, double then, String sentence) {}
}
