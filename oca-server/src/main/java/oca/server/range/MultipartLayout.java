package oca.server.range;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import oca.model.ByteRange;

/**
 * How several ranges of a file travel in one answer: {@code multipart/byteranges} (RFC 9110,
 * sections 14.6 and 15.3.7.2, in the syntax of RFC 2046, section 5.1.1).
 *
 * <pre>
 *   preamble 0   --boundary CRLF Content-Type CRLF Content-Range CRLF CRLF
 *   bytes 0      straight from the file
 *   preamble 1   CRLF, and as above
 *   bytes 1
 *   closing      CRLF --boundary-- CRLF
 * </pre>
 *
 * <p>The answer's head has the Content-Type and Content-Length that stand here, and no
 * Content-Range of its own.
 */
public final class MultipartLayout {
  private static final String LINE = "\r\n";

  /** The longest there may be (RFC 2046, section 5.1.1). */
  private static final int MAX_BOUNDARY = 70;

  private final List<Section> sections;
  private final byte[] closing;
  private final long contentLength;
  private final String contentType;

  /** A part: what is sent before its bytes, which bytes, in this order. */
  public static final class Section {
    private final byte[] preamble;
    private final ByteRange range;

    private Section(byte[] preamble, ByteRange range) {
      this.preamble = preamble;
      this.range = range;
    }

    /** The end of the part before, and the head of this one; not to be written to. */
    public byte[] preamble() {
      return preamble;
    }

    /** Which bytes of the file. */
    public ByteRange range() {
      return range;
    }
  }

  private MultipartLayout(
      List<Section> sections, byte[] closing, long contentLength, String contentType) {
    this.sections = sections;
    this.closing = closing;
    this.contentLength = contentLength;
    this.contentType = contentType;
  }

  /**
   * Lays out ranges, in the order in which they are given.
   *
   * @param ranges one or more, within the file
   * @param boundary 1 to 70 letters, digits, {@code -}, {@code .} or {@code _}, so that it needs no
   *     quotes; to be drawn at random with 100 bits or more, lest the file contain it
   */
  public static MultipartLayout of(List<ByteRange> ranges, Representation file, String boundary) {
    return of(ranges, file.length(), file.mediaType(), boundary);
  }

  /**
   * The same.
   *
   * @param fileLength in bytes
   * @param mediaType of the file, without line breaks
   */
  public static MultipartLayout of(
      List<ByteRange> ranges, long fileLength, String mediaType, String boundary) {
    check(ranges, fileLength, boundary);
    List<Section> sections = new ArrayList<>(ranges.size());
    byte[] closing = ascii(LINE + "--" + boundary + "--" + LINE);
    long length = closing.length;
    for (ByteRange range : ranges) {
      byte[] preamble = preamble(range, fileLength, mediaType, boundary, sections.isEmpty());
      sections.add(new Section(preamble, range));
      length = Math.addExact(length, Math.addExact(preamble.length, range.length()));
    }
    return new MultipartLayout(
        List.copyOf(sections), closing, length, "multipart/byteranges; boundary=" + boundary);
  }

  private static void check(List<ByteRange> ranges, long fileLength, String boundary) {
    if (boundary.isEmpty()
        || boundary.length() > MAX_BOUNDARY
        || !boundary.chars().allMatch(MultipartLayout::isBoundary)) {
      throw new IllegalArgumentException("not a boundary: " + boundary);
    }
    if (ranges.isEmpty() || ranges.stream().anyMatch(range -> range.last() >= fileLength)) {
      throw new IllegalArgumentException(
          "not ranges of a file of " + fileLength + " bytes: " + ranges);
    }
  }

  private static boolean isBoundary(int c) {
    return (c >= '0' && c <= '9')
        || (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || c == '-'
        || c == '.'
        || c == '_';
  }

  private static byte[] preamble(
      ByteRange range, long fileLength, String mediaType, String boundary, boolean first) {
    return ascii(
        (first ? "--" : LINE + "--")
            + boundary
            + LINE
            + "Content-Type: "
            + mediaType
            + LINE
            + "Content-Range: bytes "
            + range.first()
            + '-'
            + range.last()
            + '/'
            + fileLength
            + LINE
            + LINE);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** The parts, in the order to send. */
  public List<Section> sections() {
    return sections;
  }

  /** What ends the last part and all of it; not to be written to. */
  public byte[] closing() {
    return closing;
  }

  /** Content-Length of the answer: all preambles, all ranges and the closing, in bytes. */
  public long contentLength() {
    return contentLength;
  }

  /** Content-Type of the answer, naming the boundary. */
  public String contentType() {
    return contentType;
  }
}
