package oca.server.authorize;

import java.util.Base64;
import oca.protocol.token.Reason;
import oca.protocol.token.Refusal;

/** Base64url without padding (RFC 4648, section 5; RFC 7515, section 2), in its only spelling. */
final class Base64Url {
  private Base64Url() {}

  /**
   * The bytes that the text spells. The JDK's decoder alone would take padding, and bits behind the
   * last byte that are not zero: other spellings of the same bytes (RFC 4648, section 3.5).
   */
  static byte[] decode(String text) throws Refusal {
    int rest = text.length() & 3;
    int unused = rest == 2 ? 0xf : rest == 3 ? 0x3 : 0;
    if (rest == 1) {
      throw new Refusal(Reason.MALFORMED);
    }
    for (int i = 0; i < text.length(); i++) {
      int digit = digit(text.charAt(i));
      if (digit < 0 || (i == text.length() - 1 && (digit & unused) != 0)) {
        throw new Refusal(Reason.MALFORMED);
      }
    }
    return Base64.getUrlDecoder().decode(text);
  }

  /** The value of a digit, or -1. */
  static int digit(char c) {
    if (c >= 'A' && c <= 'Z') {
      return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
      return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
      return c - '0' + 52;
    }
    return c == '-' ? 62 : c == '_' ? 63 : -1;
  }
}
