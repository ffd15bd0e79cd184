package oca.fill.placement;

import java.util.List;
import java.util.Optional;
import oca.model.ApplianceId;
import oca.model.SiteId;

/**
 * What is placed where, and why. Immutable.
 *
 * @param decisions per site, best ranked first
 * @param shares one per appliance, by id
 */
public record Placement(List<Decision> decisions, List<Share> shares) {
  /** Nothing anywhere. */
  public static final Placement NONE = new Placement(List.of(), List.of());

  public Placement {
    decisions = List.copyOf(decisions);
    shares = List.copyOf(shares);
  }

  /**
   * One title at one site.
   *
   * @param rank from 1, by predicted bytes per byte stored, incumbents raised by the hysteresis
   * @param popularity plays expected at the site per day: expected bytes by bytes stored
   * @param expectedBytes expected to be asked for at the site per day
   * @param copiesWanted what its popularity asks for
   * @param copiesBefore how many appliances of the site held it in the placement before
   * @param holders who holds it, in the order of choice
   */
  public record Decision(
      String title,
      SiteId site,
      int rank,
      double popularity,
      double expectedBytes,
      int copiesWanted,
      int copiesBefore,
      List<ApplianceId> holders,
      Reason reason) {
    public Decision {
      holders = List.copyOf(holders);
    }
  }

  /**
   * What one appliance holds.
   *
   * @param usableBytes its capacity less the reserve
   * @param plannedBytes of all titles placed on it; at most {@code usableBytes}
   * @param titles most valuable first
   */
  public record Share(
      ApplianceId appliance,
      SiteId site,
      long usableBytes,
      long plannedBytes,
      List<String> titles) {
    public Share {
      titles = List.copyOf(titles);
    }
  }

  /** What {@code appliance} holds; empty when it was not planned for. */
  public Optional<Share> share(ApplianceId appliance) {
    return shares.stream().filter(share -> share.appliance().equals(appliance)).findFirst();
  }

  /** What was decided for {@code title}, one per site. */
  public List<Decision> decisions(String title) {
    return decisions.stream().filter(decision -> decision.title().equals(title)).toList();
  }
}
