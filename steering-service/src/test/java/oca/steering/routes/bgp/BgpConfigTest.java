package oca.steering.routes.bgp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.model.Address;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.steering.routes.bgp.BgpConfig.Limits;
import oca.steering.routes.bgp.BgpConfig.Peer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BgpConfigTest {
  private static BgpConfig parse(String text) throws ConfigException {
    return ConfigFile.parse("test", text, BgpConfig.class);
  }

  @Test
  void parse_onlyWhatMustBeGiven_takesTheDefaults() throws ConfigException {
    assertEquals(
        new BgpConfig(
            new Endpoint("127.0.0.1", 1790),
            "192.0.2.1",
            List.of(
                new Peer(
                    "192.0.2.9",
                    65_000,
                    0,
                    new SiteId("north"),
                    Duration.ofSeconds(90),
                    250_000,
                    100_000)),
            new Limits(
                256,
                1024,
                Duration.ofSeconds(30),
                Duration.ofSeconds(5),
                Duration.ofMinutes(5),
                Duration.ofMinutes(15),
                Duration.ofMinutes(2),
                Duration.ofMinutes(6))),
        parse(
            """
            routerId: 192.0.2.1
            peers:
              - { network: 192.0.2.9, as: 65000, site: north }
            """));
  }

  @Test
  void peer_severalFit_isTheLongest() throws ConfigException {
    BgpConfig config =
        parse(
            """
            routerId: 192.0.2.1
            peers:
              - { network: 192.0.2.0/24, as: 1, site: north }
              - { network: 192.0.2.9, as: 2, site: north }
              - { network: "2001:db8::/32", as: 3, site: north }
            """);
    assertEquals(2, as(config, "192.0.2.9"));
    assertEquals(1, as(config, "192.0.2.8"));
    assertEquals(3, as(config, "2001:db8::1"));
    assertNull(config.peer(Address.parse("198.51.100.1")));
  }

  private static long as(BgpConfig config, String address) {
    Peer peer = config.peer(Address.parse(address));
    return peer == null ? 0 : peer.as();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "network: north, as: 1, site: north                    | not an IPv4 or IPv6 address",
        "network: 192.0.2.1/24, as: 1, site: north             | bits set behind its length",
        "network: 192.0.2.9, as: 0, site: north                | as must be 1 to",
        "network: 192.0.2.9, as: 1, site: north, localAs: -1   | localAs must be 0 to",
        "network: 192.0.2.9, as: 1, site: north, holdTime: 2s  | holdTime must be whole seconds",
        "network: 192.0.2.9, as: 1, site: north, maxPrefixesV4: 0 | maxPrefixesV4 must be above 0",
        "network: 192.0.2.9, as: 1, site: north, md5: secret   | unknown key",
      })
  void parse_peerFaulty_isRefused(String peer, String why) {
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () -> parse("routerId: 192.0.2.1\npeers:\n  - { " + peer + " }\n"));
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }

  @Test
  void parse_samePeerTwice_isRefused() {
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () ->
                parse(
                    """
                    routerId: 192.0.2.1
                    peers:
                      - { network: 192.0.2.9, as: 1, site: north }
                      - { network: 192.0.2.9/32, as: 2, site: north }
                    """));
    assertTrue(e.getMessage().contains("given twice; keep one"), e.getMessage());
  }
}
