package oca.steering.routes.bgp.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ASes that a route came through, nearest first (RFC 4271, section 4.3b; RFC 5065).
 *
 * @param segments in order; none of them empty
 */
public record AsPath(List<Segment> segments) {
  /** Of a route that began in the peer's own AS. */
  public static final AsPath EMPTY = new AsPath(List.of());

  /** What stands for an AS number of four bytes where two must do (RFC 6793). */
  public static final int AS_TRANS = 23_456;

  /** Kinds of segment. */
  public enum Kind {
    /** Unordered, from aggregation. */
    SET(1),
    /** In order. */
    SEQUENCE(2),
    /** In order, within a confederation. */
    CONFED_SEQUENCE(3),
    /** Unordered, within a confederation. */
    CONFED_SET(4);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    private static @Nullable Kind of(int code) {
      return switch (code) {
        case 1 -> SET;
        case 2 -> SEQUENCE;
        case 3 -> CONFED_SEQUENCE;
        case 4 -> CONFED_SET;
        default -> null;
      };
    }

    /** Whether it counts for nothing outside of its confederation. */
    boolean confederation() {
      return this == CONFED_SEQUENCE || this == CONFED_SET;
    }
  }

  /**
   * Part of a path.
   *
   * @param ases 1 to 255 numbers, each 0 to 2^32 - 1
   */
  public record Segment(Kind kind, List<Long> ases) {
    public Segment {
      ases = List.copyOf(ases);
    }

    private int count() {
      return switch (kind) {
        case SEQUENCE -> ases.size();
        case SET -> 1;
        case CONFED_SEQUENCE, CONFED_SET -> 0;
      };
    }
  }

  public AsPath {
    segments = List.copyOf(segments);
  }

  /** A path through these, in order; for none of them the empty path. */
  public static AsPath of(long... ases) {
    List<Long> numbers = new ArrayList<>();
    for (long as : ases) {
      numbers.add(as);
    }
    return ases.length == 0 ? EMPTY : new AsPath(List.of(new Segment(Kind.SEQUENCE, numbers)));
  }

  /** ASes on the way: a set counts as one (RFC 4271, 9.1.2.2a), a confederation as none. */
  public int length() {
    int length = 0;
    for (Segment segment : segments) {
      length += segment.count();
    }
    return length;
  }

  /** The last AS; 0 when the path is empty or ends in a set. */
  public long originAs() {
    for (int i = segments.size() - 1; i >= 0; i--) {
      Segment segment = segments.get(i);
      if (!segment.kind().confederation()) {
        return segment.kind() == Kind.SEQUENCE ? segment.ases().getLast() : 0;
      }
    }
    return 0;
  }

  /** Whether the AS is on the path. */
  public boolean contains(long as) {
    return segments.stream().anyMatch(segment -> segment.ases().contains(as));
  }

  /**
   * This path of two-byte numbers with AS4_PATH put in where it reaches (RFC 6793, section 4.2.3).
   *
   * @param longer from AS4_PATH, without confederations
   */
  AsPath mergedWith(AsPath longer) {
    int lead = length() - longer.length();
    if (lead < 0) {
      // Somebody on the way rewrote AS_PATH and did not know of AS4_PATH.
      return this;
    }
    List<Segment> merged = new ArrayList<>();
    for (Segment segment : segments) {
      if (segment.kind().confederation()) {
        merged.add(segment);
      } else if (lead == 0) {
        break;
      } else {
        int taken = segment.kind() == Kind.SET ? segment.ases().size() : lead;
        merged.add(
            new Segment(
                segment.kind(), segment.ases().subList(0, Math.min(taken, segment.ases().size()))));
        lead -= Math.min(lead, segment.count());
      }
    }
    merged.addAll(longer.segments());
    return new AsPath(merged);
  }

  /** The same without confederations, as AS4_PATH has it. */
  AsPath outside() {
    return new AsPath(
        segments.stream().filter(segment -> !segment.kind().confederation()).toList());
  }

  /**
   * Reads an attribute's value.
   *
   * @return null when it is malformed (RFC 7606, section 7.2) or has AS 0 (RFC 7607)
   */
  static @Nullable AsPath read(ByteBuffer in, boolean fourOctets) {
    List<Segment> segments = new ArrayList<>();
    while (in.hasRemaining()) {
      if (in.remaining() < 2) {
        return null;
      }
      Kind kind = Kind.of(in.get() & 0xff);
      int count = in.get() & 0xff;
      if (kind == null || count == 0 || count * (fourOctets ? 4 : 2) > in.remaining()) {
        return null;
      }
      List<Long> ases = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        ases.add(
            fourOctets
                ? Integer.toUnsignedLong(in.getInt())
                : (long) Short.toUnsignedInt(in.getShort()));
      }
      if (ases.contains(0L)) {
        return null;
      }
      segments.add(new Segment(kind, ases));
    }
    return segments.isEmpty() ? EMPTY : new AsPath(segments);
  }

  /** Writes the attribute's value; in two bytes, AS_TRANS stands for what does not fit. */
  void write(ByteBuffer out, boolean fourOctets) {
    for (Segment segment : segments) {
      out.put((byte) segment.kind().code).put((byte) segment.ases().size());
      for (long as : segment.ases()) {
        if (fourOctets) {
          out.putInt((int) as);
        } else {
          out.putShort((short) (as > 0xffff ? AS_TRANS : as));
        }
      }
    }
  }
}
