package oca.steering.routes.bgp.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import oca.model.Address;
import oca.steering.routes.PathAttributes;
import oca.steering.routes.bgp.wire.Capability.AddPath;
import oca.steering.routes.bgp.wire.Capability.FourOctetAs;
import oca.steering.routes.bgp.wire.Capability.GracefulRestart;
import oca.steering.routes.bgp.wire.Capability.Multiprotocol;

/** A BGP message (RFC 4271, section 4; RFC 2918). */
public sealed interface Message {
  /** Type 4: it is still there. */
  record Keepalive() implements Message {}

  /** Type 5: it asks for all routes of a family again. */
  record RouteRefresh(int afi, int safi) implements Message {}

  /**
   * Type 1: who it is and what it can do.
   *
   * @param as its number, from the capability where there is one (RFC 6793); 1 to 2^32 - 1
   * @param holdTime how long it may be silent, in seconds; 0 for ever, else 3 to 65535
   * @param routerId an IPv4 address in form
   * @param capabilities in order
   */
  record Open(long as, int holdTime, Address routerId, List<Capability> capabilities)
      implements Message {
    public Open {
      capabilities = List.copyOf(capabilities);
    }

    /** Whether its AS numbers have four bytes. */
    public boolean fourOctetAs() {
      return capabilities.stream().anyMatch(FourOctetAs.class::isInstance);
    }

    /** Whether it has routes of the family; IPv4 is understood where no family is named. */
    public boolean has(Family family) {
      List<Multiprotocol> named = named(Multiprotocol.class);
      return named.isEmpty()
          ? family.v4()
          : named.contains(new Multiprotocol(family.afi(), Family.UNICAST));
    }

    /** Whether it takes in several paths to a prefix of the family. */
    public boolean receivesPaths(Family family) {
      return directions(family).stream().anyMatch(Capability.Direction::receive);
    }

    /** Whether it sends several paths to a prefix of the family. */
    public boolean sendsPaths(Family family) {
      return directions(family).stream().anyMatch(Capability.Direction::send);
    }

    /** Its last graceful restart capability, the one that counts (RFC 4724, section 3). */
    public Optional<GracefulRestart> restart() {
      List<GracefulRestart> named = named(GracefulRestart.class);
      return named.isEmpty() ? Optional.empty() : Optional.of(named.getLast());
    }

    private List<Capability.Direction> directions(Family family) {
      return named(AddPath.class).stream()
          .flatMap(capability -> capability.directions().stream())
          .filter(d -> d.afi() == family.afi() && d.safi() == Family.UNICAST)
          .toList();
    }

    private <T extends Capability> List<T> named(Class<T> type) {
      return capabilities.stream().filter(type::isInstance).map(type::cast).toList();
    }
  }

  /**
   * Type 2: routes that are gone, and routes that share attributes.
   *
   * @param withdrawn to be applied first; with a fault treated as withdrawal, the announced too
   * @param announced empty after such a fault
   * @param asPath of those announced
   * @param med of those announced, 0 without; 0 to 2^32 - 1
   * @param endOfRib the family of which the peer has now told all (RFC 4724, section 2)
   * @param faults that the session survives
   */
  record Update(
      List<Nlri> withdrawn,
      List<Nlri> announced,
      AsPath asPath,
      long med,
      Optional<Family> endOfRib,
      List<AttributeFault> faults)
      implements Message {
    public Update {
      withdrawn = List.copyOf(withdrawn);
      announced = List.copyOf(announced);
      faults = List.copyOf(faults);
    }

    /** An UPDATE without fault. */
    public static Update of(List<Nlri> withdrawn, List<Nlri> announced, AsPath asPath, long med) {
      return new Update(withdrawn, announced, asPath, med, Optional.empty(), List.of());
    }

    /** The UPDATE that says that all routes of the family are told. */
    public static Update endOf(Family family) {
      return new Update(List.of(), List.of(), AsPath.EMPTY, 0, Optional.of(family), List.of());
    }

    /** What is kept of the attributes of those announced. */
    public PathAttributes attributes() {
      return new PathAttributes(asPath.length(), med, asPath.originAs());
    }
  }

  /**
   * Type 3: a fault, after which the sender closes.
   *
   * @param code 1 header, 2 OPEN, 3 UPDATE, 4 hold timer, 5 state machine, 6 cease
   * @param subcode of the code; 0 for none in particular
   * @param data depends on both; at most 4075 bytes
   */
  record Notification(int code, int subcode, byte[] data) implements Message {
    /** Cease (RFC 4486): one limit of prefixes is passed. */
    public static final int MAX_PREFIXES = 1;

    /** Cease (RFC 4486): the operator stops it. */
    public static final int SHUTDOWN = 2;

    /** Cease (RFC 4486): not now. */
    public static final int REJECTED = 5;

    /** Cease (RFC 4486): there is another connection. */
    public static final int COLLISION = 7;

    /** Cease (RFC 4486): too many at once. */
    public static final int OUT_OF_RESOURCES = 8;

    public Notification {
      data = data.clone();
    }

    /** One without data. */
    public static Notification of(int code, int subcode) {
      return new Notification(code, subcode, new byte[0]);
    }

    /** A cease without data. */
    public static Notification cease(int subcode) {
      return of(6, subcode);
    }

    @Override
    public byte[] data() {
      return data.clone();
    }

    /** Such as {@code cease/2 "maintenance"}; what a peer wrote is cut and made printable. */
    public String text() {
      String name =
          switch (code) {
            case 1 -> "header error";
            case 2 -> "OPEN error";
            case 3 -> "UPDATE error";
            case 4 -> "hold timer expired";
            case 5 -> "state machine error";
            case 6 -> "cease";
            default -> "code " + code;
          };
      return name + "/" + subcode + said();
    }

    /** RFC 9003: a length and as many bytes of UTF-8. */
    private String said() {
      boolean told = code == 6 && (subcode == 2 || subcode == 4) && data.length > 1;
      if (!told || (data[0] & 0xff) > data.length - 1) {
        return "";
      }
      String words = new String(data, 1, data[0] & 0xff, StandardCharsets.UTF_8);
      StringBuilder printable = new StringBuilder();
      words
          .codePoints()
          .limit(128)
          .map(c -> Character.isISOControl(c) ? '?' : c)
          .forEach(printable::appendCodePoint);
      return " \"" + printable + "\"";
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Notification that
          && code == that.code
          && subcode == that.subcode
          && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() {
      return 31 * (31 * code + subcode) + Arrays.hashCode(data);
    }

    @Override
    public String toString() {
      return "Notification[" + text() + "]";
    }

    static Notification read(ByteBuffer in) {
      int code = in.get() & 0xff;
      int subcode = in.get() & 0xff;
      byte[] data = new byte[in.remaining()];
      in.get(data);
      return new Notification(code, subcode, data);
    }
  }
}
