package oca.server.upstream;

/** Every way in which an upstream fails: each a name, a status for the client and a sentence. */
public enum UpstreamFailure {
  NO_UPSTREAM(503, "no-upstream", "No upstream can be asked at present."),
  BUSY(503, "busy", "All connections are taken, and too many questions wait for one."),
  NO_ADDRESS(502, "no-address", "The upstream's name has no address."),
  CONNECT(502, "connect", "No connection could be made."),
  CONNECT_TIMEOUT(504, "connect-timeout", "No connection was made in time."),
  TLS(502, "tls", "The upstream is not who it should be, or does not speak TLS as we do."),
  FIRST_BYTE_TIMEOUT(504, "first-byte-timeout", "The answer's head did not come in time."),
  IDLE_TIMEOUT(504, "idle-timeout", "Nothing came of an answer's body, or went out, for too long."),
  CLOSED(502, "closed", "The connection ended before an answer's head was whole."),
  RESET(502, "reset", "The connection broke."),
  TRUNCATED(502, "truncated", "The connection ended before the body did."),
  ERROR_STATUS(502, "error-status", "The answer has one of the statuses that count as failures."),
  BAD_STATUS_LINE(502, "bad-status-line", "An answer begins with no status line."),
  BAD_VERSION(502, "bad-version", "An answer is of another version than HTTP/1.0 and HTTP/1.1."),
  BAD_STATUS(502, "bad-status", "A status is out of range, or switches protocols unasked."),
  BAD_FIELD(502, "bad-field", "A field line is not as RFC 9112 has it."),
  HEAD_TOO_LARGE(502, "head-too-large", "A head has too many bytes."),
  TOO_MANY_FIELDS(502, "too-many-fields", "A head has too many field lines."),
  TOO_MANY_INTERIM(502, "too-many-interim", "Too many interim answers came before the answer."),
  BAD_LENGTH(502, "bad-length", "Content-Length is no number, or there twice."),
  BAD_RANGE(502, "bad-range", "A part is not the one that was asked for."),
  BAD_CODING(502, "bad-coding", "The body is framed in two ways, or in one that is none."),
  BAD_CHUNK(502, "bad-chunk", "A chunk is not as RFC 9112 has it."),
  BAD_TRAILER(502, "bad-trailer", "The trailer section is no header section, or too large."),
  SURPLUS(502, "surplus", "Bytes came that belong to no answer."),
  CONTENT(502, "content", "The request's content is not of the length that was told, or too fast.");

  private final int status;
  private final String label;
  private final String sentence;

  UpstreamFailure(int status, String label, String sentence) {
    this.status = status;
    this.label = label;
    this.sentence = sentence;
  }

  /** The status that a client is answered with: 502, 503 or 504. */
  public int status() {
    return status;
  }

  /** The name in records and metrics: lower-case words and hyphens, never changed once shipped. */
  public String label() {
    return label;
  }

  /** What it means, for people. */
  public String sentence() {
    return sentence;
  }

  /** Whether nothing of the request can have been read, so that any request may go elsewhere. */
  boolean isUnsent() {
    return switch (this) {
      case NO_ADDRESS, CONNECT, CONNECT_TIMEOUT, TLS, BUSY -> true;
      case NO_UPSTREAM,
          FIRST_BYTE_TIMEOUT,
          IDLE_TIMEOUT,
          CLOSED,
          RESET,
          TRUNCATED,
          ERROR_STATUS,
          BAD_STATUS_LINE,
          BAD_VERSION,
          BAD_STATUS,
          BAD_FIELD,
          HEAD_TOO_LARGE,
          TOO_MANY_FIELDS,
          TOO_MANY_INTERIM,
          BAD_LENGTH,
          BAD_RANGE,
          BAD_CODING,
          BAD_CHUNK,
          BAD_TRAILER,
          SURPLUS,
          CONTENT ->
          false;
    };
  }

  /** Whether it speaks against the upstream, and not against us or whoever asks. */
  boolean isItsOwn() {
    return this != NO_UPSTREAM && this != BUSY && this != CONTENT;
  }
}
