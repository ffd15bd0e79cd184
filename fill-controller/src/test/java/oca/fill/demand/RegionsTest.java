package oca.fill.demand;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import oca.fill.demand.Regions.Origin;
import oca.model.SiteId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegionsTest {
  private static final SiteId NORTH = new SiteId("north");
  private static final SiteId SOUTH = new SiteId("south");

  private final Regions regions =
      new Regions(
          Map.of(
              NORTH, List.of("10.0.0.0/8", "2001:db8::/32"),
              SOUTH, List.of("10.1.0.0/16", "2001:db8:1::/48")),
          List.of("10.1.2.0/24"));

  @ParameterizedTest
  @CsvSource({
    "10.2.0.0,north",
    "10.1.0.0,south",
    "10.1.3.0,south",
    "2001:db8:2::,north",
    "2001:db8:1::,south",
    "::ffff:10.1.3.0,south",
  })
  void of_address_isTheRegionOfTheLongestPrefix(String client, String region) {
    assertEquals(new Origin.Viewers(new SiteId(region)), regions.of(client));
  }

  @Test
  void of_excludedInsideARegion_isExcluded() {
    assertEquals(new Origin.Excluded(), regions.of("10.1.2.0"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"11.0.0.0", "2001:db9::", "", "north.example", "10.1.2.0/24"})
  void of_anythingElse_isUnknown(String client) {
    assertEquals(new Origin.Unknown(), regions.of(client));
  }

  @Test
  void of_defaultRoute_matchesAllOfItsFamily() {
    Regions all = new Regions(Map.of(NORTH, List.of("0.0.0.0/0")), List.of());
    assertEquals(new Origin.Viewers(NORTH), all.of("203.0.113.0"));
    assertEquals(new Origin.Unknown(), all.of("2001:db8::"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"10.0.0.0", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.1/24", "x/8", "::1/64", "1::/x"})
  void create_malformedPrefix_isRefused(String prefix) {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Regions(Map.of(NORTH, List.of(prefix)), List.of()));
  }

  @Test
  void create_prefixGivenToTwo_isRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new Regions(
                Map.of(NORTH, List.of("10.0.0.0/8"), SOUTH, List.of("10.0.0.0/8")), List.of()));
  }
}
