package oca.steering.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import oca.model.Address;
import oca.model.Prefix;
import oca.model.SiteId;
import oca.steering.routes.ForwardingTable.Route;
import org.junit.jupiter.api.Test;

class ForwardingTableTest {
  private static final SiteId NORTH = new SiteId("north");
  private static final SiteId SOUTH = new SiteId("south");

  private static Route route(String prefix, SiteId site) {
    return new Route(Prefix.parse(prefix), site);
  }

  @Test
  void lookup_nestedPrefixes_takesTheLongest() {
    Route all = route("0.0.0.0/0", NORTH);
    Route wide = route("127.0.0.0/8", SOUTH);
    Route narrow = route("127.0.0.0/24", NORTH);
    Route six = route("2001:db8::/32", SOUTH);
    ForwardingTable table = ForwardingTable.of(List.of(wide, six, narrow, all));
    assertEquals(narrow, table.lookup(Address.parse("127.0.0.200")));
    assertEquals(wide, table.lookup(Address.parse("127.0.1.0")));
    assertEquals(all, table.lookup(Address.parse("8.8.8.8")));
    assertEquals(narrow, table.lookup(Address.parse("::ffff:127.0.0.200")));
    assertEquals(six, table.lookup(Address.parse("2001:db8:1::7")));
    assertNull(table.lookup(Address.parse("2001:db9::")));
    assertEquals(4, table.size());
  }

  @Test
  void of_samePrefixTwice_isRefusedWithBothSites() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                ForwardingTable.of(
                    List.of(route("10.0.0.0/8", NORTH), route("::ffff:10.0.0.0/104", SOUTH))));
    assertEquals(
        "the network 10.0.0.0/8 is given twice, for north and for south; keep one", e.getMessage());
  }

  @Test
  void staticRoutes_unknownSite_isRefused() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new StaticRoutes(List.of(route("10.0.0.0/8", SOUTH)), Set.of(NORTH)));
    assertEquals(
        "the network 10.0.0.0/8 is given the site south, which is not one of the sites [north]",
        e.getMessage());
  }

  /** The oracle compares leading bits as whole numbers, without masks. */
  @Property(tries = 300)
  void lookup_anyTable_isThatOfBruteForce(@ForAll long seed) {
    Random random = new Random(seed);
    Map<Prefix, Route> routes = new LinkedHashMap<>();
    for (int i = random.nextInt(60); i >= 0; i--) {
      Address address = address(random);
      Prefix prefix = prefix(address, random.nextInt(address.bits() + 1));
      routes.put(prefix, new Route(prefix, random.nextBoolean() ? NORTH : SOUTH));
    }
    ForwardingTable table = ForwardingTable.of(routes.values());
    List<Address> asked = new ArrayList<>();
    routes.keySet().forEach(prefix -> asked.add(prefix.network()));
    for (int i = 0; i < 100; i++) {
      asked.add(address(random));
    }
    for (Address address : asked) {
      assertEquals(bruteForce(routes.values(), address), table.lookup(address), "seed " + seed);
    }
  }

  private static Route bruteForce(Iterable<Route> routes, Address address) {
    Route best = null;
    for (Route route : routes) {
      Address network = route.prefix().network();
      int length = route.prefix().length();
      if (network.v4() == address.v4()
          && number(network)
              .shiftRight(128 - length)
              .equals(number(address).shiftRight(128 - length))
          && (best == null || length > best.prefix().length())) {
        best = route;
      }
    }
    return best;
  }

  /** Few distinct bits, so that prefixes nest and addresses hit. */
  private static Address address(Random random) {
    long mask = random.nextBoolean() ? 0x8100_8001_0000_0000L : 0xc000_0000_0000_0003L;
    return random.nextBoolean()
        ? new Address(true, random.nextLong() & 0x8181_8383_0000_0000L, 0)
        : new Address(false, (random.nextLong() & mask) | 1L << 61, random.nextLong() & mask);
  }

  private static Prefix prefix(Address address, int length) {
    BigInteger kept = number(address).shiftRight(128 - length).shiftLeft(128 - length);
    return new Prefix(
        new Address(address.v4(), kept.shiftRight(64).longValue(), kept.longValue()), length);
  }

  private static BigInteger number(Address address) {
    return new BigInteger(Long.toUnsignedString(address.high()))
        .shiftLeft(64)
        .add(new BigInteger(Long.toUnsignedString(address.low())));
  }
}
