package oca.steering.routes.bgp.wire;

import static oca.steering.routes.bgp.wire.AttributeFault.Treatment.OTHER_FAMILY;
import static oca.steering.routes.bgp.wire.AttributeFault.Treatment.WITHDRAW;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import oca.steering.routes.bgp.wire.Message.Notification;
import oca.steering.routes.bgp.wire.Message.Update;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of an UPDATE.
 *
 * <pre>
 *   +----------------------+------------------+
 *   | withdrawn length, 2  | withdrawn        |
 *   +----------------------+------------------+
 *   | attributes length, 2 | attributes       |
 *   +----------------------+------------------+
 *   | NLRI, to the end                        |
 *   +-----------------------------------------+
 * </pre>
 *
 * <p>What a fault leads to (RFC 7606): where it can be told which routes are meant, they are taken
 * for withdrawn and the session goes on; where it cannot, the session ends.
 */
final class UpdateDecoder {
  private static final int MALFORMED_LIST = 1;
  private static final int OPTIONAL_ATTRIBUTE = 9;
  private static final int INVALID_NETWORK = 10;

  private final Negotiated negotiated;
  private final List<Nlri> withdrawn = new ArrayList<>();
  private final List<Nlri> announced = new ArrayList<>();
  private final List<AttributeFault> faults = new ArrayList<>();
  private Optional<Family> endOfRib = Optional.empty();

  private UpdateDecoder(Negotiated negotiated) {
    this.negotiated = negotiated;
  }

  /** Reads to the end of {@code body}. */
  static Decoded decode(ByteBuffer body, Negotiated negotiated) {
    ByteBuffer gone = run(body);
    ByteBuffer attributes = gone == null ? null : run(body);
    if (gone == null || attributes == null) {
      return refused(MALFORMED_LIST, "its lengths do not fit its size");
    }
    return new UpdateDecoder(negotiated).decode(gone, attributes, body.slice());
  }

  /** Two bytes of length and as many as it says; null when there are fewer. */
  private static @Nullable ByteBuffer run(ByteBuffer in) {
    if (in.remaining() < Short.BYTES) {
      return null;
    }
    int length = Short.toUnsignedInt(in.getShort());
    if (length > in.remaining()) {
      return null;
    }
    ByteBuffer run = in.slice(in.position(), length);
    in.position(in.position() + length);
    return run;
  }

  private Decoded decode(ByteBuffer gone, ByteBuffer attributeBytes, ByteBuffer nlri) {
    boolean bare = !gone.hasRemaining() && !nlri.hasRemaining();
    boolean reaches = nlri.hasRemaining();
    if (bare && !attributeBytes.hasRemaining()) {
      return new Decoded.Read(Update.endOf(Family.IPV4));
    }
    if (!read(gone, Family.IPV4, withdrawn) || !read(nlri, Family.IPV4, announced)) {
      return refused(INVALID_NETWORK, "a prefix is too long or cut off");
    }
    Attributes attributes = AttributeDecoder.decode(attributeBytes, negotiated);
    if (attributes.reset().isPresent()) {
      return new Decoded.Refused(
          attributes.reset().get(), "an attribute is unknown, doubled or cut off");
    }
    faults.addAll(attributes.faults());
    if (!reach(attributes) || !unreach(attributes, bare)) {
      return refused(OPTIONAL_ATTRIBUTE, "MP_REACH_NLRI or MP_UNREACH_NLRI is malformed");
    }
    reaches |= attributes.reach().isPresent();
    missing(attributes.types(), nlri.capacity() > 0);
    return result(attributes, reaches);
  }

  private Decoded result(Attributes attributes, boolean reaches) {
    boolean spoilt = faults.stream().anyMatch(fault -> fault.treatment() == WITHDRAW);
    boolean more = !Set.of(AttributeDecoder.MP_UNREACH).containsAll(attributes.types());
    if (spoilt && more && !reaches) {
      // Perhaps the fault hides the very routes that it is about (section 5.2).
      return refused(MALFORMED_LIST, "malformed attributes without a route that they belong to");
    }
    if (spoilt) {
      withdrawn.addAll(announced);
      announced.clear();
    }
    return new Decoded.Read(
        new Update(
            withdrawn,
            announced,
            spoilt ? AsPath.EMPTY : attributes.asPath(),
            spoilt ? 0 : attributes.med(),
            endOfRib,
            faults));
  }

  private boolean read(ByteBuffer in, Family family, List<Nlri> into) {
    return NlriField.read(in, family, negotiated.addPath(family), into);
  }

  /** AFI 2, SAFI 1, next hop's length 1, next hop, reserved 1, NLRI (RFC 4760, section 3). */
  private boolean reach(Attributes attributes) {
    if (attributes.reach().isEmpty()) {
      return true;
    }
    ByteBuffer in = attributes.reach().get();
    if (in.remaining() < 5) {
      return false;
    }
    Family family = family(in, AttributeDecoder.MP_REACH);
    if (family == null) {
      return true;
    }
    int nextHop = in.get() & 0xff;
    boolean fits = nextHop == 16 || nextHop == 32 || (nextHop == 4 && family.v4());
    if (!fits || nextHop + 1 > in.remaining()) {
      return false;
    }
    in.position(in.position() + nextHop + 1);
    return read(in, family, announced);
  }

  /** AFI 2, SAFI 1, NLRI (RFC 4760, section 4). */
  private boolean unreach(Attributes attributes, boolean bare) {
    if (attributes.unreach().isEmpty()) {
      return true;
    }
    ByteBuffer in = attributes.unreach().get();
    if (in.remaining() < 3) {
      return false;
    }
    Family family = family(in, AttributeDecoder.MP_UNREACH);
    if (family == null) {
      return true;
    }
    if (bare && !in.hasRemaining() && attributes.types().size() == 1) {
      endOfRib = Optional.of(family);
    }
    return read(in, family, withdrawn);
  }

  private @Nullable Family family(ByteBuffer in, int type) {
    int afi = Short.toUnsignedInt(in.getShort());
    int safi = in.get() & 0xff;
    Family family = Family.of(afi, safi);
    if (family == null) {
      faults.add(new AttributeFault(type, OTHER_FAMILY, "its family is " + afi + "/" + safi));
    }
    return family;
  }

  /** Section 3d; NEXT_HOP is only needed by the old field (RFC 4760, section 3). */
  private void missing(Set<Integer> types, boolean oldField) {
    boolean reaches = oldField || types.contains(AttributeDecoder.MP_REACH);
    missing(types, AttributeDecoder.ORIGIN, reaches);
    missing(types, AttributeDecoder.AS_PATH, reaches);
    missing(types, AttributeDecoder.NEXT_HOP, oldField);
  }

  private void missing(Set<Integer> types, int type, boolean needed) {
    if (needed && !types.contains(type)) {
      faults.add(new AttributeFault(type, WITHDRAW, "it is mandatory and not there"));
    }
  }

  private static Decoded refused(int subcode, String why) {
    return new Decoded.Refused(Notification.of(3, subcode), why);
  }
}
