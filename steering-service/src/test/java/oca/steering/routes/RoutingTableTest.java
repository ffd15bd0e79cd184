package oca.steering.routes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import oca.model.Address;
import oca.model.Prefix;
import oca.model.SiteId;
import oca.steering.routes.ForwardingTable.Match;
import oca.steering.routes.RouteOracle.Told;
import oca.steering.routes.RoutingTable.Limits;
import oca.steering.routes.RoutingTable.ViewState;
import org.junit.jupiter.api.Test;

class RoutingTableTest {
  private static final SiteId NORTH = new SiteId("north");
  private static final SiteId SOUTH = new SiteId("south");
  private static final Prefix NET = Prefix.parse("192.0.2.0/24");
  private static final Address IN_NET = Address.parse("192.0.2.1");
  private static final PathAttributes FAR = new PathAttributes(4, 0, 64_501);
  private static final PathAttributes NEAR = new PathAttributes(1, 0, 64_501);

  private static RoutingTable table(Limits limits) {
    return new RoutingTable(limits, Duration.ofMillis(10), System::nanoTime);
  }

  private final RoutingTable routes = table(new Limits(3, 5, 4, 2));

  @Test
  void announce_again_replacesThePath() {
    RouteFeed feed = routes.open("bgp", NORTH);
    feed.announce(NET, 0, FAR);
    feed.announce(NET, 0, NEAR);
    assertEquals(1, feed.size());
    assertEquals(NEAR, match().paths().getFirst().attributes());
    feed.withdraw(NET, 1);
    assertEquals(1, feed.size());
    feed.withdraw(NET, 0);
    assertEquals(0, feed.size());
    assertNull(match());
  }

  @Test
  void announce_severalPathIds_theBestOfThemCounts() {
    RouteFeed feed = routes.open("bgp", NORTH);
    feed.announce(NET, 1, FAR);
    feed.announce(NET, 2, NEAR);
    assertEquals(NEAR, match().paths().getFirst().attributes());
    feed.withdraw(NET, 2);
    assertEquals(FAR, match().paths().getFirst().attributes());
  }

  @Test
  void stale_thenDropStale_keepsWhatWasAnnouncedAgain() {
    RouteFeed feed = routes.open("bgp", NORTH);
    Prefix other = Prefix.parse("198.51.100.0/24");
    Prefix six = Prefix.parse("2001:db8::/32");
    feed.announce(NET, 0, FAR);
    feed.announce(other, 0, FAR);
    feed.announce(six, 0, FAR);
    feed.stale(true);
    assertEquals(3, feed.size());
    assertEquals(2, routes.views().getFirst().stale());
    assertEquals(FAR, match().paths().getFirst().attributes());
    feed.announce(NET, 0, FAR);
    feed.dropStale(true);
    feed.dropStale(false);
    assertEquals(2, feed.size());
    assertNotNull(match());
    assertNull(routes.compile().lookup(other.network()));
    assertNotNull(routes.compile().lookup(six.network()));
  }

  @Test
  void stale_twice_keepsNothingThatWasStaleBefore() {
    RouteFeed feed = routes.open("bgp", NORTH);
    feed.announce(NET, 0, FAR);
    feed.stale(true);
    feed.stale(true);
    assertEquals(0, feed.size());
    assertNull(match());
    assertEquals(0, routes.counts().paths());
  }

  @Test
  void watch_always_isSeenButSteersNobody() {
    RouteFeed pre = routes.watch("bmp pre-policy", NORTH);
    RouteFeed post = routes.open("bmp post-policy", NORTH);
    pre.announce(NET, 0, NEAR);
    assertNull(match());
    post.announce(NET, 0, FAR);
    assertEquals(FAR, match().paths().getFirst().attributes());
    pre.withdraw(NET, 0);
    assertEquals(FAR, match().paths().getFirst().attributes());
    pre.announce(NET, 0, NEAR);
    assertEquals(
        Map.of("bmp pre-policy", false, "bmp post-policy", true),
        Map.of(
            routes.seen(IN_NET, 9).get(0).view(), routes.seen(IN_NET, 9).get(0).steers(),
            routes.seen(IN_NET, 9).get(1).view(), routes.seen(IN_NET, 9).get(1).steers()));
    assertEquals(1, routes.seen(IN_NET, 1).size());
  }

  @Test
  void open_nameTaken_isRefusedUntilThatIsClosed() {
    RouteFeed feed = routes.open("bgp", NORTH);
    feed.announce(NET, 0, NEAR);
    assertThrows(IllegalArgumentException.class, () -> routes.watch("bgp", SOUTH));
    feed.close();
    feed.close();
    feed.announce(NET, 0, NEAR);
    RouteFeed again = routes.open("bgp", SOUTH);
    assertEquals(List.of(new ViewState("bgp", SOUTH, true, 0, 0, Map.of(), -1)), routes.views());
    assertEquals(List.of(), routes.seen(IN_NET, 9));
    assertNull(match());
    again.announce(NET, 0, FAR);
    assertEquals(List.of(SOUTH), match().homes());
  }

  @Test
  void announce_beyondALimit_isCountedByReason() {
    RouteFeed feed = routes.open("a", NORTH);
    for (int id = 0; id < 3; id++) {
      feed.announce(NET, id, FAR);
    }
    for (int i = 0; i < 3; i++) {
      feed.announce(Prefix.parse("10." + i + ".0.0/16"), 0, FAR);
    }
    feed.announce(NET, 0, NEAR);
    RouteFeed second = routes.open("b", SOUTH);
    second.announce(NET, 0, FAR);
    second.announce(NET, 1, FAR);
    routes.open("c", SOUTH);
    RouteFeed fourth = routes.open("d", SOUTH);
    fourth.announce(NET, 0, NEAR);
    fourth.withdraw(NET, 0);
    fourth.close();
    assertEquals(
        Map.of("prefix full", 1L, "view full", 1L, "table full", 1L, "views full", 1L),
        routes.counts().refused());
    assertEquals(List.of(4, 1, 0), List.of(feed.size(), second.size(), fourth.size()));
    assertEquals(NEAR, match().paths().getFirst().attributes());
  }

  @Test
  void open_againAndAgain_usesFewNumbersAndNoMemory() {
    RoutingTable made = table(new Limits(3, 1000, 1000, 2));
    for (int i = 0; i < 70_000; i++) {
      RouteFeed feed = made.open("peer " + i, NORTH);
      feed.announce(NET, 0, NEAR);
      feed.close();
      if (i % 100 == 0) {
        made.compile();
      }
    }
    assertTrue(made.compile().size() == 0 && made.counts().paths() == 0);
    assertEquals(Map.of(), made.counts().refused());
    assertTrue(made.bytes() < 200_000, "bytes " + made.bytes());
  }

  @Test
  void start_changesInABurst_areInATableSoonAndCompiledSeldom() {
    RoutingTable started =
        new RoutingTable(
            new Limits(3, 100_000, 100_000, 2), Duration.ofMillis(50), System::nanoTime);
    started.start();
    RouteFeed feed = started.open("bgp", NORTH);
    for (int i = 0; i < 20_000; i++) {
      feed.announce(new Prefix(new Address(true, (long) i << 40, 0), 24), 0, FAR);
    }
    await().until(() -> started.table().size() == 20_000);
    long after = started.counts().compilations();
    feed.announce(new Prefix(new Address(true, 0, 0), 24), 0, FAR);
    feed.close();
    await().until(() -> started.table().size() == 0);
    assertTrue(started.counts().compilations() <= after + 2, "" + started.counts());
    assertTrue(started.counts().longestNanos() >= started.counts().lastNanos());
    started.close();
  }

  /** Any sequence leaves what a map of maps would hold. */
  @Property(tries = 300)
  void writes_anySequence_leaveWhatTheModelHolds(@ForAll long seed) {
    Random random = new Random(seed);
    RoutingTable made = table(new Limits(20, 100_000, 100_000, 100));
    List<Modelled> views = new ArrayList<>();
    List<Prefix> prefixes = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      prefixes.add(RouteOracle.prefix(random));
    }
    for (int step = 0; step < 300; step++) {
      if (views.size() < 5 && (views.isEmpty() || random.nextInt(20) == 0)) {
        views.add(new Modelled(made, "view " + step, random));
      }
      Modelled view = views.get(random.nextInt(views.size()));
      boolean v4 = random.nextBoolean();
      switch (random.nextInt(40)) {
        case 0 -> view.stale(v4);
        case 1 -> view.dropStale(v4);
        case 2 -> view.clear(v4);
        case 3 -> {
          view.feed.close();
          views.remove(view);
        }
        case 4 -> made.compile();
        case 5, 6, 7, 8, 9, 10, 11, 12 ->
            view.withdraw(prefixes.get(random.nextInt(30)), random.nextInt(2));
        default ->
            view.announce(
                prefixes.get(random.nextInt(30)),
                random.nextInt(2),
                RouteOracle.attributes(random));
      }
      views.forEach(each -> assertEquals(each.paths.size(), each.feed.size(), "seed " + seed));
      if (step % 50 == 49) {
        compare(made, views, prefixes, random, seed);
      }
    }
  }

  private static void compare(
      RoutingTable made, List<Modelled> views, List<Prefix> prefixes, Random random, long seed) {
    List<Told> told = new ArrayList<>();
    int all = 0;
    for (Modelled view : views) {
      all += view.paths.size();
      if (view.steers) {
        told.addAll(view.paths.values().stream().map(Held::told).toList());
      }
    }
    RouteOracle oracle = new RouteOracle(told);
    ForwardingTable table = made.compile();
    assertEquals(oracle.size(), table.size(), "seed " + seed);
    assertEquals(all, made.counts().paths(), "seed " + seed);
    for (Prefix prefix : prefixes) {
      Address address = RouteOracle.addressIn(prefix, random);
      assertEquals(oracle.lookup(address), table.lookup(address), "seed " + seed);
    }
  }

  /** Each reader sees tables as they were compiled, whole, while others are made and published. */
  @Test
  void table_readWhileOthersWrite_isAlwaysWhole() throws InterruptedException {
    RoutingTable made = table(new Limits(20, 100_000, 100_000, 100));
    made.start();
    RouteFeed anchor = made.open("anchor", NORTH);
    anchor.announce(Prefix.parse("0.0.0.0/0"), 0, FAR);
    made.compile();
    AtomicBoolean done = new AtomicBoolean();
    ConcurrentLinkedQueue<Throwable> faults = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (int writer = 0; writer < 3; writer++) {
      int number = writer;
      threads.add(thread(faults, () -> write(made, number, done)));
    }
    for (int reader = 0; reader < 2; reader++) {
      int number = reader;
      threads.add(thread(faults, () -> read(made, number, done)));
    }
    threads.forEach(Thread::start);
    await().atMost(Duration.ofMinutes(1)).until(() -> made.counts().compilations() >= 30);
    done.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(List.of(), List.copyOf(faults));
    ForwardingTable last = made.compile();
    assertEquals(1, last.size());
    assertEquals(1, made.counts().paths());
    made.close();
  }

  private static void write(RoutingTable made, int number, AtomicBoolean done) {
    Random random = new Random(number);
    SiteId site = new SiteId("site-" + number);
    while (!done.get()) {
      try (RouteFeed feed = made.open("writer " + number, site)) {
        for (int i = 0; i < 5000; i++) {
          Prefix prefix =
              new Prefix(new Address(true, random.nextLong() & 0x0fff_ffL << 40, 0), 24);
          // Path and origin say each other, so that a reader sees a torn path.
          feed.announce(prefix, 0, new PathAttributes(1 + i % 7, i % 7, i % 7));
          if (i % 1000 == 999) {
            feed.stale(true);
          }
        }
        feed.clear(true);
      }
    }
  }

  private static void read(RoutingTable made, int number, AtomicBoolean done) {
    Random random = new Random(100 + number);
    while (!done.get()) {
      ForwardingTable table = made.table();
      for (int i = 0; i < 1000; i++) {
        Match match = table.lookup(new Address(true, random.nextLong() & 0x0fff_ffL << 40, 0));
        for (ForwardingTable.SitePath path : match.paths()) {
          PathAttributes seen = path.attributes();
          boolean isAnchor = path.view().equals("anchor") && seen.equals(FAR);
          boolean isWhole =
              path.view().replace("writer ", "site-").equals(path.site().value())
                  && seen.asPathLength() - 1 == seen.med()
                  && seen.med() == seen.originAs();
          assertTrue(isAnchor || isWhole, match.toString() + path);
        }
      }
    }
  }

  private static Thread thread(ConcurrentLinkedQueue<Throwable> faults, Runnable work) {
    Thread thread = Thread.ofPlatform().unstarted(work);
    thread.setUncaughtExceptionHandler((_, fault) -> faults.add(fault));
    return thread;
  }

  private Match match() {
    return routes.compile().lookup(IN_NET);
  }

  /** One path in the model. */
  private record Held(Told told, boolean stale) {}

  /** A view, and beside it the map that it is to be. */
  private static final class Modelled {
    final String name;
    final SiteId site;
    final boolean steers;
    final RouteFeed feed;
    final Map<String, Held> paths = new HashMap<>();

    Modelled(RoutingTable made, String name, Random random) {
      this.name = name;
      site = new SiteId("site-" + random.nextInt(3));
      steers = random.nextInt(4) > 0;
      feed = steers ? made.open(name, site) : made.watch(name, site);
    }

    void announce(Prefix prefix, long pathId, PathAttributes attributes) {
      feed.announce(prefix, pathId, attributes);
      paths.put(
          prefix + " " + pathId, new Held(new Told(name, site, prefix, pathId, attributes), false));
    }

    void withdraw(Prefix prefix, long pathId) {
      feed.withdraw(prefix, pathId);
      paths.remove(prefix + " " + pathId);
    }

    void stale(boolean v4) {
      feed.stale(v4);
      paths.values().removeIf(held -> held.stale() && isOf(held, v4));
      paths.replaceAll((_, held) -> isOf(held, v4) ? new Held(held.told(), true) : held);
    }

    void dropStale(boolean v4) {
      feed.dropStale(v4);
      paths.values().removeIf(held -> held.stale() && isOf(held, v4));
    }

    void clear(boolean v4) {
      feed.clear(v4);
      paths.values().removeIf(held -> isOf(held, v4));
    }

    private static boolean isOf(Held held, boolean v4) {
      return held.told().prefix().network().v4() == v4;
    }
  }
}
