package oca.steering.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import oca.model.Address;
import oca.model.Prefix;
import oca.model.SiteId;
import oca.steering.routes.ForwardingTable.Match;
import oca.steering.routes.RouteOracle.Told;
import org.junit.jupiter.api.Test;

class ForwardingTableTest {
  private static final SiteId NORTH = new SiteId("north");
  private static final SiteId SOUTH = new SiteId("south");
  private static final RoutingTable.Limits LIMITS =
      new RoutingTable.Limits(100, 10_000_000, 2_000_000, 100);

  private final RoutingTable routes =
      new RoutingTable(LIMITS, Duration.ofSeconds(1), System::nanoTime);

  @Test
  void lookup_emptyTable_isNull() {
    assertNull(ForwardingTable.EMPTY.lookup(Address.parse("192.0.2.1")));
    assertNull(ForwardingTable.EMPTY.lookup(Address.parse("2001:db8::1")));
    assertEquals(0, routes.table().size());
  }

  @Test
  void lookup_nestedPrefixes_takesTheLongest() {
    RouteFeed north = routes.open("n", NORTH);
    RouteFeed south = routes.open("s", SOUTH);
    announce(north, "0.0.0.0/0", 9, 0);
    announce(south, "127.0.0.0/8", 1, 0);
    announce(north, "127.0.0.0/24", 5, 0);
    announce(north, "127.0.0.200/32", 5, 0);
    announce(south, "2001:db8::/32", 5, 0);
    announce(north, "2001:db8::1/128", 5, 0);
    ForwardingTable table = routes.compile();
    assertEquals("127.0.0.200/32 -> north", text(table, "127.0.0.200"));
    assertEquals("127.0.0.0/24 -> north", text(table, "127.0.0.201"));
    assertEquals("127.0.0.0/24 -> north", text(table, "::ffff:127.0.0.7"));
    assertEquals("127.0.0.0/8 -> south", text(table, "127.0.1.0"));
    assertEquals("0.0.0.0/0 -> north", text(table, "8.8.8.8"));
    assertEquals("2001:db8::1/128 -> north", text(table, "2001:db8::1"));
    assertEquals("2001:db8::/32 -> south", text(table, "2001:db8::2"));
    assertEquals("null", text(table, "2001:db9::"));
    assertEquals(6, table.size());
  }

  @Test
  void lookup_severalSites_areRankedByAsPathThenMed() {
    String[] sites = {"a", "b", "c", "d"};
    int[][] paths = {{3, 0}, {2, 20}, {2, 10}, {2, 10}};
    for (int i = 0; i < sites.length; i++) {
      announce(
          routes.open("bgp " + sites[i], new SiteId(sites[i])),
          "192.0.2.0/24",
          paths[i][0],
          paths[i][1]);
    }
    Match match = routes.compile().lookup(Address.parse("192.0.2.7"));
    assertEquals(
        List.of("c", "d", "b", "a"),
        match.paths().stream().map(path -> path.site().value()).toList());
    assertEquals(List.of(new SiteId("c"), new SiteId("d")), match.homes());
    assertEquals("bgp c", match.paths().getFirst().view());
    assertEquals("192.0.2.0/24 -> c, d", match.toString());
  }

  @Test
  void lookup_largestNumbers_areUnsigned() {
    RouteFeed north = routes.open("n", NORTH);
    RouteFeed south = routes.open("s", SOUTH);
    Prefix prefix = Prefix.parse("255.255.255.0/24");
    PathAttributes large = new PathAttributes(65_535, 0xffff_ffffL, 0xffff_fffeL);
    north.announce(prefix, 0xffff_ffffL, large);
    south.announce(prefix, 0, new PathAttributes(65_535, 0x7fff_ffffL, 1));
    Match match = routes.compile().lookup(Address.parse("255.255.255.255"));
    assertEquals(List.of(SOUTH), match.homes());
    assertEquals(large, match.paths().get(1).attributes());
    assertEquals(
        Set.of(0L, 0xffff_ffffL),
        routes.seen(Address.parse("255.255.255.1"), 9).stream()
            .map(RoutingTable.Seen::pathId)
            .collect(Collectors.toSet()));
  }

  @Test
  void tiers_sitesOfEqualRoutes_standTogetherBestFirst() {
    String[] sites = {"a", "b", "c", "d"};
    int[][] paths = {{3, 0}, {2, 10}, {2, 10}, {3, 0}};
    for (int i = 0; i < sites.length; i++) {
      RouteFeed feed = routes.open("bgp " + sites[i], new SiteId(sites[i]));
      announce(feed, "192.0.2.0/24", paths[i][0], paths[i][1]);
    }
    Match match = routes.compile().lookup(Address.parse("192.0.2.7"));
    assertEquals(
        List.of(
            List.of(new SiteId("b"), new SiteId("c")), List.of(new SiteId("a"), new SiteId("d"))),
        match.tiers());
    assertEquals(match.homes(), match.tiers().getFirst());
  }

  @Test
  void coveringInsideAndCovered_anyPrefixOfATable_areThoseOfAPlainSearch() {
    long seed = RandomGenerator.getDefault().nextLong();
    System.out.println("ForwardingTableTest seed " + seed);
    Random random = new Random(seed);
    RouteFeed feed = routes.open("n", NORTH);
    Set<Prefix> told = new HashSet<>();
    for (int i = 0; i < 120; i++) {
      Prefix prefix = RouteOracle.prefix(random);
      told.add(prefix);
      feed.announce(prefix, 0, PathAttributes.LOCAL);
    }
    ForwardingTable table = routes.compile();
    for (int i = 0; i < 2000; i++) {
      Prefix asked = RouteOracle.prefix(random);
      Match covering = table.covering(asked);
      Prefix longest =
          told.stream()
              .filter(it -> it.length() <= asked.length() && it.contains(asked.network()))
              .max(Comparator.comparingInt(Prefix::length))
              .orElse(null);
      assertEquals(longest, covering == null ? null : covering.prefix(), "seed " + seed);
      Set<Prefix> inside =
          told.stream()
              .filter(it -> it.length() > asked.length() && asked.contains(it.network()))
              .collect(Collectors.toSet());
      List<Match> found = table.inside(asked, 1000);
      assertEquals(inside, found.stream().map(Match::prefix).collect(Collectors.toSet()));
      assertEquals(inside.size(), found.size());
      assertEquals(Math.min(1, inside.size()), table.inside(asked, 1).size());
      double share =
          longest != null
              ? 1
              : inside.stream()
                  .filter(
                      it ->
                          inside.stream()
                              .noneMatch(
                                  other ->
                                      other.length() < it.length() && other.contains(it.network())))
                  .mapToDouble(it -> Math.pow(2, asked.length() - it.length()))
                  .sum();
      assertEquals(share, table.covered(asked), 1e-9, asked + " seed " + seed);
    }
  }

  @Property(tries = 100)
  void lookup_anyTable_isThatOfTheOracle(@ForAll long seed) {
    check(new Random(seed), 1 + new Random(seed).nextInt(80), 200, "seed " + seed);
  }

  /** A million look-ups, in tables of each of the root's sizes. */
  @Test
  void lookup_aMillionTimes_isThatOfTheOracle() {
    long seed = RandomGenerator.getDefault().nextLong();
    System.out.println("ForwardingTableTest seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 16; round++) {
      check(random, 100 + 90 * round, 62_500, "seed " + seed + " round " + round);
    }
  }

  @Test
  void compile_manyPrefixes_nestAsInASmallTable() {
    long seed = RandomGenerator.getDefault().nextLong();
    System.out.println("ForwardingTableTest seed " + seed);
    Random random = new Random(seed);
    // More than a flat root of 24 bits is made from; the oracle is a map asked length by length.
    Map<Prefix, PathAttributes> told = new HashMap<>();
    RouteFeed feed = routes.open("bgp", NORTH);
    while (told.size() < 100_000) {
      boolean v4 = random.nextBoolean();
      int length = v4 ? 8 + random.nextInt(25) : 20 + random.nextInt(60);
      Address address =
          new Address(v4, random.nextLong() & (v4 ? 0x3fff_ffff_0000_0000L : ~0L >>> 3), 0);
      Prefix prefix = new Prefix(address.first(length), length);
      PathAttributes attributes = RouteOracle.attributes(random);
      told.put(prefix, attributes);
      feed.announce(prefix, 0, attributes);
    }
    ForwardingTable table = routes.compile();
    assertEquals(told.size(), table.size());
    List<Prefix> prefixes = List.copyOf(told.keySet());
    for (int i = 0; i < 200_000; i++) {
      Address address =
          RouteOracle.addressIn(prefixes.get(random.nextInt(prefixes.size())), random);
      Prefix longest = null;
      for (int length = address.bits(); longest == null; length--) {
        Prefix candidate = new Prefix(address.first(length), length);
        longest = told.containsKey(candidate) ? candidate : null;
      }
      Match match = table.lookup(address);
      assertEquals(longest, match.prefix(), "seed " + seed);
      assertEquals(told.get(longest), match.paths().getFirst().attributes(), "seed " + seed);
    }
  }

  @Test
  void bytes_aMillionPrefixesOfFourViews_areWithinTheBars() {
    Random random = new Random(7);
    List<RouteFeed> feeds = new ArrayList<>();
    for (int view = 0; view < 4; view++) {
      feeds.add(routes.open("bgp " + view, new SiteId("site-" + view)));
    }
    for (int i = 0; i < 1_200_000; i++) {
      boolean v4 = i < 1_000_000;
      int length = v4 ? 24 - random.nextInt(5) * random.nextInt(2) : 32 + 4 * random.nextInt(5);
      long address =
          v4
              ? random.nextLong() & -1L << 32
              : 0x2a00_0000_0000_0000L | (random.nextLong() >>> 12 & -1L << 16);
      Prefix prefix = new Prefix(new Address(v4, address, 0).first(length), length);
      int network = random.nextInt(75_000);
      for (int view = 0; view < 4; view++) {
        int hops = 1 + (network * 31 + view * 7) % 6;
        feeds.get(view).announce(prefix, 0, new PathAttributes(hops, 0, network));
      }
    }
    ForwardingTable table = routes.compile();
    System.out.printf(
        "%,d prefixes, %,d rankings: table %,d bytes, routes %,d bytes, compiled in %,d ms%n",
        table.size(),
        table.rankings(),
        table.bytes(),
        routes.bytes(),
        routes.counts().lastNanos() / 1_000_000);
    assertTrue(table.size() > 1_000_000, "prefixes " + table.size());
    assertTrue(table.bytes() < 300_000_000, "table " + table.bytes());
    assertTrue(routes.bytes() < 300_000_000, "routes " + routes.bytes());
  }

  private static void check(Random random, int count, int lookups, String seed) {
    RoutingTable made = new RoutingTable(LIMITS, Duration.ofSeconds(1), System::nanoTime);
    Map<String, Told> told = new HashMap<>();
    List<RouteFeed> feeds = new ArrayList<>();
    int views = 1 + random.nextInt(6);
    for (int view = 0; view < views; view++) {
      feeds.add(made.open("view " + view, new SiteId("site-" + view % 4)));
    }
    List<Prefix> prefixes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      prefixes.add(RouteOracle.prefix(random));
    }
    for (int i = 0; i < 3 * count; i++) {
      int view = random.nextInt(views);
      Prefix prefix = prefixes.get(random.nextInt(count));
      long pathId = random.nextInt(2);
      PathAttributes attributes = RouteOracle.attributes(random);
      feeds.get(view).announce(prefix, pathId, attributes);
      told.put(
          view + " " + prefix + " " + pathId,
          new Told("view " + view, new SiteId("site-" + view % 4), prefix, pathId, attributes));
    }
    RouteOracle oracle = new RouteOracle(told.values());
    ForwardingTable table = made.compile();
    assertEquals(oracle.size(), table.size(), seed);
    for (int i = 0; i < lookups; i++) {
      Address address =
          random.nextInt(4) == 0
              ? RouteOracle.address(random)
              : RouteOracle.addressIn(prefixes.get(random.nextInt(count)), random);
      assertEquals(oracle.lookup(address), table.lookup(address), seed);
    }
  }

  private static void announce(RouteFeed feed, String prefix, int asPathLength, long med) {
    feed.announce(Prefix.parse(prefix), 0, new PathAttributes(asPathLength, med, 64_500));
  }

  private static String text(ForwardingTable table, String address) {
    return String.valueOf(table.lookup(Address.parse(address)));
  }
}
