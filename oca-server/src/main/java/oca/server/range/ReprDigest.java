package oca.server.range;

import java.util.Base64;
import java.util.HexFormat;

/**
 * The digest of the whole file in an answer, and the wish for it (RFC 9530).
 *
 * <p>It is of the selected representation, so it is the same with 200 and 206 and lets a player
 * check what it put together out of ranges. It makes each head 65 bytes longer, and no player asks
 * for it of itself; so it is meant to be sent where it is wanted, or where the operator says so.
 */
public final class ReprDigest {
  private static final String ALGORITHM = "sha-256";

  /** Preferences are 0, which is "not acceptable", to 10 (section 4). */
  private static final int MAX_PREFERENCE = 10;

  private ReprDigest() {}

  /** The value of Repr-Digest: {@code sha-256=:...:} in Base64 (section 3). */
  public static String value(Representation file) {
    byte[] digest = HexFormat.of().parseHex(file.sha256());
    return ALGORITHM + "=:" + Base64.getEncoder().encodeToString(digest) + ':';
  }

  /**
   * Whether a Want-Repr-Digest field asks for a SHA-256 (section 4): it is a dictionary of
   * algorithms with preferences, and {@code sha-256} has one above 0. Of a key that comes twice the
   * last counts (RFC 9651, section 3.2). A field with anything but that is ignored, as structured
   * fields are to be (section 4.2).
   *
   * @param field lines joined by commas
   */
  public static boolean isWanted(String field) {
    boolean wanted = false;
    for (String member : field.split(",", -1)) {
      String text = member.strip();
      int equals = text.indexOf('=');
      int preference = equals < 1 ? -1 : preference(text, equals + 1);
      if (preference < 0 || !isKey(text, equals)) {
        return false;
      }
      if (equals == ALGORITHM.length() && text.startsWith(ALGORITHM)) {
        wanted = preference > 0;
      }
    }
    return wanted;
  }

  /** The number from there on, 0 to 10, or -1. */
  private static int preference(String text, int from) {
    int value = 0;
    for (int i = from; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9 || value > MAX_PREFERENCE) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return from == text.length() || value > MAX_PREFERENCE ? -1 : value;
  }

  /** A key of a structured field (RFC 9651, section 3.1.2). */
  private static boolean isKey(String text, int to) {
    char first = text.charAt(0);
    boolean is = first == '*' || (first >= 'a' && first <= 'z');
    for (int i = 1; is && i < to; i++) {
      char c = text.charAt(i);
      is = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "_-.*".indexOf(c) >= 0;
    }
    return is;
  }
}
