package oca.steering.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import oca.model.Address;
import oca.model.Prefix;
import oca.model.SiteId;
import oca.steering.routes.StaticRoutes.Route;
import org.junit.jupiter.api.Test;

class StaticRoutesTest {
  private static final SiteId NORTH = new SiteId("north");
  private static final SiteId SOUTH = new SiteId("south");

  private static Route route(String prefix, SiteId site) {
    return new Route(Prefix.parse(prefix), site);
  }

  @Test
  void require_samePrefixTwice_isRefusedWithBothSites() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                StaticRoutes.require(
                    List.of(route("10.0.0.0/8", NORTH), route("::ffff:10.0.0.0/104", SOUTH)),
                    Set.of(NORTH, SOUTH)));
    assertEquals(
        "the network 10.0.0.0/8 is given twice, for north and for south; keep one", e.getMessage());
  }

  @Test
  void require_unknownSite_isRefused() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> StaticRoutes.require(List.of(route("10.0.0.0/8", SOUTH)), Set.of(NORTH)));
    assertEquals(
        "the network 10.0.0.0/8 is given the site south, which is not one of the sites [north]",
        e.getMessage());
  }

  @Test
  void start_beforeLearntRoutes_isNearerAndNotFiltered() {
    RoutingTable table =
        new RoutingTable(
            new RoutingTable.Limits(9, 9, 9, 9), Duration.ofSeconds(1), System::nanoTime);
    RouteFeed learnt =
        new RouteFilter(new RouteFilter.Rules(true, true, 32, 128))
            .over(table)
            .open("bgp 192.0.2.1", SOUTH);
    learnt.announce(Prefix.parse("127.0.0.0/24"), 0, new PathAttributes(1, 0, 64_500));
    StaticRoutes routes =
        new StaticRoutes(
            List.of(
                route("127.0.0.0/24", NORTH), route("0.0.0.0/0", SOUTH), route("::1/128", NORTH)),
            table);
    routes.start();
    ForwardingTable compiled = table.compile();
    assertEquals("127.0.0.0/24 -> north", compiled.lookup(Address.parse("127.0.0.1")).toString());
    assertEquals("0.0.0.0/0 -> south", compiled.lookup(Address.parse("192.0.2.1")).toString());
    assertEquals("::1/128 -> north", compiled.lookup(Address.parse("::1")).toString());
    routes.close();
    assertEquals(1, table.compile().size());
  }
}
