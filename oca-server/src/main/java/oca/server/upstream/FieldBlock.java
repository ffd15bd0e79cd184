package oca.server.upstream;

import java.nio.charset.StandardCharsets;
import oca.server.caching.FieldLimits;
import oca.server.caching.FieldSection;

/**
 * Reads a header or trailer section, as RFC 9112 (section 5) has it and no otherwise: lines end
 * with CR LF, a name is a token right before its colon, nothing is folded.
 */
final class FieldBlock {
  private FieldBlock() {}

  /**
   * The lines up to the empty one.
   *
   * @param from of the first line
   * @param end behind the empty line, where the bytes are to end
   * @param malformed the failure that a bad line is
   */
  static FieldSection read(
      byte[] bytes, int from, int end, FieldLimits limits, UpstreamFailure malformed)
      throws MalformedException {
    FieldSection.Builder fields = new FieldSection.Builder(limits);
    int line = from;
    while (!(bytes[line] == '\r' && bytes[line + 1] == '\n' && line + 2 == end)) {
      int colon = Octets.tokenEnd(bytes, line, end);
      if (colon == line || bytes[colon] != ':') {
        throw new MalformedException(malformed, nameFault(bytes[line], bytes[colon]));
      }
      // The section ends with a line feed, so there is a byte behind any that is no field's.
      int to = Octets.valueEnd(bytes, colon + 1, end);
      if (bytes[to] != '\r' || bytes[to + 1] != '\n') {
        throw new MalformedException(
            malformed, "a value holds 0x" + Integer.toHexString(bytes[to] & 0xff));
      }
      if (!fields.add(text(bytes, line, colon), text(bytes, colon + 1, to))) {
        throw new MalformedException(UpstreamFailure.TOO_MANY_FIELDS, "beyond " + limits);
      }
      line = to + 2;
    }
    return fields.build();
  }

  private static String nameFault(byte first, byte last) {
    if (Octets.isBlank(first)) {
      return "a line is folded";
    }
    return Octets.isBlank(last)
        ? "there is a blank before a colon"
        : "a name holds 0x" + Integer.toHexString(last & 0xff);
  }

  static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }
}
