package oca.fill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.fill.publish.FlowRules;
import oca.model.SiteId;
import org.junit.jupiter.api.Test;

class FlowConfigTest {
  private static final String LEAST =
      """
      database: /var/lib/oca/fill
      origin: {catalog: "http://127.0.0.1:80/c", content: "http://127.0.0.1:80/"}
      """;

  @Test
  void rules_aShortDay_haveShortWaitsButRatesOfTheWall() throws ConfigException {
    FlowRules rules = parse("day: 30s\nfillRate: 5MB\n").flowRules();
    assertEquals(Duration.ofMillis(208), rules.siteAfter());
    assertEquals(Duration.ofMillis(625), rules.originAfter());
    assertEquals(5_000_000, rules.caps().appliance());
  }

  @Test
  void rules_sitesAndLinks_areBoundsOfThoseSites() throws ConfigException {
    FlowRules rules =
        parse(
                """
                flow:
                  sites: [{site: north, rate: 5MB}]
                  links: [{name: transit, sites: [north, south], rate: 8MB}]
                """)
            .flowRules();
    SiteId north = new SiteId("north");
    assertEquals(
        java.util.List.of(
            new FlowRules.Bound("north", Set.of(north), 5_000_000),
            new FlowRules.Bound("transit", Set.of(north, new SiteId("south")), 8_000_000)),
        rules.caps().bounds());
  }

  @Test
  void calendars_ofASite_areItsOwnOrElseTheCommonOne() throws ConfigException {
    FillConfig config =
        parse(
            """
            window: {opens: "02:00", closes: "06:00"}
            flow:
              windows:
                - {sites: [south, west], opens: "22:00", closes: "23:00", zone: Europe/Lisbon, days: [SATURDAY]}
                - {sites: [south], opens: "12:00", closes: "13:00", zone: UTC}
            """);
    Instant thursday = Instant.parse("2026-11-12T00:00:00Z");
    assertEquals(
        Instant.parse("2026-11-12T02:00:00Z"),
        config.calendars(new SiteId("north")).at(thursday).opens());
    assertEquals(
        Instant.parse("2026-11-12T12:00:00Z"),
        config.calendars(new SiteId("south")).at(thursday).opens());
    assertEquals(
        Instant.parse("2026-11-14T22:00:00Z"),
        config.calendars(new SiteId("west")).at(thursday).opens());
  }

  @Test
  void parse_whatCannotBe_isRefusedByName() {
    refused("flow: {masters: 0}\n", "flow.masters must be 1 to 16");
    refused("flow: {originAfter: 1min}\n", "flow.originAfter must be more than flow.siteAfter");
    refused("flow: {originAfter: 2d}\n", "1d at most");
    refused("flow: {hops: [{site: a, from: [a]}]}\n", "a hop of itself");
    refused("flow: {links: [{name: l, sites: [], rate: 1MB}]}\n", "has no sites");
    refused("flow: {costs: [{from: a, to: b, cost: -1}]}\n", "0 or more");
  }

  private static void refused(String more, String why) {
    ConfigException e = assertThrows(ConfigException.class, () -> parse(more));
    assertTrue(String.valueOf(e.getMessage()).contains(why), e.getMessage());
  }

  private static FillConfig parse(String more) throws ConfigException {
    return ConfigFile.parse("fill.yaml", LEAST + more, FillConfig.class);
  }
}
