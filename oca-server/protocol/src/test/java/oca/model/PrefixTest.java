package oca.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixTest {

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0/0,0.0.0.0/0",
    "127.0.0.0/24,127.0.0.0/24",
    "192.0.2.1/32,192.0.2.1/32",
    "::/0,::/0",
    "2001:DB8::/32,2001:db8::/32",
    "2001:db8:0:0:1:0:0:0/80,2001:db8:0:0:1::/80",
    "::1/128,::1/128",
    "::ffff:10.0.0.0/104,10.0.0.0/8"
  })
  void parse_network_isWrittenInItsShortForm(String text, String written) {
    assertEquals(written, Prefix.parse(text).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "10.0.0.0",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/08",
        "10.0.0.0/-1",
        "10/8",
        "010.0.0.0/8",
        "10.0.0.256/32",
        "2001:db8::/129",
        "2001:db8::%eth0/64",
        "localhost/8",
        "[::1]/128",
        "::ffff:0:0/95",
        "::g/64"
      })
  void parse_anythingElse_isRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Prefix.parse(text));
  }

  @Test
  void parse_hostBitsSet_namesTheNetworkMeant() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Prefix.parse("2001:db8::1/64"));
    assertEquals(
        "2001:db8::1/64 has bits set behind its length; the network is 2001:db8::/64",
        e.getMessage());
  }

  @Test
  void contains_firstAndLastAddress_andNotTheNext() {
    Prefix prefix = Prefix.parse("10.1.2.0/23");
    assertTrue(prefix.contains(Address.parse("10.1.2.0")));
    assertTrue(prefix.contains(Address.parse("10.1.3.255")));
    assertFalse(prefix.contains(Address.parse("10.1.4.0")));
    assertTrue(prefix.contains(Address.parse("::ffff:10.1.2.9")));
    assertFalse(Prefix.parse("::/0").contains(Address.parse("10.1.2.9")));
  }

  @Property
  void address_anyBits_readsBackFromItsWrittenForm(@ForAll long high, @ForAll long low)
      throws UnknownHostException {
    Address v4 = new Address(true, high << 32, 0);
    assertEquals(v4, Address.parse(v4.toString()));
    assertEquals(v4, Address.of(InetAddress.ofLiteral(v4.toString())));
    for (long sparse : new long[] {high, 0, high & 0xffffL << 32}) {
      Address v6 = new Address(false, sparse, low | 1L << 63);
      assertEquals(v6, Address.parse(v6.toString()));
    }
  }
}
