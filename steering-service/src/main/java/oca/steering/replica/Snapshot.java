package oca.steering.replica;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a node needs to answer, in two parts.
 *
 * <pre>
 *   oca-replica 1 sha256=(64 hexadecimal digits) bytes=123456\n     the form's version, what follows
 *   length (4), the fleet, the catalogue
 * </pre>
 *
 * <p>Nothing of it is looked at before the checksum is found right, so that it is used whole or not
 * at all. It is a checksum and no signature: whom it comes from is known by the connection.
 *
 * @param fleet members, orders, and who holds what
 * @param catalog titles and their files
 */
public record Snapshot(byte[] fleet, byte[] catalog) {
  /** The form that is written, and the newest that is read. */
  public static final int VERSION = 1;

  private static final int LONGEST_HEAD = 160;
  private static final Pattern HEAD =
      Pattern.compile("oca-replica (\\d{1,9})(?: sha256=([0-9a-f]{64}) bytes=(\\d{1,10}))?.*");

  /**
   * A snapshot as it is kept and sent.
   *
   * @param bytes all of it
   * @param digest of its content, in hexadecimal digits
   */
  public record Written(byte[] bytes, String digest) {}

  /**
   * Writes it.
   *
   * @throws SnapshotRefusedException when it would be longer than {@code maxBytes}
   */
  public Written write(int maxBytes) throws SnapshotRefusedException {
    long content = 4L + fleet.length + catalog.length;
    if (content + LONGEST_HEAD > maxBytes) {
      throw new SnapshotRefusedException(
          SnapshotRefusal.TOO_LARGE, content + " bytes where " + maxBytes + " may be");
    }
    MessageDigest hash = sha256();
    hash.update(ByteBuffer.allocate(4).putInt(fleet.length).flip());
    hash.update(fleet);
    hash.update(catalog);
    String digest = HexFormat.of().formatHex(hash.digest());
    byte[] head =
        ("oca-replica " + VERSION + " sha256=" + digest + " bytes=" + content + "\n")
            .getBytes(StandardCharsets.US_ASCII);
    ByteBuffer bytes = ByteBuffer.allocate(head.length + (int) content);
    bytes.put(head).putInt(fleet.length).put(fleet).put(catalog);
    return new Written(bytes.array(), digest);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws SnapshotRefusedException when it is damaged, cut off, or of a newer form
   */
  public static Snapshot read(byte[] bytes) throws SnapshotRefusedException {
    int end = 0;
    while (end < Math.min(bytes.length, LONGEST_HEAD) && bytes[end] != '\n') {
      end++;
    }
    Matcher head = HEAD.matcher(new String(bytes, 0, end, StandardCharsets.US_ASCII));
    if (!head.matches()) {
      throw damaged("it does not begin like one");
    }
    if (Integer.parseInt(head.group(1)) > VERSION) {
      throw new SnapshotRefusedException(
          SnapshotRefusal.NEWER, "form " + head.group(1) + ", this release knows " + VERSION);
    }
    int from = Math.min(end + 1, bytes.length);
    if (head.group(2) == null || Long.parseLong(head.group(3)) != bytes.length - from) {
      throw damaged((bytes.length - from) + " bytes are there");
    }
    MessageDigest hash = sha256();
    hash.update(bytes, from, bytes.length - from);
    if (!HexFormat.of().formatHex(hash.digest()).equals(head.group(2))) {
      throw damaged("its SHA-256 is not " + head.group(2));
    }
    ByteBuffer content = ByteBuffer.wrap(bytes, from, bytes.length - from);
    int fleet = content.remaining() < 4 ? -1 : content.getInt();
    if (fleet < 0 || fleet > content.remaining()) {
      throw damaged("its parts do not add up");
    }
    int at = content.position();
    return new Snapshot(
        Arrays.copyOfRange(bytes, at, at + fleet),
        Arrays.copyOfRange(bytes, at + fleet, bytes.length));
  }

  private static SnapshotRefusedException damaged(String how) {
    return new SnapshotRefusedException(SnapshotRefusal.DAMAGED, how);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
