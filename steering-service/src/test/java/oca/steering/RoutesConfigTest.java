package oca.steering;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.model.Address;
import oca.model.SiteId;
import oca.steering.routes.MrtFile;
import oca.steering.routes.bmp.Policy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutesConfigTest {
  private static final String FULL =
      """
      catalog: http://127.0.0.10:8440/catalog.json
      sites:
        - { id: north, latitude: 52.52, longitude: 13.40 }
      origin: 127.0.0.10:8440
      publicUri: http://127.0.0.1:8460
      routes:
        bgp:
          listen: 127.0.0.1:0
          routerId: 10.255.0.1
          peers:
            - { network: 127.0.0.2, as: 65000, site: north, holdTime: 30s, maxPrefixesV4: 1000000 }
          limits: { sessions: 8, neighbors: 16 }
        bmp:
          decideBy: pre-policy
          watch: true
          routers:
            - { network: 127.0.0.0/24, name: edge, site: north }
        mrt:
          - { path: /var/lib/oca/rib.gz, site: north, peer: 192.0.2.1, interval: 5s }
        filter: { acceptDefault: true, longestV4: 28 }
        limits: { views: 9, paths: 1000 }
        compileInterval: 1s
      """;

  @Test
  void parse_everythingGiven_isTaken() throws ConfigException {
    RoutesConfig routes = parse(FULL).routes();
    assertEquals(65_000, routes.bgp().orElseThrow().peers().getFirst().as());
    assertEquals(8, routes.bgp().orElseThrow().limits().sessions());
    assertEquals(Policy.PRE_POLICY, routes.bmp().orElseThrow().decideBy());
    assertEquals(
        new MrtFile.Settings(
            Path.of("/var/lib/oca/rib.gz"),
            new SiteId("north"),
            Address.parse("192.0.2.1"),
            Duration.ofSeconds(5),
            4 << 20,
            10_000_000),
        routes.mrt().getFirst().settings());
    assertTrue(routes.filter().acceptDefault());
    assertEquals(28, routes.filter().longestV4());
    assertEquals(48, routes.filter().longestV6());
    assertEquals(9, routes.limits().views());
    assertEquals(64, routes.limits().pathsToPrefix());
    assertEquals(Duration.ofSeconds(1), routes.compileInterval());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          network: 127.0.0.2|netwrok: 127.0.0.2|11:11: unknown key "netwrok"; did you mean "network"?
          as: 65000|as: 0|11:35: a peer's as must be 1 to 4294967295
          holdTime: 30s|holdTime: 1s|11:65: a peer's holdTime must be whole seconds
          longestV4: 28|longestV4: 33|20:45: longestV4 must be 0 to 32
          views: 9|views: 0|21:20: limits of routes must be 1 or more
          interval: 5s|interval: 0s|19:76: a dump's interval must be 1ms or more
          peer: 192.0.2.1|peer: example|19:7: not an IPv4 or IPv6 address: example
          compileInterval: 1s|compileInterval: 0s|22:20: routes.compileInterval must be 1ms or more
          as: 65000, site: north|as: 65000, site: nroth|the bgp peer 127.0.0.2 is given the site nroth, which is not one of the sites [north]
          name: edge, site: north|name: edge, site: nroth|the bmp router edge is given the site nroth
          rib.gz, site: north|rib.gz, site: nroth|the dump /var/lib/oca/rib.gz is given the site nroth
          """)
  void parse_whatCannotWork_isToldWithItsPlace(String part, String instead, String message) {
    ConfigException e =
        assertThrows(ConfigException.class, () -> parse(FULL.replace(part, instead)));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @Test
  void parse_dumpGivenTwice_isRefused() {
    String line =
        "    - { path: /var/lib/oca/rib.gz, site: north, peer: 192.0.2.1, interval: 5s }\n";
    assertTrue(FULL.contains(line));
    ConfigException e =
        assertThrows(ConfigException.class, () -> parse(FULL.replace(line, line + line)));
    assertTrue(e.getMessage().contains("is given twice"), e.getMessage());
  }

  private static SteeringConfig parse(String text) throws ConfigException {
    return ConfigFile.parse("steering.yaml", text, SteeringConfig.class);
  }
}
