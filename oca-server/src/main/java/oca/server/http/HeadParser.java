package oca.server.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import oca.server.caching.FieldSection;
import oca.server.pull.Remembered;
import oca.server.range.ContentRequest;
import oca.server.range.ContentRequest.Method;
import oca.server.range.Outcome;
import oca.server.range.ReprDigest;
import org.jspecify.annotations.Nullable;

/**
 * Reads the head of a request, as RFC 9112 has it and no otherwise: what two parsers could read
 * differently is refused, so that nothing can be smuggled past whoever stands before us.
 *
 * <p>Lines end with CR LF; a field's name is a token right before its colon; nothing is folded;
 * HTTP/1.1 has one Host. A request has no body here. A body that is framed in two ways, or in a way
 * that is none, is no proper request; one that is framed properly is a request that we refuse.
 *
 * <p>Only fields that matter are looked at, and text is made only of their values. One instance
 * serves one thread: it keeps what it found until the next head.
 */
final class HeadParser {
  private static final int TYPICAL_READ = 4096;
  private static final int TOKEN = 1;
  private static final int FIELD = 2;
  private static final int TARGET = 4;
  private static final int HOST = 8;

  /** To which classes each byte belongs (RFC 9110, section 5.6.2 and 5.5; RFC 3986, 3.2.2). */
  private static final byte[] CLASSES = classes();

  /** Fields whose values are kept, in this order. */
  private static final List<String> NAMES =
      List.of(
          "host",
          "range",
          "if-range",
          "if-match",
          "if-none-match",
          "if-modified-since",
          "if-unmodified-since",
          "connection",
          "content-length",
          "transfer-encoding",
          "priority",
          "want-repr-digest",
          "cmcd-object",
          "cmcd-request",
          "cmcd-session",
          "cmcd-status",
          "cache-control",
          "pragma",
          "via");

  private static final int HOST_FIELD = 0;
  private static final int RANGE = 1;
  private static final int IF_RANGE = 2;
  private static final int IF_MATCH = 3;
  private static final int IF_NONE_MATCH = 4;
  private static final int IF_MODIFIED_SINCE = 5;
  private static final int IF_UNMODIFIED_SINCE = 6;
  private static final int CONNECTION = 7;
  private static final int CONTENT_LENGTH = 8;
  private static final int TRANSFER_ENCODING = 9;
  private static final int PRIORITY = 10;
  private static final int WANT_REPR_DIGEST = 11;
  private static final int CMCD_OBJECT = 12;
  private static final int CMCD_REQUEST = 13;
  private static final int CMCD_SESSION = 14;
  private static final int CMCD_STATUS = 15;

  /** Of the kept fields, those by which caches decide. */
  private static final int[] HEEDED = Remembered.HEEDED.stream().mapToInt(NAMES::indexOf).toArray();

  private static final byte[][] NAME_BYTES =
      NAMES.stream().map(it -> it.getBytes(StandardCharsets.US_ASCII)).toArray(byte[][]::new);

  /** The kept fields by the length of their names. */
  private static final int[][] BY_LENGTH = byLength();

  private final IntSupplier maxFields;
  private final KnownPaths paths;
  private final FieldReader fieldReader = new FieldReader();
  private final @Nullable String[] values = new String[NAMES.size()];
  private byte[] room = new byte[TYPICAL_READ];
  private int at;
  private boolean hasHints;
  private long heads;

  /**
   * @param maxFields more field lines than so many are refused
   * @param paths of the same thread
   */
  HeadParser(int maxFields, KnownPaths paths) {
    this(() -> maxFields, paths);
  }

  /**
   * @param maxFields asked for each request
   */
  HeadParser(IntSupplier maxFields, KnownPaths paths) {
    this.maxFields = maxFields;
    this.paths = paths;
  }

  /** An array of at least so many bytes, the thread's own until its turn ends; reads bound it. */
  byte[] room(int bytes) {
    heads++;
    if (bytes > room.length) {
      room = new byte[Integer.highestOneBit(bytes - 1) << 1];
    }
    return room;
  }

  /**
   * Where the head ends that begins at {@code from}: behind its empty line.
   *
   * @param seen all before this index was searched already; no less than {@code from}
   * @return -1 when its end is not there yet
   */
  static int end(byte[] bytes, int from, int seen, int to) {
    // The end is found by its last line feed, and may begin up to three bytes before what is new.
    for (int i = Math.max(from + 1, seen); i < to; i++) {
      if (bytes[i] == '\n'
          && (bytes[i - 1] == '\n'
              || (i - 2 >= from && bytes[i - 1] == '\r' && bytes[i - 2] == '\n'))) {
        return i + 1;
      }
    }
    return -1;
  }

  /** Whether a request may begin with this byte: with a method's name, or an empty line. */
  static boolean mayBegin(byte first) {
    return is(first, TOKEN) || first == '\r';
  }

  /**
   * Reads a whole head.
   *
   * @param from of its first byte
   * @param end behind its empty line, as {@link #end} found it
   * @param nanos when its last byte came in
   */
  Arrival parse(byte[] bytes, int from, int end, long nanos) {
    heads++;
    Arrays.fill(values, null);
    hasHints = false;
    at = from;
    if (bytes[at] == '\r' && bytes[at + 1] == '\n') {
      // One empty line before a request is let pass (RFC 9112, section 2.2).
      at += 2;
    }
    int method = at;
    int target = skip(bytes, method, end, TOKEN);
    if (target == method || bytes[target] != ' ') {
      return refused(Outcome.BAD_REQUEST, nanos);
    }
    Method verb = verb(bytes, method, target);
    target++;
    int version = skip(bytes, target, end, TARGET);
    if (version == target || bytes[version] != ' ') {
      return refused(Outcome.BAD_REQUEST, nanos);
    }
    Outcome fault = version(bytes, version + 1, end);
    if (fault != null) {
      return refused(fault, nanos);
    }
    boolean isLater = bytes[version + 8] != '0';
    at = version + 11;
    if (!readFields(bytes, end)) {
      return refused(at < 0 ? Outcome.HEAD_TOO_LARGE : Outcome.BAD_REQUEST, nanos);
    }
    fault = framing(isLater);
    if (fault != null) {
      return refused(fault, nanos);
    }
    String length = values[CONTENT_LENGTH];
    long content =
        values[TRANSFER_ENCODING] != null
            ? RequestContent.CHUNKED
            : length == null ? 0 : Long.parseLong(length);
    boolean keepAlive = isLater && !isClosing(values[CONNECTION]);
    Arrival arrival = arrival(bytes, verb, target, version, keepAlive, nanos);
    if (content != 0 && arrival.fault() == null && !arrival.mayHaveContent()) {
      return refused(Outcome.BODY_REFUSED, nanos);
    }
    if (!arrival.path().isPulled()) {
      return arrival;
    }
    boolean isPlain = verb == Method.GET && content == 0 && isPlain(arrival.hints().query());
    String host = values[HOST_FIELD];
    int fields = version + 11;
    return arrival.with(
        new PullHead(
            verb == Method.GET ? "GET" : text(bytes, method, target - 1),
            host == null ? "" : host,
            isLater ? "1.1" : "1.0",
            isPlain,
            isPlain ? later(bytes, fields, end) : now(fieldReader.read(bytes, fields, end)),
            content,
            null));
  }

  /** Whether a target's key is by its path alone: CMCD is no part of it. */
  static boolean isOfPathAlone(@Nullable String query) {
    return query == null || (query.startsWith("CMCD=") && query.indexOf('&') < 0);
  }

  private boolean isPlain(@Nullable String query) {
    if (!isOfPathAlone(query)) {
      return false;
    }
    for (int field : HEEDED) {
      if (values[field] != null) {
        return false;
      }
    }
    return true;
  }

  private static Supplier<FieldSection> now(FieldSection fields) {
    return () -> fields;
  }

  /** Reads the fields when they are wanted, as long as this head is the last that was parsed. */
  private Supplier<FieldSection> later(byte[] bytes, int from, int end) {
    long head = heads;
    return () -> {
      if (head != heads) {
        throw new IllegalStateException("the head has been overwritten");
      }
      return fieldReader.read(bytes, from, end);
    };
  }

  private Arrival arrival(
      byte[] bytes, Method verb, int from, int to, boolean keepAlive, long nanos) {
    int start = pathStart(bytes, from, to);
    if (start < 0) {
      boolean asterisk = verb == Method.OPTIONS && to - from == 1 && bytes[from] == '*';
      return asterisk
          ? new Arrival(
              ContentRequest.plain(verb, ""),
              KnownPaths.NONE,
              null,
              keepAlive,
              false,
              false,
              nanos,
              Hints.NONE,
              null)
          : refused(Outcome.BAD_REQUEST, nanos);
    }
    int query = start;
    while (query < to && bytes[query] != '?') {
      query++;
    }
    KnownPaths.Path path = paths.of(bytes, start + 1, query);
    Hints hints =
        hasHints || query < to
            ? new Hints(
                query < to ? text(bytes, query + 1, to) : null,
                values[HOST_FIELD],
                values[CMCD_OBJECT],
                values[CMCD_REQUEST],
                values[CMCD_SESSION],
                values[CMCD_STATUS])
            : Hints.NONE;
    String digest = values[WANT_REPR_DIGEST];
    return new Arrival(
        request(verb, path.text()),
        path,
        null,
        keepAlive,
        Arrival.isBulk(values[PRIORITY]),
        digest != null && ReprDigest.isWanted(digest),
        nanos,
        hints,
        null);
  }

  private ContentRequest request(Method verb, String path) {
    return new ContentRequest(
        verb,
        path,
        values[RANGE],
        values[IF_RANGE],
        values[IF_MATCH],
        values[IF_NONE_MATCH],
        values[IF_MODIFIED_SINCE],
        values[IF_UNMODIFIED_SINCE]);
  }

  private static Arrival refused(Outcome fault, long nanos) {
    return Arrival.refused(fault, nanos);
  }

  private static Method verb(byte[] bytes, int from, int to) {
    if (to - from == 3 && bytes[from] == 'G' && bytes[from + 1] == 'E' && bytes[from + 2] == 'T') {
      return Method.GET;
    }
    return Method.of(text(bytes, from, to));
  }

  /** Where the path's slash is: in origin form, or in absolute form (RFC 9112, section 3.2). */
  private static int pathStart(byte[] bytes, int from, int to) {
    if (bytes[from] == '/') {
      return from;
    }
    int host = from;
    if (startsWith(bytes, from, to, "http://")) {
      host += 7;
    } else if (startsWith(bytes, from, to, "https://")) {
      host += 8;
    } else {
      return -1;
    }
    for (int i = host; i < to; i++) {
      if (bytes[i] == '/') {
        return i == host ? -1 : i;
      }
    }
    return -1;
  }

  private static boolean startsWith(byte[] bytes, int from, int to, String text) {
    if (to - from < text.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if ((bytes[from + i] | 0x20) != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** {@code HTTP/1.0} or {@code HTTP/1.1} and the end of the line, from an index on. */
  private static @Nullable Outcome version(byte[] bytes, int from, int end) {
    if (from + 10 > end
        || bytes[from] != 'H'
        || bytes[from + 1] != 'T'
        || bytes[from + 2] != 'T'
        || bytes[from + 3] != 'P'
        || bytes[from + 4] != '/'
        || !isDigit(bytes[from + 5])
        || bytes[from + 6] != '.'
        || !isDigit(bytes[from + 7])
        || bytes[from + 8] != '\r'
        || bytes[from + 9] != '\n') {
      return Outcome.BAD_REQUEST;
    }
    // A minor version we do not know is read as the highest that we do (RFC 9110, section 2.5).
    return bytes[from + 5] == '1' ? null : Outcome.VERSION_UNKNOWN;
  }

  /** Reads field lines up to the empty line; {@code at} is below zero when they are too many. */
  private boolean readFields(byte[] bytes, int end) {
    int most = maxFields.getAsInt();
    int count = 0;
    int line = at;
    while (!(bytes[line] == '\r' && bytes[line + 1] == '\n' && line + 2 == end)) {
      if (++count > most) {
        at = -1;
        return false;
      }
      int colon = skip(bytes, line, end, TOKEN);
      if (colon == line || bytes[colon] != ':') {
        return false;
      }
      int from = colon + 1;
      while (bytes[from] == ' ' || bytes[from] == '\t') {
        from++;
      }
      int to = skip(bytes, from, end, FIELD);
      // The head ends with a line feed, so there is one more byte behind any that is no field's.
      if (bytes[to] != '\r' || bytes[to + 1] != '\n') {
        return false;
      }
      int next = to + 2;
      while (to > from && (bytes[to - 1] == ' ' || bytes[to - 1] == '\t')) {
        to--;
      }
      if (!take(bytes, line, colon, from, to)) {
        return false;
      }
      line = next;
    }
    return true;
  }

  /** Keeps the value when the field matters; false when it may not be there twice and is. */
  private boolean take(byte[] bytes, int name, int colon, int from, int to) {
    int length = colon - name;
    if (length >= BY_LENGTH.length) {
      return true;
    }
    for (int field : BY_LENGTH[length]) {
      if (named(bytes, name, NAME_BYTES[field])) {
        return keep(field, bytes, from, to);
      }
    }
    return true;
  }

  private boolean keep(int field, byte[] bytes, int from, int to) {
    String value = field == HOST_FIELD ? host(bytes, from, to) : text(bytes, from, to);
    String before = values[field];
    if (value == null || (before != null && (field == HOST_FIELD || field == CONTENT_LENGTH))) {
      return false;
    }
    hasHints |= field >= CMCD_OBJECT && field <= CMCD_STATUS;
    // Several lines of a field are one value, with commas (RFC 9110, section 5.2).
    values[field] = before == null ? value : before + ", " + value;
    return true;
  }

  /** The value of Host, null when it is none; the same text for the same host as last time. */
  private @Nullable String host(byte[] bytes, int from, int to) {
    return skip(bytes, from, to, HOST) == to ? paths.host(bytes, from, to) : null;
  }

  private @Nullable Outcome framing(boolean isLater) {
    if (values[HOST_FIELD] == null && isLater) {
      // RFC 9112, section 3.2.
      return Outcome.BAD_REQUEST;
    }
    String length = values[CONTENT_LENGTH];
    if (values[TRANSFER_ENCODING] != null) {
      // Section 6.1: with a length, or before HTTP/1.1, it is an attack or a mistake.
      if (length != null || !isLater) {
        return Outcome.BAD_REQUEST;
      }
      // Section 6.1: any other coding, also before this one, is one that we cannot undo.
      return values[TRANSFER_ENCODING].equalsIgnoreCase("chunked") ? null : Outcome.BODY_REFUSED;
    }
    boolean isLength =
        length == null
            || (!length.isEmpty()
                && length.length() <= 18
                && length.chars().allMatch(HeadParser::isDigit));
    return isLength ? null : Outcome.BAD_REQUEST;
  }

  private static boolean isClosing(@Nullable String connection) {
    if (connection == null) {
      return false;
    }
    for (String option : connection.split(",", -1)) {
      if (option.strip().equalsIgnoreCase("close")) {
        return true;
      }
    }
    return false;
  }

  /** Whether all of these bytes may stand in a target. */
  static boolean isTarget(byte[] bytes, int from, int to) {
    return skip(bytes, from, to, TARGET) == to;
  }

  /** Whether all of these bytes may stand in Host. */
  static boolean isHost(byte[] bytes, int from, int to) {
    return skip(bytes, from, to, HOST) == to;
  }

  /** Whether all of these bytes may stand in a field's value. */
  static boolean isValue(byte[] bytes, int from, int to) {
    return skip(bytes, from, to, FIELD) == to;
  }

  /** Whether this is a field's name in lower case, as HTTP/2 demands. */
  static boolean isLowerName(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] >= 'A' && bytes[i] <= 'Z') {
        return false;
      }
    }
    return from < to && skip(bytes, from, to, TOKEN) == to;
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static boolean named(byte[] bytes, int from, byte[] name) {
    for (int i = 0; i < name.length; i++) {
      if ((bytes[from + i] | 0x20) != name[i]) {
        return false;
      }
    }
    return true;
  }

  private static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }

  private static int skip(byte[] bytes, int from, int to, int kind) {
    int i = from;
    while (i < to && is(bytes[i], kind)) {
      i++;
    }
    return i;
  }

  private static boolean is(byte b, int kind) {
    return (CLASSES[b & 0xff] & kind) != 0;
  }

  private static byte[] classes() {
    byte[] classes = new byte[256];
    for (int c = 0; c < 256; c++) {
      boolean visible = c > 0x20 && c < 0x7f;
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c);
      if (letter || (visible && "!#$%&'*+-.^_`|~".indexOf(c) >= 0)) {
        classes[c] |= TOKEN;
      }
      if (visible || c == ' ' || c == '\t' || c >= 0x80) {
        classes[c] |= FIELD;
      }
      if (visible) {
        classes[c] |= TARGET;
      }
      if (letter || (visible && "-._~!$&'()*+,;=%:[]".indexOf(c) >= 0)) {
        classes[c] |= HOST;
      }
    }
    return classes;
  }

  private static int[][] byLength() {
    int longest = NAMES.stream().mapToInt(String::length).max().orElse(0);
    return IntStream.rangeClosed(0, longest)
        .mapToObj(
            length ->
                IntStream.range(0, NAMES.size())
                    .filter(field -> NAMES.get(field).length() == length)
                    .toArray())
        .toArray(int[][]::new);
  }
}
