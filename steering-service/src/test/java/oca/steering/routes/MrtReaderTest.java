package oca.steering.routes;

import static oca.steering.routes.MrtWriter.attribute;
import static oca.steering.routes.MrtWriter.attributes;
import static oca.steering.routes.MrtWriter.join;
import static oca.steering.routes.MrtWriter.med;
import static oca.steering.routes.MrtWriter.segment;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import oca.model.Address;
import oca.steering.routes.MrtReader.End;
import oca.steering.routes.MrtReader.Found;
import oca.steering.routes.MrtWriter.Entry;
import org.junit.jupiter.api.Test;

class MrtReaderTest {
  private static final MrtReader.Limits LIMITS = new MrtReader.Limits(1 << 16, 1000);

  private final Map<String, PathAttributes> routes = new LinkedHashMap<>();

  @Test
  void read_bothFamilies_tellsEachPrefixWithItsBestPath() throws IOException {
    MrtWriter dump =
        new MrtWriter()
            .index("10.0.0.1", "2001:db8::1")
            .rib(
                "8.8.8.0/24",
                new Entry(0, 0, attributes(0, 64_500, 3356, 15_169)),
                new Entry(1, 0, attributes(7, 4_200_000_000L, 15_169)))
            .rib("2a00:1450::/32", new Entry(1, 0, attributes(0xffff_ffffL, 15_169)))
            .rib("0.0.0.0/0", new Entry(0, 0, attributes(0, 1)))
            .rib(
                true,
                "9.9.9.9/32",
                new Entry(0, 1, attributes(9, 1, 2)),
                new Entry(0, 2, attributes(3, 1, 2)))
            .rib(true, "2620:fe::/47", new Entry(0, 5, attributes(0, 19_281)));
    Map<String, PathAttributes> expected =
        Map.of(
            "8.8.8.0/24", new PathAttributes(2, 7, 15_169),
            "2a00:1450::/32", new PathAttributes(1, 0xffff_ffffL, 15_169),
            "0.0.0.0/0", new PathAttributes(1, 0, 1),
            "9.9.9.9/32", new PathAttributes(2, 3, 2),
            "2620:fe::/47", new PathAttributes(1, 0, 19_281));
    assertEquals(Map.of(Found.ROUTE, 5L), read(dump.dump(), null, End.CLEAN));
    assertEquals(expected, routes);
    routes.clear();
    assertEquals(Map.of(Found.ROUTE, 5L), read(dump.gzip(), null, End.CLEAN));
    assertEquals(expected, routes);
  }

  /** The octets as they stand in a file, so that writer and reader do not err alike. */
  @Test
  void read_octetsByHand_areARoute() throws IOException {
    byte[] dump =
        octets(
            "65a0c5b4 000d 0001 0000001c"
                + "c6336401 0004 74657374 0001" // collector, "test", one peer
                + "02 c0000201 c0000201 0000fde9" // IPv4, four octets of AS
                + "000000" // after the last peer: nobody's
                + "65a0c5b4 000d 0002 0000002d"
                + "00000000 18 cb0071 0001" // 203.0.113.0/24, one entry
                + "0000 65a0c000 0019"
                + "40 01 01 00"
                + "50 02 000e 0203 0000fde9 00000d1c 00003b41"
                + "c0 08 00" // communities, none
                + "0000");
    // Trailing octets of the last record are nobody's either.
    assertEquals(Map.of(Found.ROUTE, 1L), read(dump, null, End.CLEAN));
    assertEquals(Map.of("203.0.113.0/24", new PathAttributes(3, 0, 15_169)), routes);
  }

  @Test
  void read_chosenPeer_tellsItsRoutesOnly() throws IOException {
    byte[] dump =
        new MrtWriter()
            .index("10.0.0.1", "2001:db8::1", "10.0.0.1")
            .rib(
                "8.8.8.0/24",
                new Entry(0, 0, attributes(0, 1)),
                new Entry(1, 0, attributes(0, 1, 2)))
            .rib("9.9.9.0/24", new Entry(0, 0, attributes(0, 1)))
            .rib("7.7.7.0/24", new Entry(3, 0, attributes(0, 1)))
            .dump();
    assertEquals(
        Map.of(Found.ROUTE, 1L, Found.OTHER_PEER, 2L, Found.MALFORMED_PATH, 1L),
        read(dump, Address.parse("2001:db8::1"), End.CLEAN));
    assertEquals(Map.of("8.8.8.0/24", new PathAttributes(2, 0, 2)), routes);
    routes.clear();
    read(dump, Address.parse("10.0.0.1"), End.CLEAN);
    assertEquals(2, routes.size());
  }

  @Test
  void attributes_eachKindOfSegment_countsByItsRule() {
    assertEquals(new PathAttributes(0, 0, 0), path(new byte[0]));
    assertEquals(new PathAttributes(2, 0, 0), path(join(segment(2, 5), segment(1, 6, 7, 8))));
    assertEquals(new PathAttributes(2, 0, 9), path(join(segment(1, 6, 7), segment(2, 9))));
    assertEquals(
        new PathAttributes(2, 0, 6),
        path(join(segment(3, 64_512, 64_513), segment(4, 64_514), segment(2, 5, 6))));
    assertEquals(new PathAttributes(0, 0, 0), path(segment(3, 64_512)));
    long[] many = new long[255];
    Arrays.fill(many, 3);
    assertEquals(new PathAttributes(510, 0, 3), path(join(segment(2, many), segment(2, many))));
  }

  @Test
  void attributes_thatContradictThemselves_areNull() {
    assertNull(path(new byte[] {2, 0}));
    assertNull(path(new byte[] {2, 2, 0, 0, 0, 1}));
    assertNull(path(new byte[] {9, 1, 0, 0, 0, 1}));
    assertNull(path(new byte[] {2}));
    assertNull(MrtAttributes.read(ByteBuffer.wrap(med(3))));
    assertNull(
        MrtAttributes.read(
            ByteBuffer.wrap(join(attribute(2, segment(2, 1)), attribute(4, new byte[3])))));
    assertNull(MrtAttributes.read(ByteBuffer.wrap(new byte[] {0x40, 2, 9, 2})));
    assertNull(MrtAttributes.read(ByteBuffer.wrap(new byte[] {0x50, 2, 0})));
    assertEquals(
        new PathAttributes(1, 3, 1),
        MrtAttributes.read(
            ByteBuffer.wrap(
                join(
                    attribute(2, segment(2, 1)), med(3), med(4), attribute(2, segment(2, 7, 8))))));
  }

  @Test
  void read_oddRecords_areCountedAndSkipped() throws IOException {
    byte[] dump =
        new MrtWriter()
            .record(16, 4, new byte[40])
            .record(13, 6, new byte[10])
            .record(13, 2, new byte[] {0, 0, 0, 0, 33, 1, 2, 3, 4, 5, 0, 0})
            .record(13, 4, new byte[] {0, 0, 0, 0, (byte) 129})
            .record(13, 2, new byte[] {0, 0, 0, 0, 24, 1})
            .record(13, 1, new byte[] {0, 0, 0, 0, 1, 0})
            .rib("8.8.8.0/24", new Entry(0, 0, new byte[] {1, 2, 3}))
            .rib("9.9.9.0/24", new Entry(0, 0, attributes(0, 1)))
            .dump();
    assertEquals(
        Map.of(
            Found.OTHER_TYPE, 2L,
            Found.MALFORMED_RECORD, 4L,
            Found.MALFORMED_PATH, 1L,
            Found.ROUTE, 1L),
        read(dump, null, End.CLEAN));
  }

  @Test
  void read_absurdLengthOrTooManyRecords_endsThere() throws IOException {
    MrtWriter dump = new MrtWriter().rib("9.9.9.0/24", new Entry(0, 0, attributes(0, 1)));
    byte[] absurd = join(dump.dump(), octets("00000000 000d 0002 ffffffff"));
    assertEquals(Map.of(Found.ROUTE, 1L), read(absurd, null, End.ABSURD));
    byte[] large = join(dump.dump(), octets("00000000 000d 0002 00010001"), new byte[1 << 17]);
    assertEquals(Map.of(Found.ROUTE, 1L), read(large, null, End.ABSURD));
    for (int i = 0; i < 1000; i++) {
      dump.record(13, 6, new byte[0]);
    }
    read(dump.dump(), null, End.TOO_LONG);
  }

  @Test
  void read_bzip2_namesTheRemedy() {
    IOException e =
        assertThrows(IOException.class, () -> read(octets("425a6839"), null, End.CLEAN));
    assertTrue(e.getMessage().contains("bzip2"), e.getMessage());
  }

  @Test
  void read_truncatedAtEachOctet_tellsWhatCameBefore() throws IOException {
    byte[][] records = {
      new MrtWriter().index("10.0.0.1", "2001:db8::1").dump(),
      new MrtWriter().rib("8.8.8.0/24", new Entry(0, 0, attributes(0, 1, 2))).dump(),
      new MrtWriter().rib(true, "2a00::/32", new Entry(1, 4, attributes(0, 1, 2))).dump()
    };
    byte[] dump = join(records);
    int first = records[0].length;
    int second = first + records[1].length;
    for (int length = 0; length <= dump.length; length++) {
      routes.clear();
      boolean clean = length == 0 || length == first || length == second || length == dump.length;
      read(Arrays.copyOf(dump, length), null, clean ? End.CLEAN : End.TRUNCATED);
      assertEquals(length == dump.length ? 2 : length >= second ? 1 : 0, routes.size());
    }
    byte[] packed = new MrtWriter().rib("8.8.8.0/24", new Entry(0, 0, attributes(0, 1, 2))).gzip();
    for (int length = 1; length < packed.length; length++) {
      routes.clear();
      read(Arrays.copyOf(packed, length), null, End.TRUNCATED);
    }
  }

  /** Each record ends early by its own account, or one octet of the dump is another. */
  @Property(tries = 500)
  void read_spoiltDump_neverThrows(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    byte[] dump =
        new MrtWriter()
            .index("10.0.0.1", "2001:db8::1")
            .rib("8.8.8.0/24", new Entry(0, 0, attributes(0, 1, 2)))
            .rib(true, "2a00::/32", new Entry(1, 4, attributes(0, 1, 2)))
            .dump();
    for (int spoilt = 0; spoilt <= random.nextInt(3); spoilt++) {
      // Not the first two: they would make it another kind of file.
      dump[2 + random.nextInt(dump.length - 2)] = (byte) random.nextInt();
    }
    MrtReader reader =
        new MrtReader(
            LIMITS, random.nextBoolean() ? null : Address.parse("10.0.0.1"), (_, _) -> {});
    reader.read(new ByteArrayInputStream(dump));
    assertTrue(reader.counts().values().stream().mapToLong(Long::longValue).sum() <= 6);
  }

  private Map<Found, Long> read(byte[] dump, Address peer, End end) throws IOException {
    MrtReader reader =
        new MrtReader(
            LIMITS, peer, (prefix, attributes) -> routes.put(prefix.toString(), attributes));
    assertEquals(end, reader.read(new ByteArrayInputStream(dump)));
    return new TreeMap<>(reader.counts());
  }

  private static PathAttributes path(byte[] segments) {
    return MrtAttributes.read(ByteBuffer.wrap(attribute(2, segments)));
  }

  private static byte[] octets(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }
}
