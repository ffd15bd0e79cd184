package oca.steering.rank;

import java.util.Arrays;
import oca.steering.fleet.Roster;

/** Which members stand at which of the configured sites: what follows from a roster alone. */
final class Grounds {
  private final Roster roster;
  private final int[] siteOf;
  private final int[][] members;

  Grounds(Roster roster, Places places) {
    this.roster = roster;
    this.siteOf = new int[roster.size()];
    int[] counts = new int[places.size()];
    for (int number = 0; number < siteOf.length; number++) {
      siteOf[number] = places.index(roster.site(number));
      if (siteOf[number] != Places.UNKNOWN) {
        counts[siteOf[number]]++;
      }
    }
    this.members = new int[places.size()][];
    Arrays.setAll(members, site -> new int[counts[site]]);
    for (int number = siteOf.length - 1; number >= 0; number--) {
      if (siteOf[number] != Places.UNKNOWN) {
        members[siteOf[number]][--counts[siteOf[number]]] = number;
      }
    }
  }

  @SuppressWarnings("ReferenceEquality") // a roster is another object when anything is different
  boolean isOf(Roster other) {
    return roster == other;
  }

  /** The number of the member's site; {@link Places#UNKNOWN} when that is not configured. */
  int siteOf(int member) {
    return siteOf[member];
  }

  /** The numbers of the members at a site, ascending. */
  int[] at(int site) {
    return members[site];
  }
}
