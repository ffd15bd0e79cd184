package oca.steering.routes.bgp.wire;

import static oca.steering.routes.bgp.wire.AttributeFault.Treatment.DISCARD;
import static oca.steering.routes.bgp.wire.AttributeFault.Treatment.WITHDRAW;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import oca.steering.routes.bgp.wire.AttributeFault.Treatment;
import oca.steering.routes.bgp.wire.Message.Notification;
import org.jspecify.annotations.Nullable;

/**
 * Reads path attributes (RFC 4271, section 4.3), each fault treated as RFC 7606 says. Of use to
 * whatever carries attributes: UPDATE, BMP, dumps.
 *
 * <pre>
 *   0        1        2             3 or 4
 *   +--------+--------+-------------+--------------+
 *   | flags  | type   | length 1, 2 | value        |
 *   +--------+--------+-------------+--------------+
 *   flags: 80 optional, 40 transitive, 20 partial, 10 length has two bytes
 * </pre>
 */
public final class AttributeDecoder {
  static final int ORIGIN = 1;
  static final int AS_PATH = 2;
  static final int NEXT_HOP = 3;
  static final int MED = 4;
  static final int LOCAL_PREF = 5;
  static final int ATOMIC_AGGREGATE = 6;
  static final int AGGREGATOR = 7;
  static final int COMMUNITIES = 8;
  static final int ORIGINATOR_ID = 9;
  static final int CLUSTER_LIST = 10;
  static final int MP_REACH = 14;
  static final int MP_UNREACH = 15;
  static final int EXTENDED_COMMUNITIES = 16;
  static final int AS4_PATH = 17;
  static final int AS4_AGGREGATOR = 18;
  static final int LARGE_COMMUNITIES = 32;

  private static final int EXTENDED_LENGTH = 0x10;
  private static final int OPTIONAL = 0x80;
  private static final int TRANSITIVE = 0x40;

  private final Negotiated negotiated;
  private final Set<Integer> types = new HashSet<>();
  private final List<AttributeFault> faults = new ArrayList<>();
  private AsPath asPath = AsPath.EMPTY;
  private @Nullable AsPath as4Path;
  private long aggregatorAs = AsPath.AS_TRANS;
  private long med;
  private @Nullable ByteBuffer reach;
  private @Nullable ByteBuffer unreach;
  private @Nullable Notification reset;

  private AttributeDecoder(Negotiated negotiated) {
    this.negotiated = negotiated;
  }

  /** Reads to the end of {@code in}, or to the first fault behind which nothing can be found. */
  public static Attributes decode(ByteBuffer in, Negotiated negotiated) {
    AttributeDecoder decoder = new AttributeDecoder(negotiated);
    boolean more = true;
    while (more && in.hasRemaining()) {
      more = decoder.next(in);
    }
    return decoder.result();
  }

  /** Reads one; false when the next cannot be found (RFC 7606, section 4). */
  private boolean next(ByteBuffer in) {
    ByteBuffer whole = in.slice();
    int flags = in.get() & 0xff;
    boolean extended = (flags & EXTENDED_LENGTH) != 0;
    if (in.remaining() < (extended ? 3 : 2)) {
      fault(0, WITHDRAW, "fewer bytes are left than an attribute has");
      return false;
    }
    int type = in.get() & 0xff;
    int length = extended ? Short.toUnsignedInt(in.getShort()) : in.get() & 0xff;
    if (length > in.remaining()) {
      overrun(type);
      return false;
    }
    ByteBuffer value = in.slice(in.position(), length);
    in.position(in.position() + length);
    whole.limit(whole.remaining() - in.remaining());
    if (types.add(type)) {
      attribute(flags, type, value, whole);
    } else if (type == MP_REACH || type == MP_UNREACH) {
      reset(1, new byte[0]);
    } else {
      fault(type, DISCARD, "it is given more than once; the first holds");
    }
    return reset == null;
  }

  private void overrun(int type) {
    types.add(type);
    if (type == MP_REACH || type == MP_UNREACH) {
      // Which routes are meant cannot be told, so that none could be withdrawn (section 3j).
      reset(9, new byte[0]);
    } else {
      fault(type, WITHDRAW, "it ends behind the attributes' total length");
    }
  }

  private void attribute(int flags, int type, ByteBuffer value, ByteBuffer whole) {
    int expected = expectedFlags(type);
    if (expected < 0) {
      if ((flags & OPTIONAL) == 0) {
        reset(2, bytes(whole));
      }
      return;
    }
    if (!negotiated.internal() && isInternal(type)) {
      return;
    }
    if ((flags & (OPTIONAL | TRANSITIVE)) != expected) {
      fault(type, WITHDRAW, "its optional and transitive flags are not those of its type");
    }
    switch (type) {
      case ORIGIN -> check(type, WITHDRAW, value.remaining() == 1 && (value.get(0) & 0xff) <= 2);
      case AS_PATH -> asPath(value);
      case MED -> med(value);
      case AGGREGATOR -> aggregator(value);
      case AS4_PATH -> as4Path(value);
      case MP_REACH -> reach = value;
      case MP_UNREACH -> unreach = value;
      case NEXT_HOP, LOCAL_PREF, ORIGINATOR_ID ->
          check(type, WITHDRAW, value.remaining() == Integer.BYTES);
      case ATOMIC_AGGREGATE -> check(type, DISCARD, !value.hasRemaining());
      case AS4_AGGREGATOR ->
          check(type, DISCARD, negotiated.fourOctetAs() || value.remaining() == 8);
      case COMMUNITIES, CLUSTER_LIST -> check(type, WITHDRAW, isListOf(value, 4));
      case EXTENDED_COMMUNITIES -> check(type, WITHDRAW, isListOf(value, 8));
      case LARGE_COMMUNITIES -> check(type, WITHDRAW, isListOf(value, 12));
      default -> throw new IllegalStateException("flags, but no check, for attribute " + type);
    }
  }

  private static int expectedFlags(int type) {
    return switch (type) {
      case ORIGIN, AS_PATH, NEXT_HOP, LOCAL_PREF, ATOMIC_AGGREGATE -> TRANSITIVE;
      case MED, ORIGINATOR_ID, CLUSTER_LIST, MP_REACH, MP_UNREACH -> OPTIONAL;
      case AGGREGATOR,
          COMMUNITIES,
          EXTENDED_COMMUNITIES,
          AS4_PATH,
          AS4_AGGREGATOR,
          LARGE_COMMUNITIES ->
          OPTIONAL | TRANSITIVE;
      default -> -1;
    };
  }

  /** Those that are left out, whatever they hold, when another AS sends them. */
  private static boolean isInternal(int type) {
    return type == LOCAL_PREF || type == ORIGINATOR_ID || type == CLUSTER_LIST;
  }

  private static boolean isListOf(ByteBuffer value, int bytes) {
    return value.hasRemaining() && value.remaining() % bytes == 0;
  }

  private void asPath(ByteBuffer value) {
    AsPath read = AsPath.read(value, negotiated.fourOctetAs());
    check(AS_PATH, WITHDRAW, read != null);
    asPath = read == null ? AsPath.EMPTY : read;
  }

  private void med(ByteBuffer value) {
    boolean good = value.remaining() == Integer.BYTES;
    check(MED, WITHDRAW, good);
    med = good ? Integer.toUnsignedLong(value.getInt()) : 0;
  }

  private void aggregator(ByteBuffer value) {
    boolean good = value.remaining() == (negotiated.fourOctetAs() ? 8 : 6);
    check(AGGREGATOR, DISCARD, good);
    if (good && !negotiated.fourOctetAs()) {
      aggregatorAs = Short.toUnsignedInt(value.getShort());
    }
  }

  private void as4Path(ByteBuffer value) {
    if (negotiated.fourOctetAs()) {
      return;
    }
    AsPath read = value.hasRemaining() ? AsPath.read(value, true) : null;
    check(AS4_PATH, DISCARD, read != null);
    as4Path = read == null ? null : read.outside();
  }

  private void check(int type, Treatment otherwise, boolean good) {
    if (!good) {
      fault(type, otherwise, "its value is not of its form");
    }
  }

  private void fault(int type, Treatment treatment, String what) {
    faults.add(new AttributeFault(type, treatment, what));
  }

  private void reset(int subcode, byte[] data) {
    reset = new Notification(3, subcode, data);
  }

  static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  private Attributes result() {
    // A speaker of two bytes that aggregated by itself made AS4_PATH stale (RFC 6793, 4.2.3).
    boolean stale = types.contains(AS4_AGGREGATOR) && aggregatorAs != AsPath.AS_TRANS;
    AsPath merged = as4Path == null || stale ? asPath : asPath.mergedWith(as4Path);
    return new Attributes(
        types,
        merged,
        med,
        Optional.ofNullable(reach),
        Optional.ofNullable(unreach),
        faults,
        Optional.ofNullable(reset));
  }
}
