package oca.steering.routes.bgp.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import oca.model.Address;
import oca.model.Prefix;
import oca.steering.routes.bgp.wire.AsPath.Kind;
import oca.steering.routes.bgp.wire.AsPath.Segment;
import oca.steering.routes.bgp.wire.Message.Keepalive;
import oca.steering.routes.bgp.wire.Message.Notification;
import oca.steering.routes.bgp.wire.Message.Open;
import oca.steering.routes.bgp.wire.Message.RouteRefresh;
import oca.steering.routes.bgp.wire.Message.Update;

/** What is written is read again; what is damaged is read as something, always. */
class MessagePropertyTest {
  private static Decoded decode(byte[] bytes, Negotiated negotiated) {
    return MessageDecoder.decode(ByteBuffer.wrap(bytes), negotiated, MessageDecoder.MAX);
  }

  @Property(tries = 2000)
  void encode_anyMessage_isReadAgain(@ForAll long seed) {
    Random random = new Random(seed);
    Negotiated negotiated = negotiated(random);
    Message message = message(random, negotiated);
    byte[] bytes = MessageEncoder.encode(message, negotiated);
    assertEquals(new Decoded.Read(message), decode(bytes, negotiated), "seed " + seed);
  }

  @Property(tries = 200)
  void decode_everyTruncation_endsWithAValue(@ForAll long seed) {
    Random random = new Random(seed);
    Negotiated negotiated = negotiated(random);
    byte[] bytes = MessageEncoder.encode(message(random, negotiated), negotiated);
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(bytes, length);
      assertTrue(decode(cut, negotiated) instanceof Decoded.Refused, "seed " + seed);
      if (length >= MessageDecoder.HEADER) {
        cut[16] = (byte) (length >> 8);
        cut[17] = (byte) length;
        assertNotNull(decode(cut, negotiated), "seed " + seed);
      }
    }
  }

  @Property(tries = 60)
  void decode_everyByteCorrupted_endsWithAValue(@ForAll long seed) {
    Random random = new Random(seed);
    Negotiated negotiated = negotiated(random);
    byte[] bytes = MessageEncoder.encode(message(random, negotiated), negotiated);
    for (int at = 0; at < bytes.length; at++) {
      byte good = bytes[at];
      for (int other :
          new int[] {0, 1, 0x7f, 0x80, 0xff, good ^ 1, good ^ 0x40, random.nextInt()}) {
        bytes[at] = (byte) other;
        assertNotNull(decode(bytes, negotiated), "seed " + seed);
        assertNotNull(decode(bytes, negotiated(random)), "seed " + seed);
      }
      bytes[at] = good;
    }
  }

  @Property(tries = 2000)
  void decode_anyBody_endsWithAValue(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] bytes = new byte[MessageDecoder.HEADER + random.nextInt(200)];
    random.nextBytes(bytes);
    java.util.Arrays.fill(bytes, 0, 16, (byte) 0xff);
    bytes[16] = 0;
    bytes[17] = (byte) bytes.length;
    bytes[18] = (byte) (1 + random.nextInt(5));
    assertNotNull(decode(bytes, negotiated(random)), "seed " + seed);
  }

  private static Negotiated negotiated(Random random) {
    return new Negotiated(
        random.nextBoolean(), random.nextBoolean(), random.nextBoolean(), random.nextBoolean());
  }

  private static Message message(Random random, Negotiated negotiated) {
    return switch (random.nextInt(8)) {
      case 0 -> new Keepalive();
      case 1 -> new RouteRefresh(random.nextInt(1 << 16), random.nextInt(256));
      case 2 -> {
        byte[] data = new byte[random.nextInt(60)];
        random.nextBytes(data);
        yield new Notification(random.nextInt(256), random.nextInt(256), data);
      }
      case 3, 4 -> open(random);
      case 5 -> Update.endOf(random.nextBoolean() ? Family.IPV4 : Family.IPV6);
      default -> update(random, negotiated);
    };
  }

  private static Open open(Random random) {
    long as = 1 + (random.nextInt() & 0xffff_fffeL);
    List<Capability> capabilities = new ArrayList<>();
    for (int i = random.nextInt(30); i > 0; i--) {
      capabilities.add(capability(random, as));
    }
    capabilities.add(new Capability.FourOctetAs(as));
    long id = 1 + (random.nextInt() & 0xffff_fffeL);
    return new Open(as, 3 + random.nextInt(65_000), new Address(true, id << 32, 0), capabilities);
  }

  private static Capability capability(Random random, long as) {
    int safi = random.nextInt(256);
    return switch (random.nextInt(6)) {
      case 0 -> new Capability.Multiprotocol(random.nextInt(4), safi);
      case 1 -> new Capability.RouteRefresh();
      case 2 -> new Capability.FourOctetAs(as);
      case 3 -> {
        boolean receive = random.nextBoolean();
        yield new Capability.AddPath(
            List.of(
                new Capability.Direction(1, safi, receive, !receive),
                new Capability.Direction(2, 1, true, random.nextBoolean())));
      }
      case 4 ->
          new Capability.GracefulRestart(
              random.nextBoolean(),
              random.nextInt(4096),
              List.of(new Capability.Kept(random.nextInt(3), safi, random.nextBoolean())));
      default -> new Capability.Other(128 + random.nextInt(100), "00ff".repeat(random.nextInt(20)));
    };
  }

  private static Update update(Random random, Negotiated negotiated) {
    List<Nlri> withdrawn = paths(random, negotiated, true);
    List<Nlri> announced = paths(random, negotiated, true);
    withdrawn.addAll(paths(random, negotiated, false));
    announced.addAll(paths(random, negotiated, false));
    if (withdrawn.isEmpty() && announced.isEmpty()) {
      return Update.endOf(Family.IPV4);
    }
    if (announced.isEmpty()) {
      return Update.of(order(withdrawn), announced, AsPath.EMPTY, 0);
    }
    long med = random.nextBoolean() ? 0 : random.nextInt() & 0xffff_ffffL;
    return Update.of(order(withdrawn), order(announced), asPath(random), med);
  }

  /** IPv4 first, as the fields stand in a message. */
  private static List<Nlri> order(List<Nlri> paths) {
    return paths.stream().sorted(java.util.Comparator.comparing(Nlri::family)).toList();
  }

  private static List<Nlri> paths(Random random, Negotiated negotiated, boolean v4) {
    List<Nlri> paths = new ArrayList<>();
    for (int i = random.nextBoolean() ? 0 : random.nextInt(20); i > 0; i--) {
      Address address =
          v4
              ? new Address(true, random.nextLong() << 32, 0)
              : new Address(false, random.nextLong() | 1L << 61, random.nextLong());
      int length = random.nextInt(address.bits() + 1);
      boolean addPath = negotiated.addPath(Family.of(v4));
      paths.add(
          new Nlri(
              new Prefix(address.first(length), length),
              addPath ? random.nextInt() & 0xffff_ffffL : 0));
    }
    return paths;
  }

  /** Confederations only in front, where they belong. */
  private static AsPath asPath(Random random) {
    List<Segment> segments = new ArrayList<>();
    if (random.nextInt(4) == 0) {
      segments.add(new Segment(Kind.CONFED_SEQUENCE, ases(random, 60_000)));
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      segments.add(
          new Segment(random.nextInt(4) == 0 ? Kind.SET : Kind.SEQUENCE, ases(random, 1 << 31)));
    }
    return new AsPath(segments);
  }

  private static List<Long> ases(Random random, int bound) {
    return LongStream.generate(() -> 1 + random.nextLong(Math.abs((long) bound)))
        .limit(1 + random.nextInt(9))
        .boxed()
        .toList();
  }
}
