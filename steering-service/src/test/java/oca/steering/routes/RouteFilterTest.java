package oca.steering.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import oca.model.Prefix;
import oca.model.SiteId;
import oca.steering.routes.RouteFilter.Rules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteFilterTest {
  private final RouteFilter filter = new RouteFilter(Rules.CUSTOMARY);

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0/0, DEFAULT_ROUTE",
    "::/0, DEFAULT_ROUTE",
    "10.0.0.0/8, BOGON",
    "10.20.30.0/24, BOGON",
    "100.64.0.0/10, BOGON",
    "127.0.0.0/24, BOGON",
    "172.31.0.0/16, BOGON",
    "192.168.0.0/16, BOGON",
    "198.19.0.0/16, BOGON",
    "203.0.113.0/24, BOGON",
    "224.0.0.0/4, BOGON",
    "255.0.0.0/8, BOGON",
    "2001:db8:1::/48, BOGON",
    "2001::/32, BOGON",
    "2002:1234::/32, BOGON",
    "fc00::/7, BOGON",
    "fe80::/10, BOGON",
    "::/8, BOGON",
    "::/1, BOGON",
    "4000::/3, BOGON",
    "8.8.8.0/25, TOO_LONG",
    "2a00:1450::/49, TOO_LONG",
  })
  void refusal_whatASiteIsNotToBeBelieved_hasAReason(String prefix, RouteRefusal reason) {
    assertEquals(reason, filter.refusal(Prefix.parse(prefix)));
    assertTrue(reason.sentence().length() > 5 && !reason.label().isBlank());
  }

  @ParameterizedTest
  @CsvSource({
    "8.8.8.0/24", "8.0.0.0/5", "172.32.0.0/16", "100.128.0.0/16", "223.255.255.0/24",
    "2a00:1450::/32", "2001:200::/32", "2001:db9::/48", "2620:4f:8000::/48", "2000::/3"
  })
  void refusal_whatNetworksExchange_isNone(String prefix) {
    assertNull(filter.refusal(Prefix.parse(prefix)));
  }

  @Test
  void refusal_rulesOfALab_letAllThrough() {
    RouteFilter lab = new RouteFilter(new Rules(true, true, 32, 128));
    for (String prefix : new String[] {"0.0.0.0/0", "127.0.0.1/32", "fc00::1/128", "::/0"}) {
      assertNull(lab.refusal(Prefix.parse(prefix)), prefix);
    }
    assertThrows(IllegalArgumentException.class, () -> new Rules(true, true, 33, 128));
  }

  @Test
  void over_announcements_areRefusedAndCountedButNotOfWatchedViews() {
    RoutingTable table =
        new RoutingTable(
            new RoutingTable.Limits(9, 99, 99, 9), Duration.ofSeconds(1), System::nanoTime);
    RouteViews views = filter.over(table);
    try (RouteFeed feed = views.open("bgp", new SiteId("north"));
        RouteFeed watched = views.watch("pre", new SiteId("north"))) {
      for (String prefix :
          new String[] {"0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "8.8.8.8/32", "8.8.8.0/24"}) {
        feed.announce(Prefix.parse(prefix), 0, PathAttributes.LOCAL);
        watched.announce(Prefix.parse(prefix), 0, PathAttributes.LOCAL);
      }
      assertEquals(1, feed.size());
      assertEquals(5, watched.size());
      Map<String, Long> refused = Map.of("default route", 1L, "bogon", 2L, "too long", 1L);
      assertEquals(refused, table.counts().refused());
      assertEquals(
          List.of(refused, Map.of()),
          table.views().stream().map(RoutingTable.ViewState::refused).toList());
      assertEquals(1, table.compile().size());
      feed.stale(true);
      feed.dropStale(true);
      assertEquals(0, feed.size());
    }
    assertEquals(0, table.compile().size());
    assertEquals(0, table.counts().paths());
  }
}
