package oca.bench.serve;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import oca.bench.serve.Attack.Flood;
import oca.bench.serve.Attack.Way;
import oca.protocol.token.TokenMint;

/** Every abuse there is to measure, in the order in which they run. */
final class Attacks {
  /** The folder whose files need a token; the honest load's file is outside. */
  static final String PROTECTED = "/titles";

  static final String KEY = "abuse";
  static final byte[] SECRET = "a secret of thirty-two bytes....".getBytes(StandardCharsets.UTF_8);

  private static final int FEW = 32;
  private static final int RANGES = 1000;
  private static final int BATCH = 100;
  private static final String HOST = "Host: 127.0.0.1\r\n";

  private final long second;

  /**
   * The attacks on one server.
   *
   * @param second of the Unix epoch: now
   */
  Attacks(long second) {
    this.second = second;
  }

  List<Attack> all() {
    return Stream.concat(http1().stream(), http2().stream()).toList();
  }

  Attack named(String name) {
    return all().stream()
        .filter(attack -> attack.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown attack \""
                        + name
                        + "\"; there are "
                        + all().stream().map(Attack::name).collect(Collectors.joining(", "))));
  }

  private List<Attack> http1() {
    return List.of(
        refused("malformed-heads", Way.ASK_ON, malformed()),
        refused("path-traversal", Way.ASK_ON, traversals()),
        refused("bad-tokens", Way.ASK_ON, tokens()),
        refused("thousand-ranges", Way.ASK_ON, List.of(ranges(RANGES, i -> 2 * i + "-" + 2 * i))),
        plain("overlapping-ranges", FEW, Way.RESET_MIDWAY, ranges(16, i -> i + "-")),
        flooding("endless-heads", longHeads(), Flood.of(ascii("a".repeat(4096)), 1)),
        new Attack(
            "dripped-heads",
            1000,
            Way.AWAIT_CLOSE,
            100,
            List.of(ascii("GET /" + "d".repeat(2000))),
            Flood.NONE,
            true,
            false),
        plain("silent", 2000, Way.AWAIT_CLOSE, new byte[0]),
        plain("connect-and-close", FEW, Way.CLOSE_AT_ONCE, new byte[0]),
        plain("reset-in-body", FEW, Way.RESET_MIDWAY, get("Range: bytes=0-\r\n")),
        plain("slow-readers", 1000, Way.READ_NOTHING, get("Range: bytes=0-\r\n")));
  }

  private List<Attack> http2() {
    byte[] opening = Frames.opening(1 << 20);
    int whole = Frames.END_STREAM | Frames.END_HEADERS;
    byte[] unfinished =
        Frames.joined(opening, Frames.request(1, Frames.END_STREAM, "/" + MadeBytes.PATH));
    byte[] posted =
        Frames.joined(opening, Frames.request(1, Frames.END_HEADERS, "/" + MadeBytes.PATH));
    // A field "x" of 4,000 characters, not put into the table; its length in HPACK's integers.
    byte[] field =
        Frames.joined(new byte[] {0, 1, 'x', 0x7f, (byte) 0xa1, 0x1e}, ascii("a".repeat(4000)));
    byte[] stalled = Frames.opening(0);
    for (int i = 0; i < BATCH; i++) {
      stalled = Frames.joined(stalled, Frames.request(2 * i + 1, whole, "/" + MadeBytes.PATH));
    }
    return List.of(
        http2("h2-rapid-reset", opening, Flood.numbered(n -> resets(n, whole), BATCH)),
        http2(
            "h2-continuation", unfinished, Flood.of(Frames.frame(Frames.CONTINUATION, 0, 1), 100)),
        http2(
            "h2-continuation-long",
            unfinished,
            Flood.of(Frames.frame(Frames.CONTINUATION, 0, 1, field), 4)),
        http2("h2-settings", opening, Flood.of(Frames.frame(Frames.SETTINGS, 0, 0), BATCH)),
        http2("h2-ping", opening, Flood.of(Frames.frame(Frames.PING, 0, 0, new byte[8]), BATCH)),
        http2("h2-empty-data", posted, Flood.of(Frames.frame(Frames.DATA, 0, 1), BATCH)),
        new Attack(
            "h2-no-window", 100, Way.AWAIT_CLOSE, 0, List.of(stalled), Flood.NONE, false, true));
  }

  private static Attack http2(String name, byte[] opening, Flood flood) {
    return new Attack(name, FEW, Way.AWAIT_CLOSE, 0, List.of(opening), flood, false, true);
  }

  private static Attack refused(String name, Way way, List<byte[]> openings) {
    return new Attack(name, FEW, way, 0, openings, Flood.NONE, true, false);
  }

  private static Attack flooding(String name, List<byte[]> openings, Flood flood) {
    return new Attack(name, FEW, Way.AWAIT_CLOSE, 0, openings, flood, true, false);
  }

  private static Attack plain(String name, int connections, Way way, byte[] opening) {
    return new Attack(name, connections, way, 0, List.of(opening), Flood.NONE, false, false);
  }

  private static byte[] resets(int block, int flags) {
    byte[][] frames = new byte[2 * BATCH][];
    for (int i = 0; i < BATCH; i++) {
      int stream = 2 * (block * BATCH + i) + 1;
      frames[2 * i] = Frames.request(stream, flags, "/" + MadeBytes.PATH);
      frames[2 * i + 1] = Frames.reset(stream);
    }
    return Frames.joined(frames);
  }

  /** Heads that RFC 9112 has a server refuse, most of them since they hide a second request. */
  private static List<byte[]> malformed() {
    String line = "GET /" + MadeBytes.PATH + " HTTP/1.1\r\n";
    return Stream.of(
            line + HOST + "Content-Length: 0\r\nContent-Length: 5\r\n\r\n",
            line + HOST + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
            line + HOST + "Range: bytes=0-1\r\n , 5-6\r\n\r\n",
            line + HOST + "Host: other\r\n\r\n",
            line + "\r\n",
            line + HOST + "Range : bytes=0-1\r\n\r\n",
            line + HOST + "X: a\rb\r\n\r\n",
            line + HOST + "X: a\0b\r\n\r\n",
            line + HOST + "X\r\n\r\n",
            line + HOST + ": x\r\n\r\n",
            line + HOST + "Transfer-Encoding: xchunked\r\n\r\n",
            "GET  /" + MadeBytes.PATH + " HTTP/1.1\r\n" + HOST + "\r\n",
            "GET /" + MadeBytes.PATH + " HTTP/1.1 \r\n" + HOST + "\r\n",
            "GET /" + MadeBytes.PATH + "\n" + HOST + "\n",
            "GET /" + MadeBytes.PATH + " HTTP/1.1\nHost: 127.0.0.1\n\n",
            "\0\1\2\3 / HTTP/1.1\r\n" + HOST + "\r\n",
            "GET /" + MadeBytes.PATH + " HTTP/9.9\r\n" + HOST + "\r\n")
        .map(Attacks::ascii)
        .toList();
  }

  private static List<byte[]> traversals() {
    return Stream.of(
            "/../../../../etc/passwd",
            "/..%2f..%2f..%2fetc%2fpasswd",
            "/%2e%2e/%2e%2e/etc/passwd",
            "/%252e%252e%252fetc%252fpasswd",
            "/..\\..\\etc\\passwd",
            "/..%5c..%5cetc%5cpasswd",
            "/%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd",
            "/..%c0%afetc%c0%afpasswd",
            "/a/./../../disk",
            "//etc/passwd",
            "/%00/etc/passwd",
            "/" + MadeBytes.PATH + "%00.mp4",
            "/" + MadeBytes.PATH + "/../" + MadeBytes.PATH,
            "/;/../etc/passwd",
            "/....//....//etc/passwd",
            "http://127.0.0.1/../etc/passwd",
            "/%uff0e%uff0e/etc/passwd")
        .map(target -> ascii("GET " + target + " HTTP/1.1\r\n" + HOST + "\r\n"))
        .toList();
  }

  /** None of them good for what is asked for; the first would be good for another folder. */
  private List<byte[]> tokens() {
    TokenMint mint = new TokenMint(KEY, SECRET);
    String other = mint.forFolder("others", second + 86_400, Optional.empty());
    String good = mint.forFolder(PROTECTED.substring(1), second + 86_400, Optional.empty());
    String expired = mint.forFolder(PROTECTED.substring(1), second - 3600, Optional.empty());
    byte[] wrongSecret = "another secret of 32 bytes......".getBytes(StandardCharsets.UTF_8);
    char last = good.charAt(good.length() - 2);
    List<String> tokens = new ArrayList<>();
    tokens.add(other);
    tokens.add(expired);
    tokens.add(
        new TokenMint(KEY, wrongSecret)
            .forFolder(PROTECTED.substring(1), second + 86_400, Optional.empty()));
    tokens.add(
        new TokenMint("nobody", wrongSecret)
            .forFolder(PROTECTED.substring(1), second + 86_400, Optional.empty()));
    tokens.add(
        good.substring(0, good.length() - 2)
            + (last == 'A' ? 'B' : 'A')
            + good.substring(good.length() - 1));
    tokens.add(good.substring(0, good.length() - 4));
    tokens.add(good + "AAAA");
    tokens.add(good.replace(".d1.", ".d0."));
    tokens.add("A".repeat(4000));
    return Stream.concat(Stream.of(""), tokens.stream().map(token -> "/" + token))
        .map(token -> ascii("GET " + token + PROTECTED + "/film.mp4 HTTP/1.1\r\n" + HOST + "\r\n"))
        .toList();
  }

  private static byte[] ranges(int count, IntFunction<String> range) {
    return get(
        "Range: bytes="
            + IntStream.range(0, count).mapToObj(range).collect(Collectors.joining(","))
            + "\r\n");
  }

  private static List<byte[]> longHeads() {
    return List.of(
        ascii("GET /"), ascii("GET / HTTP/1.1\r\n" + HOST + "X: "), ascii("GET / HTTP/1.1\r\nX"));
  }

  private static byte[] get(String fields) {
    return ascii("GET /" + MadeBytes.PATH + " HTTP/1.1\r\n" + HOST + fields + "\r\n");
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
