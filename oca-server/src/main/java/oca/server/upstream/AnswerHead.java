package oca.server.upstream;

import java.util.List;
import oca.server.caching.FieldLimits;
import oca.server.caching.FieldSection;
import org.jspecify.annotations.Nullable;

/**
 * The head of an answer and what it says of the body's framing (RFC 9112, section 6.3).
 *
 * @param length of the body; -1 when chunked or delimited by the connection's end
 * @param keepAlive whether the connection may be used again
 */
record AnswerHead(
    int status,
    FieldSection fields,
    String version,
    Framing framing,
    long length,
    boolean keepAlive) {

  /** How the end of a body is told. */
  enum Framing {
    NONE,
    LENGTH,
    CHUNKED,
    CLOSE
  }

  private static final int STATUS_AT = 9;
  private static final int MAX_DIGITS = 18;

  /**
   * Reads a whole head.
   *
   * @param bytes of the head, with its empty line and nothing behind it
   * @param toHead whether it answers HEAD, and so has no body
   */
  static AnswerHead read(byte[] bytes, FieldLimits limits, boolean toHead)
      throws MalformedException {
    String version = version(bytes);
    int status = status(bytes);
    int at = STATUS_AT + 3;
    // The blank belongs there even without a phrase; servers that leave both out are common.
    if (bytes[at] == ' ') {
      at = Octets.valueEnd(bytes, at, bytes.length);
    }
    if (bytes[at] != '\r' || bytes[at + 1] != '\n') {
      throw new MalformedException(
          UpstreamFailure.BAD_STATUS_LINE, "0x" + Integer.toHexString(bytes[at] & 0xff) + " in it");
    }
    FieldSection fields =
        FieldBlock.read(bytes, at + 2, bytes.length, limits, UpstreamFailure.BAD_FIELD);
    return framed(version, status, fields, toHead);
  }

  private static String version(byte[] bytes) throws MalformedException {
    String prefix = "HTTP/";
    for (int i = 0; i < prefix.length(); i++) {
      if (i >= bytes.length || bytes[i] != prefix.charAt(i)) {
        throw new MalformedException(UpstreamFailure.BAD_STATUS_LINE, "it is no HTTP");
      }
    }
    if (bytes.length < STATUS_AT + 7
        || !Octets.isDigit(bytes[5])
        || bytes[6] != '.'
        || !Octets.isDigit(bytes[7])
        || bytes[8] != ' ') {
      throw new MalformedException(UpstreamFailure.BAD_STATUS_LINE, "its version is not one");
    }
    String version = FieldBlock.text(bytes, 5, 8);
    if (!version.equals("1.1") && !version.equals("1.0")) {
      throw new MalformedException(UpstreamFailure.BAD_VERSION, "HTTP/" + version);
    }
    return version;
  }

  private static int status(byte[] bytes) throws MalformedException {
    int status = 0;
    for (int i = STATUS_AT; i < STATUS_AT + 3; i++) {
      if (!Octets.isDigit(bytes[i])) {
        throw new MalformedException(UpstreamFailure.BAD_STATUS_LINE, "its status is no number");
      }
      status = status * 10 + bytes[i] - '0';
    }
    if (status < 100 || status > 599 || status == 101) {
      throw new MalformedException(UpstreamFailure.BAD_STATUS, "status " + status);
    }
    return status;
  }

  private static AnswerHead framed(String version, int status, FieldSection fields, boolean toHead)
      throws MalformedException {
    boolean later = version.equals("1.1");
    long length = contentLength(fields);
    boolean chunked = isChunked(fields, later, length >= 0);
    boolean keepAlive = later && !hasOption(fields, "close");
    if (status < 200 || status == 204 || status == 304 || toHead) {
      return new AnswerHead(status, fields, version, Framing.NONE, 0, keepAlive);
    }
    if (chunked) {
      return new AnswerHead(status, fields, version, Framing.CHUNKED, -1, keepAlive);
    }
    return length >= 0
        ? new AnswerHead(status, fields, version, Framing.LENGTH, length, keepAlive)
        : new AnswerHead(status, fields, version, Framing.CLOSE, -1, false);
  }

  /** Content-Length, or -1; the same one twice is refused too: some reader will take the other. */
  private static long contentLength(FieldSection fields) throws MalformedException {
    List<String> lines = fields.values("Content-Length");
    if (lines.isEmpty()) {
      return -1;
    }
    String digits = lines.getFirst();
    if (lines.size() > 1
        || digits.isEmpty()
        || digits.length() > MAX_DIGITS
        || !digits.chars().allMatch(Octets::isDigit)) {
      throw new MalformedException(UpstreamFailure.BAD_LENGTH, shortened(String.join("; ", lines)));
    }
    return Long.parseLong(digits);
  }

  private static boolean isChunked(FieldSection fields, boolean later, boolean hasLength)
      throws MalformedException {
    List<String> lines = fields.values("Transfer-Encoding");
    if (lines.isEmpty()) {
      return false;
    }
    @Nullable String fault =
        !later
            ? "Transfer-Encoding in HTTP/1.0"
            : hasLength
                ? "Transfer-Encoding and Content-Length"
                : lines.size() > 1 || !lines.getFirst().equalsIgnoreCase("chunked")
                    ? "Transfer-Encoding: " + shortened(String.join("; ", lines))
                    : null;
    if (fault != null) {
      throw new MalformedException(UpstreamFailure.BAD_CODING, fault);
    }
    return true;
  }

  private static boolean hasOption(FieldSection fields, String option) {
    return fields.members("Connection").stream().anyMatch(option::equalsIgnoreCase);
  }

  private static String shortened(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "...";
  }

  boolean isInterim() {
    return status < 200;
  }
}
