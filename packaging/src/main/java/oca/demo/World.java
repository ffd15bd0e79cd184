package oca.demo;

import java.util.List;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.model.SiteId;

/**
 * Who is where in the demo.
 *
 * <p>Appliances and the origin share a port and differ by address, because players ignore a port in
 * a steered host. Everything lives in 127.0.0.0/8: servers in 127.0.0.0/24, the viewers of the two
 * networks in 127.1.0.0/16 and 127.2.0.0/16, so that a viewer's network can be told from its
 * address as on a real network.
 *
 * @param port of the origin, the appliances and the page; the four ports above it are the control
 *     plane's
 */
public record World(int port) {
  /** Where people live, and the network of those who live there. */
  public record Site(
      SiteId id, String name, double latitude, double longitude, String network, String viewer) {}

  /** An appliance and its address. */
  public record Box(ApplianceId id, SiteId site, String host) {}

  /** The site in whose network the browser is, too. */
  public static final Site NORTH =
      new Site(new SiteId("north"), "Northport", 53.55, 9.99, "127.1.0.0/16", "127.1.0.");

  public static final Site SOUTH =
      new Site(new SiteId("south"), "Southgate", 48.14, 11.58, "127.2.0.0/16", "127.2.0.");
  public static final List<Site> SITES = List.of(NORTH, SOUTH);

  public static final List<Box> BOXES =
      List.of(
          new Box(new ApplianceId("north-1"), NORTH.id(), "127.0.0.11"),
          new Box(new ApplianceId("north-2"), NORTH.id(), "127.0.0.12"),
          new Box(new ApplianceId("south-1"), SOUTH.id(), "127.0.0.21"),
          new Box(new ApplianceId("south-2"), SOUTH.id(), "127.0.0.22"));

  private static final String SERVICES = "127.0.0.1";
  private static final String ORIGIN = "127.0.0.10";

  /** The page, in the browser's own network, which counts as {@link #NORTH}. */
  public Endpoint page() {
    return new Endpoint(SERVICES, port);
  }

  /** Where content comes from. */
  public Endpoint origin() {
    return new Endpoint(ORIGIN, port);
  }

  /** Where the origin tells how it is. */
  public Endpoint originAdmin() {
    return new Endpoint(ORIGIN, port + 1);
  }

  /** Where an appliance serves. */
  public Endpoint content(Box box) {
    return new Endpoint(box.host(), port);
  }

  /** Where an appliance takes orders. */
  public Endpoint admin(Box box) {
    return new Endpoint(box.host(), port + 1);
  }

  /** Where viewers ask. */
  public Endpoint steering() {
    return new Endpoint(SERVICES, port + 2);
  }

  /** The fill controller. */
  public Endpoint controller() {
    return new Endpoint(SERVICES, port + 3);
  }

  /** Steering's listener for operators, with the console. */
  public Endpoint operators() {
    return new Endpoint(SERVICES, port + 4);
  }

  /** Every address that the demo listens on. */
  public List<Endpoint> listeners() {
    var all =
        new java.util.ArrayList<>(
            List.of(page(), origin(), originAdmin(), steering(), controller(), operators()));
    for (Box box : BOXES) {
      all.add(content(box));
      all.add(admin(box));
    }
    return List.copyOf(all);
  }

  /** The appliance of that id. */
  public static Box box(ApplianceId id) {
    return BOXES.stream()
        .filter(box -> box.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no such appliance: " + id));
  }
}
