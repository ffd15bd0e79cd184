package oca.steering.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import oca.model.Address;
import oca.model.Prefix;
import org.junit.jupiter.api.Test;

/** Against a {@link PrefixTree} of the same prefixes, and by hand where the two differ inside. */
class StretchTableTest {
  @Test
  void find_emptyTable_isNone() {
    StretchTable table = of();
    for (String address : List.of("::", "2000::", "2a00::1", "3fff:ffff::", "4000::", "ffff::")) {
      assertEquals("none", found(table, address));
    }
  }

  @Test
  void find_edgesOfStretches_areInside() {
    StretchTable table =
        of("2001:db8::/32", "2001:db8:1::/48", "2001:db8:1:ffff::/64", "3fff::/16");
    assertEquals("none", found(table, "2001:db7:ffff:ffff:ffff::"));
    assertEquals("2001:db8::/32", found(table, "2001:db8::"));
    assertEquals("2001:db8::/32", found(table, "2001:db8:0:ffff:ffff::"));
    assertEquals("2001:db8:1::/48", found(table, "2001:db8:1::"));
    assertEquals("2001:db8:1:ffff::/64", found(table, "2001:db8:1:ffff:ffff::1"));
    assertEquals("2001:db8::/32", found(table, "2001:db8:2::"));
    assertEquals("2001:db8::/32", found(table, "2001:db8:ffff:ffff:ffff::"));
    assertEquals("none", found(table, "2001:db9::"));
    assertEquals("3fff::/16", found(table, "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));
    assertEquals("none", found(table, "4000::"));
  }

  @Test
  void find_prefixesAroundAndOutsideTheGlobalOnes_areFoundOnBothSides() {
    StretchTable table = of("::/0", "::/2", "2000::/3", "fd00::/8", "8000::/1", "2a00::/12");
    assertEquals("::/2", found(table, "1fff::"));
    assertEquals("2000::/3", found(table, "2000::"));
    assertEquals("2a00::/12", found(table, "2a0f::"));
    assertEquals("2000::/3", found(table, "2a10::"));
    assertEquals("::/0", found(table, "4000::"));
    assertEquals("8000::/1", found(table, "8000::"));
    assertEquals("fd00::/8", found(table, "fd12::"));
    assertEquals("8000::/1", found(table, "fe80::1"));
  }

  @Test
  void find_longerThan64Bits_isFoundInItsOwnSixtyFour() {
    StretchTable table =
        of(
            "2001:db8::/48",
            "2001:db8::/80",
            "2001:db8::1/128",
            "2001:db8::/127",
            "2001:db8:0:1::5/128",
            "2a00::7/128");
    assertEquals("2001:db8::1/128", found(table, "2001:db8::1"));
    assertEquals("2001:db8::/127", found(table, "2001:db8::"));
    assertEquals("2001:db8::/80", found(table, "2001:db8::2"));
    assertEquals("2001:db8::/48", found(table, "2001:db8:0:0:1::"));
    assertEquals("2001:db8:0:1::5/128", found(table, "2001:db8:0:1::5"));
    assertEquals("2001:db8::/48", found(table, "2001:db8:0:1::6"));
    assertEquals("2001:db8::/48", found(table, "2001:db8:0:2::"));
    assertEquals("2a00::7/128", found(table, "2a00::7"));
    assertEquals("none", found(table, "2a00::8"));
  }

  @Property(tries = 300)
  void find_anyPrefixes_isThatOfATree(@ForAll long seed) {
    Random random = new Random(seed);
    check(random, 1 + random.nextInt(200), 300, "seed " + seed);
  }

  /** One of each size of the index. */
  @Property(tries = 2)
  void find_manyPrefixes_isThatOfATree(@ForAll long seed) {
    check(new Random(seed), 3_000, 20_000, "seed " + seed);
    check(new Random(seed), 40_000, 100_000, "seed " + seed);
  }

  private static void check(Random random, int count, int lookups, String seed) {
    PrefixColumns columns = new PrefixColumns(false, 0);
    Set<Prefix> told = new HashSet<>();
    for (int i = 0; i < count; i++) {
      Prefix prefix = prefix(random);
      if (told.add(prefix)) {
        columns.add(prefix.network().high(), prefix.network().low(), prefix.length(), i);
      }
    }
    StretchTable table = StretchTable.of(columns);
    PrefixTree tree = PrefixTree.of(columns);
    List<Prefix> all = List.copyOf(told);
    for (int i = 0; i < lookups; i++) {
      Address address =
          random.nextInt(4) == 0
              ? prefix(random).network()
              : RouteOracle.addressIn(all.get(random.nextInt(all.size())), random);
      long step = random.nextInt(3) - 1L;
      assertEquals(
          tree.find(address.high() + step, address.low()),
          table.find(address.high() + step, address.low()),
          address + " " + step + " " + seed);
    }
    assertTrue(table.bytes() > 0);
  }

  /** Of all lengths, close together, and most of them where the Internet is. */
  private static Prefix prefix(Random random) {
    long near = random.nextLong() & 0x0303_0000_8000_0103L;
    long high =
        switch (random.nextInt(6)) {
          case 0 -> random.nextLong();
          case 1 -> near;
          case 2 -> random.nextLong() >>> 3 | 1L << 61;
          default -> (near & (-1L >>> 3)) | 1L << 61;
        };
    int length = random.nextInt(4) == 0 ? random.nextInt(129) : random.nextInt(65);
    Address address = new Address(false, high, random.nextLong() & 0x8000_0000_0000_0003L);
    return new Prefix(address.first(length), length);
  }

  private static StretchTable of(String... prefixes) {
    PrefixColumns columns = new PrefixColumns(false, 0);
    for (String text : prefixes) {
      Prefix prefix = Prefix.parse(text);
      columns.add(prefix.network().high(), prefix.network().low(), prefix.length(), 0);
    }
    return StretchTable.of(columns);
  }

  private static String found(StretchTable table, String address) {
    Address asked = Address.parse(address);
    int found = table.find(asked.high(), asked.low());
    return found == 0 ? "none" : table.prefixes().prefix(found - 1).toString();
  }
}
