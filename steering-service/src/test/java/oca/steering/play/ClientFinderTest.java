package oca.steering.play;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.model.Address;
import oca.model.Prefix;
import oca.protocol.http.Request;
import oca.steering.play.PlaybackConfig.ProxyHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientFinderTest {
  private static final InetAddress PROXY = InetAddress.ofLiteral("10.0.0.1");
  private static final InetAddress STRANGER = InetAddress.ofLiteral("192.0.2.9");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          198.51.100.7                          | 198.51.100.7
          6.6.6.6, 198.51.100.7                 | 198.51.100.7
          6.6.6.6, 198.51.100.7, 10.9.9.9       | 198.51.100.7
          10.1.1.1, 10.2.2.2                    | 10.1.1.1
          198.51.100.7:4711                     | 198.51.100.7
          2001:db8::7                           | 2001:db8::7
          [2001:db8::7]:4711                    | 2001:db8::7
          ::ffff:198.51.100.7                   | 198.51.100.7
          198.51.100.7, unknown                 | 10.0.0.1
          198.51.100.7, unknown, 10.9.9.9       | 10.9.9.9
          198.51.100.7,                         | 10.0.0.1
          010.1.1.1                             | 10.0.0.1
          localhost                             | 10.0.0.1
          """)
  void find_forwardedFor_isTheRightmostHopThatIsNoProxy(String header, String client) {
    assertEquals(
        Address.parse(client),
        finder(ProxyHeader.X_FORWARDED_FOR).behind(PROXY, Map.of("x-forwarded-for", header)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          for=198.51.100.7                                   | 198.51.100.7
          for=6.6.6.6, by=10.0.0.1;For="198.51.100.7:80"     | 198.51.100.7
          for="[2001:db8::7]:4711";proto=https               | 2001:db8::7
          for=198.51.100.7, for=10.3.3.3                     | 198.51.100.7
          for=_hidden                                        | 10.0.0.1
          proto=http                                         | 10.0.0.1
          """)
  void find_forwarded_isReadLikewise(String header, String client) {
    assertEquals(
        Address.parse(client),
        finder(ProxyHeader.FORWARDED).behind(PROXY, Map.of("forwarded", header)));
  }

  @Test
  void find_headersOfStrangers_areNotBelieved() {
    Map<String, String> headers = Map.of("x-forwarded-for", "6.6.6.6", "forwarded", "for=6.6.6.6");
    Address stranger = Address.of(STRANGER);
    assertEquals(stranger, finder(ProxyHeader.X_FORWARDED_FOR).behind(STRANGER, headers));
    assertEquals(stranger, finder(ProxyHeader.FORWARDED).behind(STRANGER, headers));
  }

  @Test
  void find_theHeaderThatTheProxyDoesNotWrite_isNotBelieved() {
    assertEquals(
        Address.of(PROXY),
        finder(ProxyHeader.X_FORWARDED_FOR).behind(PROXY, Map.of("forwarded", "for=6.6.6.6")));
  }

  @Test
  void find_clientParameter_countsFromTrustedCallersOnly() {
    ClientFinder finder = finder(ProxyHeader.X_FORWARDED_FOR);
    Map<String, String> query = Map.of("client", "2001:db8::7");
    InetAddress caller = InetAddress.ofLiteral("10.7.7.7");
    assertEquals(Optional.of(Address.parse("2001:db8::7")), finder.find(request(caller, query)));
    assertEquals(Optional.of(Address.of(STRANGER)), finder.find(request(STRANGER, query)));
    Request odd = request(caller, Map.of("client", "nobody"));
    assertEquals(Optional.empty(), finder.find(odd));
    assertEquals(Address.of(caller), finder.findAnyhow(odd));
  }

  @Property
  void behind_anyHeader_isAnAddressThatTheProxySaid(@ForAll String garbage) {
    ClientFinder finder = finder(ProxyHeader.X_FORWARDED_FOR);
    assertEquals(
        Address.parse("198.51.100.7"),
        finder.behind(PROXY, Map.of("x-forwarded-for", garbage + ", 198.51.100.7")));
    assertTrue(finder.behind(PROXY, Map.of("x-forwarded-for", garbage)).bits() > 0);
    assertTrue(
        finder(ProxyHeader.FORWARDED).behind(PROXY, Map.of("forwarded", garbage)).bits() > 0);
  }

  @Property
  void behind_anyChain_isTheLastThatIsNoProxy(@ForAll("chains") List<Address> chain) {
    Prefix proxies = Prefix.parse("10.0.0.0/8");
    Address expected = Address.of(PROXY);
    for (Address hop : chain.reversed()) {
      expected = hop;
      if (!proxies.contains(hop)) {
        break;
      }
    }
    String header = String.join(", ", chain.stream().map(Address::toString).toList());
    assertEquals(
        expected,
        finder(ProxyHeader.X_FORWARDED_FOR).behind(PROXY, Map.of("x-forwarded-for", header)));
  }

  @Property(tries = 20)
  void behind_endlessHeader_isReadToALimit(@ForAll("hops") Address hop) {
    String header = (hop + ",").repeat(100_000) + "10.0.0.2";
    ClientFinder finder = finder(ProxyHeader.X_FORWARDED_FOR);
    Address found = finder.behind(PROXY, Map.of("x-forwarded-for", header));
    assertEquals(hop, found);
  }

  @Provide
  Arbitrary<List<Address>> chains() {
    return hops().list().ofMinSize(1).ofMaxSize(20);
  }

  @Provide
  Arbitrary<Address> hops() {
    return Arbitraries.oneOf(
        Arbitraries.integers().between(0, 255).map(last -> Address.parse("10.0.0." + last)),
        Arbitraries.integers().between(0, 255).map(last -> Address.parse("198.51.100." + last)),
        Arbitraries.integers()
            .between(0, 65_535)
            .map(last -> Address.parse("2001:db8::" + Integer.toHexString(last))));
  }

  private static ClientFinder finder(ProxyHeader header) {
    String yaml =
        "{ proxies: [\"10.0.0.0/8\"], trustedCallers: [\"10.7.0.0/16\"], proxyHeader: %s }"
            .formatted(header);
    try {
      return new ClientFinder(ConfigFile.parse("play.yaml", yaml, PlaybackConfig.class), false);
    } catch (ConfigException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Request request(InetAddress from, Map<String, String> query) {
    return new Request("GET", "/", "", query, Map.of(), from, new byte[0]);
  }
}
