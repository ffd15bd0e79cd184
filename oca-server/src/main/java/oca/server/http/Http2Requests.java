package oca.server.http;

import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import oca.server.caching.FieldLine;
import oca.server.caching.FieldSection;
import oca.server.pull.Remembered;
import oca.server.range.ContentRequest;
import oca.server.range.ContentRequest.Method;
import oca.server.range.Outcome;
import oca.server.range.ReprDigest;
import org.jspecify.annotations.Nullable;

/**
 * Makes requests out of the header sections of HTTP/2, as RFC 9113, section 8, has them and no
 * otherwise. Order and number of pseudo-header fields were checked as they were decoded. On one
 * thread only.
 */
final class Http2Requests {
  private static final List<String> NAMES =
      List.of(
          "range",
          "if-range",
          "if-match",
          "if-none-match",
          "if-modified-since",
          "if-unmodified-since",
          "cmcd-object",
          "cmcd-request",
          "cmcd-session",
          "cmcd-status",
          "host",
          "content-length",
          "priority",
          "want-repr-digest");

  private static final int HOST = 10;
  private static final int CONTENT_LENGTH = 11;
  private static final int PRIORITY = 12;
  private static final int WANT_REPR_DIGEST = 13;

  private final IntSupplier maxFields;
  private final KnownPaths paths;
  private final @Nullable String[] values = new @Nullable String[NAMES.size()];

  Http2Requests(IntSupplier maxFields, KnownPaths paths) {
    this.maxFields = maxFields;
    this.paths = paths;
  }

  /**
   * The request of a header section.
   *
   * @param isWhole whether nothing follows it
   * @return null when it is malformed (section 8.1.1)
   */
  @Nullable Arrival read(Http2Headers section, boolean isWhole, long nanos) {
    Arrays.fill(values, null);
    if (section.size() > maxFields.getAsInt()) {
      return Arrival.refused(Outcome.HEAD_TOO_LARGE, nanos);
    }
    for (Map.Entry<CharSequence, CharSequence> field : section) {
      if (!take(AsciiString.of(field.getKey()), AsciiString.of(field.getValue()))) {
        return null;
      }
    }
    String host = host(section.authority());
    if (host == null || !isScheme(section.scheme()) || section.method() == null) {
      return null;
    }
    String length = values[CONTENT_LENGTH];
    if (length != null && !isLength(length)) {
      return null;
    }
    long content = length != null ? Long.parseLong(length) : isWhole ? 0 : RequestContent.CHUNKED;
    if (isWhole && content != 0) {
      return null; // section 8.1.1: it is not of the length that it tells
    }
    Arrival arrival = target(section, host, nanos, isWhole ? 0 : content);
    boolean isRefused = !isWhole && arrival != null && !arrival.mayHaveContent();
    return isRefused ? Arrival.refused(Outcome.BODY_REFUSED, nanos) : arrival;
  }

  private @Nullable Arrival target(Http2Headers section, String host, long nanos, long content) {
    CharSequence asked = section.path();
    if (asked == null || asked.isEmpty()) {
      return null;
    }
    Method verb = Method.of(section.method().toString());
    AsciiString target = AsciiString.of(asked);
    byte[] bytes = target.array();
    int from = target.arrayOffset();
    int to = from + target.length();
    if (!HeadParser.isTarget(bytes, from, to)) {
      return null;
    }
    if (bytes[from] != '/') {
      boolean asterisk = verb == Method.OPTIONS && to - from == 1 && bytes[from] == '*';
      ContentRequest nothing = ContentRequest.plain(verb, "");
      return asterisk
          ? new Arrival(nothing, KnownPaths.NONE, null, true, false, false, nanos, Hints.NONE, null)
          : null;
    }
    int query = from;
    while (query < to && bytes[query] != '?') {
      query++;
    }
    KnownPaths.Path path = paths.of(bytes, from + 1, query);
    String behind = query < to ? target.toString(query + 1 - from, to - from) : null;
    String digest = values[WANT_REPR_DIGEST];
    return new Arrival(
        request(verb, path.text()),
        path,
        null,
        true,
        Arrival.isBulk(values[PRIORITY]),
        digest != null && ReprDigest.isWanted(digest),
        nanos,
        hints(behind, host),
        path.isPulled() ? head(section, host, content, behind) : null);
  }

  private static PullHead head(
      Http2Headers section, String host, long content, @Nullable String query) {
    boolean isPlain =
        section.method().toString().equals("GET")
            && content == 0
            && HeadParser.isOfPathAlone(query)
            && Remembered.HEEDED.stream().noneMatch(section::contains);
    return new PullHead(
        section.method().toString(), host, "2", isPlain, () -> fields(section), content, null);
  }

  private static FieldSection fields(Http2Headers section) {
    List<FieldLine> lines = new ArrayList<>();
    for (Map.Entry<CharSequence, CharSequence> field : section) {
      if (field.getKey().charAt(0) != ':') {
        lines.add(new FieldLine(field.getKey().toString(), field.getValue().toString()));
      }
    }
    return FieldSection.of(lines);
  }

  private ContentRequest request(Method verb, String path) {
    return new ContentRequest(
        verb, path, values[0], values[1], values[2], values[3], values[4], values[5]);
  }

  private Hints hints(@Nullable String query, String host) {
    return new Hints(query, host, values[6], values[7], values[8], values[9]);
  }

  /** Keeps the value of a field that matters; false when the field makes the section malformed. */
  private boolean take(AsciiString name, AsciiString value) {
    if (!name.isEmpty() && name.charAt(0) == ':') {
      return true;
    }
    if (!HeadParser.isLowerName(name.array(), name.arrayOffset(), end(name)) || !isValue(value)) {
      return false;
    }
    return switch (name.toString()) {
      // Section 8.2.2.
      case "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade" -> false;
      case "te" -> value.contentEqualsIgnoreCase("trailers");
      default -> {
        int field = NAMES.indexOf(name.toString());
        yield field < 0 || keep(field, value.toString());
      }
    };
  }

  private boolean keep(int field, String value) {
    String before = values[field];
    if (before != null && (field == HOST || field == CONTENT_LENGTH)) {
      return false;
    }
    values[field] = before == null ? value : before + ", " + value;
    return true;
  }

  /** Authority and Host are the same if both are there, and one is (section 8.3.1). */
  private @Nullable String host(@Nullable CharSequence authority) {
    String host = values[HOST];
    String named = authority == null ? host : authority.toString();
    if (named == null || named.isEmpty() || (host != null && !host.equals(named))) {
      return null;
    }
    AsciiString text = AsciiString.of(named);
    return HeadParser.isHost(text.array(), text.arrayOffset(), end(text)) ? named : null;
  }

  private static boolean isScheme(@Nullable CharSequence scheme) {
    return scheme != null
        && (AsciiString.contentEquals(scheme, "https")
            || AsciiString.contentEquals(scheme, "http"));
  }

  /** Section 8.2.1: no control characters, no blanks around it. */
  private static boolean isValue(AsciiString value) {
    byte[] bytes = value.array();
    int from = value.arrayOffset();
    int to = end(value);
    return from == to
        || (HeadParser.isValue(bytes, from, to)
            && !isBlank(bytes[from])
            && !isBlank(bytes[to - 1]));
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }

  private static boolean isLength(String text) {
    return !text.isEmpty()
        && text.length() <= 18
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static int end(AsciiString text) {
    return text.arrayOffset() + text.length();
  }
}
