package oca.fill.fleet;

import java.util.List;
import java.util.Set;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.Health;

/**
 * The fleet at one moment. Immutable.
 *
 * @param members by id
 */
public record FleetSnapshot(List<Member> members) {
  public FleetSnapshot {
    members = List.copyOf(members);
  }

  /**
   * One appliance as it last described itself.
   *
   * @param alive whether its newest heartbeat is younger than the lease
   * @param capacityBytes what its store may hold
   * @param held whole files, by its newest inventory; empty when that is unknown
   * @param health what it says of its load
   */
  public record Member(
      ApplianceId id,
      SiteId site,
      Endpoint endpoint,
      boolean alive,
      long capacityBytes,
      Set<ContentId> held,
      Health health) {
    /** One that has nothing to do. */
    public Member(
        ApplianceId id,
        SiteId site,
        Endpoint endpoint,
        boolean alive,
        long capacityBytes,
        Set<ContentId> held) {
      this(id, site, endpoint, alive, capacityBytes, held, new Health(false, 0, 1, 0, 1));
    }
  }

  /** Those that are alive. */
  public List<Member> alive() {
    return members.stream().filter(Member::alive).toList();
  }
}
