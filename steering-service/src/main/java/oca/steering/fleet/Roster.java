package oca.steering.fleet;

import java.util.Arrays;
import oca.model.SiteId;

/**
 * Where each member stands, by its number. Immutable; another object only when somebody new is
 * heard of or somebody has moved, and never because of a heartbeat: what is worked out from it can
 * be kept for as long as it is the same object.
 */
public final class Roster {
  /** Nobody. */
  public static final Roster EMPTY = new Roster(new SiteId[0]);

  private final SiteId[] sites;

  private Roster(SiteId[] sites) {
    this.sites = sites;
  }

  /** Numbers are 0 and more, below this. */
  public int size() {
    return sites.length;
  }

  /** The site of the member of that number. */
  public SiteId site(int number) {
    return sites[number];
  }

  /** With a member at that site; a new one has the next free number. */
  Roster with(int number, SiteId site) {
    if (number < sites.length && sites[number].equals(site)) {
      return this;
    }
    SiteId[] changed = Arrays.copyOf(sites, Math.max(sites.length, number + 1));
    changed[number] = site;
    return new Roster(changed);
  }
}
