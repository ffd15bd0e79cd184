package oca.steering.routes.bgp.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** What a speaker says in OPEN that it can do (RFC 5492). */
public sealed interface Capability {
  /** Code 1: routes of a family (RFC 4760, section 8). SAFIs other than unicast come here too. */
  record Multiprotocol(int afi, int safi) implements Capability {}

  /** Code 2: it answers ROUTE-REFRESH (RFC 2918). */
  record RouteRefresh() implements Capability {}

  /**
   * Code 65: AS numbers have four bytes (RFC 6793).
   *
   * @param as the speaker's own; 0 to 2^32 - 1
   */
  record FourOctetAs(long as) implements Capability {}

  /** Code 69: several paths to a prefix (RFC 7911). */
  record AddPath(List<Direction> directions) implements Capability {
    public AddPath {
      directions = List.copyOf(directions);
    }
  }

  /** For a family: whether the speaker takes several paths in, and whether it sends them. */
  record Direction(int afi, int safi, boolean receive, boolean send) {}

  /**
   * Code 64: graceful restart (RFC 4724).
   *
   * @param restarting whether the speaker has just restarted
   * @param restartTime how long its restart may take, in seconds; 0 to 4095
   * @param families whose forwarding it can keep; none when it only helps others
   */
  record GracefulRestart(boolean restarting, int restartTime, List<Kept> families)
      implements Capability {
    public GracefulRestart {
      families = List.copyOf(families);
    }
  }

  /**
   * A family in a graceful restart.
   *
   * @param forwarding whether it went on to forward through the restart
   */
  record Kept(int afi, int safi, boolean forwarding) {}

  /** Any other, or one whose value is not of its form: ignored, as RFC 5492 says. */
  record Other(int code, String hex) implements Capability {}

  /** Reads a capability's value, to the end of {@code in}. */
  static Capability read(int code, ByteBuffer in) {
    if (!fits(code, in.remaining())) {
      return other(code, in);
    }
    return switch (code) {
      case 1 -> {
        int afi = Short.toUnsignedInt(in.getShort());
        in.get();
        yield new Multiprotocol(afi, in.get() & 0xff);
      }
      case 2 -> new RouteRefresh();
      case 64 -> restart(in);
      case 65 -> new FourOctetAs(Integer.toUnsignedLong(in.getInt()));
      default -> addPath(in);
    };
  }

  private static boolean fits(int code, int length) {
    return switch (code) {
      case 1, 65 -> length == 4;
      case 2 -> length == 0;
      case 64 -> length >= 2 && (length - 2) % 4 == 0;
      case 69 -> length > 0 && length % 4 == 0;
      default -> false;
    };
  }

  private static Capability restart(ByteBuffer in) {
    int head = Short.toUnsignedInt(in.getShort());
    List<Kept> families = new ArrayList<>();
    while (in.hasRemaining()) {
      families.add(
          new Kept(Short.toUnsignedInt(in.getShort()), in.get() & 0xff, (in.get() & 0x80) != 0));
    }
    return new GracefulRestart((head & 0x8000) != 0, head & 0xfff, families);
  }

  private static Capability addPath(ByteBuffer in) {
    ByteBuffer whole = in.duplicate();
    List<Direction> directions = new ArrayList<>();
    while (in.hasRemaining()) {
      int afi = Short.toUnsignedInt(in.getShort());
      int safi = in.get() & 0xff;
      int mode = in.get() & 0xff;
      if (mode < 1 || mode > 3) {
        return other(69, whole);
      }
      directions.add(new Direction(afi, safi, (mode & 1) != 0, (mode & 2) != 0));
    }
    return new AddPath(directions);
  }

  private static Capability other(int code, ByteBuffer in) {
    byte[] value = new byte[in.remaining()];
    in.get(value);
    return new Other(code, HexFormat.of().formatHex(value));
  }

  /** Writes code, length and value. */
  static void write(ByteBuffer out, Capability capability) {
    switch (capability) {
      case Multiprotocol(int afi, int safi) ->
          out.put((byte) 1).put((byte) 4).putShort((short) afi).put((byte) 0).put((byte) safi);
      case RouteRefresh() -> out.put((byte) 2).put((byte) 0);
      case FourOctetAs(long as) -> out.put((byte) 65).put((byte) 4).putInt((int) as);
      case AddPath(List<Direction> directions) -> {
        out.put((byte) 69).put((byte) (4 * directions.size()));
        for (Direction direction : directions) {
          int mode = (direction.receive() ? 1 : 0) | (direction.send() ? 2 : 0);
          out.putShort((short) direction.afi()).put((byte) direction.safi()).put((byte) mode);
        }
      }
      case GracefulRestart(boolean restarting, int restartTime, List<Kept> families) -> {
        out.put((byte) 64).put((byte) (2 + 4 * families.size()));
        out.putShort((short) ((restarting ? 0x8000 : 0) | (restartTime & 0xfff)));
        for (Kept family : families) {
          out.putShort((short) family.afi()).put((byte) family.safi());
          out.put((byte) (family.forwarding() ? 0x80 : 0));
        }
      }
      case Other(int code, String hex) -> {
        byte[] value = HexFormat.of().parseHex(hex);
        out.put((byte) code).put((byte) value.length).put(value);
      }
    }
  }
}
