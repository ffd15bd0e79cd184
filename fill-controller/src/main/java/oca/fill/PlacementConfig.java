package oca.fill;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import oca.config.ByteSize;
import oca.config.Default;
import oca.fill.placement.PlacementPlanner.Rules;
import oca.model.ApplianceId;
import oca.model.ContentPath;
import oca.model.SiteId;

/**
 * How expectation becomes placement, see {@link Rules}.
 *
 * @param minCopies of what is placed at a site, where as many appliances stand there
 * @param maxCopiesPerSite of anything
 * @param spread a share s of a site's demand is wanted on s * appliances * spread of them
 * @param reserve the share of each disk that stays free, 0 or more, below 1
 * @param headShare titles that serve this share of the demand go by throughput, the others by
 *     storage
 * @param balance by how much a server may exceed its part of the head's load, 1 or more
 * @param types of servers by name
 * @param servers the type of single appliances, which goes before what their heartbeats say
 * @param pinned what is held whatever is expected of it
 */
public record PlacementConfig(
    @Default("1") int minCopies,
    @Default("16") int maxCopiesPerSite,
    @Default("4") double spread,
    @Default("0.05") double reserve,
    @Default("0.8") double headShare,
    @Default("1.03") double balance,
    Map<String, ServerType> types,
    Map<String, String> servers,
    List<Pinned> pinned) {
  private static final int MOST_PINNED = 10_000;

  public PlacementConfig {
    new Rules(minCopies, maxCopiesPerSite, spread, reserve, 1, headShare, balance);
    servers.forEach(
        (appliance, type) -> {
          new ApplianceId(appliance);
          require(
              types.containsKey(type),
              "the appliance "
                  + appliance
                  + " is of the type "
                  + type
                  + ", which types does not have; add it there");
        });
    require(pinned.size() <= MOST_PINNED, "pinned lists more than " + MOST_PINNED + " rules");
  }

  /**
   * A type of server, with its weights: throughput for what is popular, storage for all else. An
   * appliance of no type weighs by its heartbeat: throughput in Gb/s, storage in TB.
   *
   * @param throughput its weight for what is popular, above 0
   * @param storage its weight for all else, above 0
   * @param capacityFrom appliances that say they hold so much or more are of this type; of several
   *     types, in the order of their names, the first that fits
   * @param bitsPerSecondFrom the same by what they may send, 0 for any; both must fit where both
   *     are given
   */
  public record ServerType(
      double throughput,
      double storage,
      Optional<ByteSize> capacityFrom,
      @Default("0") long bitsPerSecondFrom) {
    public ServerType {
      require(
          throughput > 0 && Double.isFinite(throughput),
          "the weight throughput must be above 0, not " + throughput);
      require(
          storage > 0 && Double.isFinite(storage),
          "the weight storage must be above 0, not " + storage);
    }

    boolean fits(long capacityBytes, long bitsPerSecond) {
      return (capacityFrom.isPresent() || bitsPerSecondFrom > 0)
          && capacityFrom.map(least -> capacityBytes >= least.bytes()).orElse(true)
          && bitsPerSecond >= bitsPerSecondFrom;
    }
  }

  /**
   * Titles that are held whatever is expected of them; with neither sites nor regions, everywhere.
   *
   * @param titles by name
   * @param paths of files, whose titles are meant
   * @param sites where
   * @param regions at whose sites
   * @param copies at each of these sites, on so many appliances or all that there are
   */
  public record Pinned(
      List<String> titles,
      List<String> paths,
      List<SiteId> sites,
      List<SiteId> regions,
      @Default("1") int copies) {
    public Pinned {
      require(!titles.isEmpty() || !paths.isEmpty(), "name titles or paths to pin");
      require(copies >= 1 && copies <= 10_000, "copies must be 1 to 10000, not " + copies);
      for (String path : paths) {
        String fault = ContentPath.fault(path);
        require(fault == null, "the pinned path " + fault + ": " + path);
      }
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
