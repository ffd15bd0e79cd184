package oca.protocol.token;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import oca.model.Address;
import oca.model.ContentPath;

/**
 * Our own token: one path segment in front of the content path.
 *
 * <pre>
 * /~1.summer.t3k9q0.d2.4-24-c00002.8mGqvvXb0ZsH2m8sYzJ1Vg/titles/harbour/v0/seg-17.m4s
 *  |  |      |      |  |           |                      |
 *  |  key    expiry |  network     MAC                    content path
 *  version          scope
 * </pre>
 *
 * <p>It stands in the path because players keep the path: relative references of HLS and DASH
 * playlists are resolved against it (RFC 3986, section 5.2.3), while shaka ignores PARAMS and
 * dash.js drops the base URL's query. Each field is of unreserved characters, so it is never
 * percent-encoded.
 *
 * <ul>
 *   <li>version: {@code ~1}, the format as it is here
 *   <li>key: the id of a {@link Algorithm#HMAC_TOKEN} key
 *   <li>expiry: the last second of the Unix epoch at which it is good, base 36, lower-case
 *   <li>scope: {@code f}, this file alone; or {@code d} and a number <i>n</i>, all files that share
 *       the first <i>n</i> folders with this one; {@code d0}, all files
 *   <li>network: {@code 0}, any; or {@code 4} or {@code 6}, the prefix length, and the network's
 *       bits in whole bytes as hexadecimal digits
 *   <li>MAC: the first 128 bits of HMAC-SHA-256, base64url
 * </ul>
 *
 * <p>What the MAC covers is {@code oca-url-token:}, then the token as it is spelled up to and with
 * its last dot, then the scope spelled out: the path, or its first folders with a slash after each.
 * The label keeps these MACs apart from any others; the head has exactly five dots and the rest has
 * no other reading, so two different tokens never have one input. As the spelling is covered and
 * the MAC is compared as text, a token has exactly one spelling.
 *
 * <p>128 bits: RFC 2104, section 5, allows half of the hash. A forger's only way is to guess
 * online, one request a try, and 2<sup>128</sup> tries are out of reach; the other half would put
 * 21 characters more into each URL of each playlist.
 *
 * <p>The folders are not spelled out in the token, so a token that is used outside of them is a bad
 * signature rather than a wrong path.
 *
 * <p>Holds scratch space: one thread only.
 */
public final class PathToken {
  /** The most characters of a token; the longest one that is well formed has 109. */
  public static final int MAX_LENGTH = 128;

  static final String VERSION = "~1.";
  static final int MAC_BYTES = 16;
  static final int MAC_CHARS = 22;
  static final int MAX_DEPTH = 99;

  private static final byte[] LABEL = "oca-url-token:".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] BASE64URL =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
          .getBytes(StandardCharsets.US_ASCII);
  private static final int FIELDS = 6;
  private static final int MAX_EXPIRY_DIGITS = 7;

  private final byte[] input = new byte[LABEL.length + MAX_LENGTH + ContentPath.MAX_LENGTH];
  private final byte[] expected = new byte[MAC_CHARS];
  private final byte[] given = new byte[MAC_CHARS];
  private final byte[] network = new byte[16];

  // The token in hand. A field ends where the next begins, less the dot between them.
  private String text = "";
  private final int[] starts = new int[FIELDS + 1];
  private long expirySecond;
  private int depth;
  private int networkBytes;
  private int networkBits;

  public PathToken() {
    System.arraycopy(LABEL, 0, input, 0, LABEL.length);
  }

  /**
   * Reads the token that a path begins with. What it says is not to be believed until {@link
   * #isMadeWith}.
   */
  public void read(String path) throws Refusal {
    text = path;
    int end = path.indexOf('/');
    if ((end < 0 ? path.length() : end) > MAX_LENGTH) {
      throw new Refusal(Reason.TOO_LONG);
    }
    if (end < 0 || !path.startsWith(VERSION)) {
      throw new Refusal(Reason.MALFORMED);
    }
    int field = 1;
    for (int i = 0; i < end; i++) {
      if (path.charAt(i) == '.') {
        if (field == FIELDS) {
          throw new Refusal(Reason.MALFORMED);
        }
        starts[field++] = i + 1;
      }
    }
    starts[FIELDS] = end + 1;
    if (field != FIELDS || end - starts[FIELDS - 1] != MAC_CHARS) {
      throw new Refusal(Reason.MALFORMED);
    }
    expirySecond = expiry(starts[2], starts[3] - 1);
    depth = depth(starts[3], starts[4] - 1);
    readNetwork(starts[4], starts[5] - 1);
  }

  /** The content path behind the token. */
  public String contentPath() throws Refusal {
    if (text.length() - starts[FIELDS] > ContentPath.MAX_LENGTH) {
      throw new Refusal(Reason.WRONG_PATH);
    }
    String content = text.substring(starts[FIELDS]);
    if (ContentPath.fault(content) != null) {
      throw new Refusal(Reason.WRONG_PATH);
    }
    return content;
  }

  /** The index of its key in the ring, or -1. */
  public int keyIn(KeyRing keys) {
    return keys.find(text, starts[1], starts[2] - 1, Algorithm.HMAC_TOKEN);
  }

  /**
   * Whether its MAC is the one that the key makes, for the content path behind it, which {@link
   * #contentPath} must have accepted before.
   */
  public boolean isMadeWith(Hmac key) throws Refusal {
    int scopeEnd = scopeEnd(text, starts[FIELDS], depth);
    if (scopeEnd < 0) {
      throw new Refusal(Reason.WRONG_PATH);
    }
    int macStart = starts[FIELDS - 1];
    int length = append(input, LABEL.length, text, 0, macStart);
    length = append(input, length, text, starts[FIELDS], scopeEnd);
    encode(key.of(input, length), expected);
    append(given, 0, text, macStart, macStart + MAC_CHARS);
    return java.security.MessageDigest.isEqual(expected, given);
  }

  public long expirySecond() {
    return expirySecond;
  }

  /** Whether the address, of 4 or 16 bytes and not a mapped one, is in its network. */
  public boolean isFor(byte[] client) {
    return networkBits == 0
        || (client.length == networkBytes && Networks.share(client, network, networkBits));
  }

  /** What a key's MAC covers, for a head that ends in a dot and a content path. */
  static byte[] input(String head, String content, int depth) {
    int scopeEnd = scopeEnd(content, 0, depth);
    if (scopeEnd < 0) {
      throw new IllegalArgumentException("fewer than " + depth + " folders: " + content);
    }
    byte[] input = new byte[LABEL.length + head.length() + scopeEnd];
    System.arraycopy(LABEL, 0, input, 0, LABEL.length);
    int length = append(input, LABEL.length, head, 0, head.length());
    append(input, length, content, 0, scopeEnd);
    return input;
  }

  /** The network field for the first bits of an address. */
  static String networkField(Address network, int bits) {
    int whole = (bits + 7) / 8;
    byte[] bytes = new byte[whole];
    for (int i = 0; i < whole; i++) {
      long half = i < 8 ? network.high() : network.low();
      bytes[i] = (byte) (half >>> (56 - 8 * (i & 7)));
    }
    return (network.v4() ? "4-" : "6-") + bits + "-" + HexFormat.of().formatHex(bytes);
  }

  /** The first 16 bytes of a MAC as 22 characters. */
  static void encode(byte[] mac, byte[] into) {
    int at = 0;
    for (int i = 0; i < 15; i += 3) {
      int bits = (mac[i] & 0xff) << 16 | (mac[i + 1] & 0xff) << 8 | (mac[i + 2] & 0xff);
      into[at++] = BASE64URL[bits >>> 18];
      into[at++] = BASE64URL[bits >>> 12 & 63];
      into[at++] = BASE64URL[bits >>> 6 & 63];
      into[at++] = BASE64URL[bits & 63];
    }
    into[at++] = BASE64URL[(mac[15] & 0xff) >>> 2];
    into[at] = BASE64URL[(mac[15] & 3) << 4];
  }

  /** Where the scope ends in a path that begins at an index, or -1 if it has too few folders. */
  private static int scopeEnd(String path, int from, int depth) {
    if (depth > MAX_DEPTH) {
      return path.length();
    }
    int end = from;
    for (int i = 0; i < depth; i++) {
      end = path.indexOf('/', end) + 1;
      if (end == 0) {
        return -1;
      }
    }
    return end;
  }

  private static int append(byte[] into, int at, String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      // Beyond ASCII nothing is well formed; no two such texts may look alike to the MAC.
      into[at++] = c < 0x80 ? (byte) c : 0;
    }
    return at;
  }

  private long expiry(int from, int to) throws Refusal {
    if (to == from || to - from > MAX_EXPIRY_DIGITS || text.charAt(from) == '0') {
      throw new Refusal(Reason.MALFORMED);
    }
    long second = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c >= '0' && c <= '9') {
        second = second * 36 + (c - '0');
      } else if (c >= 'a' && c <= 'z') {
        second = second * 36 + (c - 'a' + 10);
      } else {
        throw new Refusal(Reason.MALFORMED);
      }
    }
    return second;
  }

  /** The number of folders; one more than there can be for a single file. */
  private int depth(int from, int to) throws Refusal {
    if (to - from == 1 && text.charAt(from) == 'f') {
      return MAX_DEPTH + 1;
    }
    if (to == from || text.charAt(from) != 'd') {
      throw new Refusal(Reason.MALFORMED);
    }
    return number(from + 1, to, MAX_DEPTH);
  }

  private void readNetwork(int from, int to) throws Refusal {
    networkBits = 0;
    if (to - from == 1 && text.charAt(from) == '0') {
      return;
    }
    char family = to - from < 4 ? 0 : text.charAt(from);
    int dash = text.indexOf('-', from + 2);
    if ((family != '4' && family != '6')
        || text.charAt(from + 1) != '-'
        || dash < 0
        || dash >= to) {
      throw new Refusal(Reason.MALFORMED);
    }
    networkBytes = family == '4' ? 4 : 16;
    networkBits = number(from + 2, dash, networkBytes * 8);
    int whole = (networkBits + 7) / 8;
    if (networkBits == 0 || to - dash - 1 != 2 * whole) {
      throw new Refusal(Reason.MALFORMED);
    }
    for (int i = 0; i < whole; i++) {
      network[i] = (byte) (nibble(dash + 1 + 2 * i) << 4 | nibble(dash + 2 + 2 * i));
    }
  }

  private int number(int from, int to, int most) throws Refusal {
    int value = 0;
    boolean isOne = to > from && to - from <= 3 && (to - from == 1 || text.charAt(from) != '0');
    for (int i = from; i < to && isOne; i++) {
      char c = text.charAt(i);
      isOne = c >= '0' && c <= '9';
      value = value * 10 + (c - '0');
    }
    if (!isOne || value > most) {
      throw new Refusal(Reason.MALFORMED);
    }
    return value;
  }

  private int nibble(int at) throws Refusal {
    char c = text.charAt(at);
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
      return c - 'a' + 10;
    }
    throw new Refusal(Reason.MALFORMED);
  }
}
