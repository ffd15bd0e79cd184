package oca.fill.jobs;

import java.util.List;

/**
 * Who holds what, by the database's clock.
 *
 * @param plan the newest plan applied; 0 before the first
 * @param tenants the controllers whose leases are in force, with or without slots
 */
public record Look(long plan, List<Tenant> tenants) {
  public Look {
    tenants = List.copyOf(tenants);
  }

  /**
   * One controller.
   *
   * @param owner its name, of this start alone
   * @param address where it answers
   */
  public record Tenant(String owner, String address, List<Lease> leases) {
    public Tenant {
      leases = List.copyOf(leases);
    }
  }

  /** The leases of {@code owner}. */
  List<Lease> of(String owner) {
    return tenants.stream()
        .filter(tenant -> tenant.owner().equals(owner))
        .findFirst()
        .map(Tenant::leases)
        .orElse(List.of());
  }
}
