package oca.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import oca.model.ContentId;
import oca.server.pull.Remembered;
import oca.server.range.ContentRequest.Method;
import oca.server.range.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Heads by the sections of RFC 9112, and that garbage is refused and never anything else. */
class HeadParserTest {
  private static final String LINE = "GET /t/a.mp4 HTTP/1.1\r\n";
  private static final String HOST = "Host: edge.example\r\n";

  private final HeadParser parser = new HeadParser(10, new KnownPaths(_ -> false));

  private Arrival parse(String head) {
    byte[] bytes = head.getBytes(StandardCharsets.ISO_8859_1);
    int end = HeadParser.end(bytes, 0, 0, bytes.length);
    assertEquals(bytes.length, end, "the head has another end: " + head);
    return parser.parse(bytes, 0, end, 7);
  }

  private Arrival accepted(String head) {
    Arrival arrival = parse(head);
    assertNull(arrival.fault(), head);
    return arrival;
  }

  private void assertRefused(Outcome outcome, String head) {
    assertEquals(outcome, parse(head).fault(), head);
    assertFalse(parse(head).keepAlive());
  }

  private static String lines(String... lines) {
    return String.join("\r\n", lines) + "\r\n\r\n";
  }

  @Test
  void head_plain_isRead() {
    Arrival arrival = accepted(LINE + HOST + "Range: bytes=1-2\r\n\r\n");
    assertEquals(Method.GET, arrival.request().method());
    assertEquals("t/a.mp4", arrival.request().path());
    assertEquals("bytes=1-2", arrival.request().range());
    assertEquals(ContentId.ofPath("t/a.mp4"), arrival.path().id());
    assertTrue(arrival.keepAlive());
    assertEquals(7, arrival.nanos());
    assertSame(Hints.NONE, arrival.hints());
  }

  @Test
  void head_ofPulled_isPlainUnlessACacheHeedsIt() {
    HeadParser its = new HeadParser(100, new KnownPaths(_ -> true));
    assertTrue(pulled(its, LINE + HOST + "Range: bytes=1-2\r\n\r\n").isPlain());
    assertTrue(pulled(its, "GET /t/a.mp4?CMCD=br%3D1 HTTP/1.1\r\n" + HOST + "\r\n").isPlain());
    assertFalse(pulled(its, "GET /t/a.mp4?a=1 HTTP/1.1\r\n" + HOST + "\r\n").isPlain());
    assertFalse(pulled(its, "HEAD /t/a.mp4 HTTP/1.1\r\n" + HOST + "\r\n").isPlain());
    for (String name : Remembered.HEEDED) {
      assertFalse(pulled(its, LINE + HOST + name + ": x\r\n\r\n").isPlain(), name);
    }
  }

  @Test
  void fields_ofPulled_areReadAsLongAsTheHeadIsThere() {
    HeadParser its = new HeadParser(100, new KnownPaths(_ -> true));
    String line = "X-Of-Some-Length: a";
    PullHead first = pulled(its, LINE + HOST + line + "\r\n\r\n");
    assertEquals("a", first.fields().first("x-of-some-length"));
    PullHead second = pulled(its, LINE + HOST + line + "b\r\n" + line + "\r\n\r\n");
    assertEquals(List.of("ab", "a"), second.fields().values("x-of-some-length"));
    PullHead third = pulled(its, LINE + HOST + "\r\n");
    assertEquals("ab", second.fields().first("x-of-some-length"));
    pulled(its, LINE + HOST + "\r\n");
    assertThrows(IllegalStateException.class, third::fields);
  }

  private static PullHead pulled(HeadParser by, String head) {
    byte[] bytes = head.getBytes(StandardCharsets.ISO_8859_1);
    Arrival arrival = by.parse(bytes, 0, bytes.length, 7);
    assertNull(arrival.fault(), head);
    return Objects.requireNonNull(arrival.head());
  }

  @Test
  void head_allFields_areKept() {
    Arrival arrival =
        accepted(
            lines(
                "HEAD /a?CMCD=br%3D1 HTTP/1.1",
                "hOST:\tx:8080 ",
                "IF-RANGE: \"r\"",
                "If-Match: \"m\"",
                "If-None-Match: \"n\"",
                "If-Modified-Since: s",
                "If-Unmodified-Since: u",
                "CMCD-Session: sid=\"1\"",
                "CMCD-Status: bs",
                "X-Other: y"));
    assertEquals(Method.HEAD, arrival.request().method());
    assertEquals("\"r\"", arrival.request().ifRange());
    assertEquals("\"m\"", arrival.request().ifMatch());
    assertEquals("\"n\"", arrival.request().ifNoneMatch());
    assertEquals("s", arrival.request().ifModifiedSince());
    assertEquals("u", arrival.request().ifUnmodifiedSince());
    assertEquals(
        new Hints("CMCD=br%3D1", "x:8080", null, null, "sid=\"1\"", "bs"), arrival.hints());
  }

  @Test
  void end_notThereYet_isSearchedOnFromWhereItWas() {
    byte[] bytes = ("\r\n" + LINE + HOST + "\r\nGET").getBytes(StandardCharsets.US_ASCII);
    for (int to = 0; to < bytes.length - 3; to++) {
      assertEquals(-1, HeadParser.end(bytes, 0, Math.max(0, to - 1), to));
    }
    for (int seen = 0; seen < bytes.length - 3; seen++) {
      assertEquals(bytes.length - 3, HeadParser.end(bytes, 0, seen, bytes.length));
    }
  }

  // Section 2.2: lines end with CR LF, and one empty line before a request is let pass.

  @Test
  void section2_2_emptyLineBefore_isLetPass() {
    assertEquals("t/a.mp4", accepted("\r\n" + LINE + HOST + "\r\n").request().path());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /a HTTP/1.1\nHost: a\n\n",
        "GET /a HTTP/1.1\r\nHost: a\n\n",
        "GET /a HTTP/1.1\nHost: a\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: a\r\n\n",
        "GET /a HTTP/1.1\r\n\n",
        "GET /a HTTP/1.1\r\nHost: a\rX: b\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: a\r\r\n\r\n",
        "\r\n\r\n",
        "\n\n"
      })
  void section2_2_otherLineEnds_areRefused(String head) {
    assertRefused(Outcome.BAD_REQUEST, head);
  }

  // Section 2.3: the version.

  @Test
  void section2_3_versions_areToldApart() {
    assertFalse(accepted("GET /a HTTP/1.0\r\n\r\n").keepAlive());
    assertTrue(accepted("GET /a HTTP/1.2\r\nHost: a\r\n\r\n").keepAlive());
    assertRefused(Outcome.VERSION_UNKNOWN, "GET /a HTTP/2.0\r\nHost: a\r\n\r\n");
    assertRefused(Outcome.BAD_REQUEST, "GET /a http/1.1\r\nHost: a\r\n\r\n");
    assertRefused(Outcome.BAD_REQUEST, "GET /a HTTP/1.10\r\nHost: a\r\n\r\n");
    assertRefused(Outcome.BAD_REQUEST, "GET /a HTTP/1.1 \r\nHost: a\r\n\r\n");
    assertRefused(Outcome.BAD_REQUEST, "GET /a HTTP/1\r\nHost: a\r\n\r\n");
    assertRefused(Outcome.BAD_REQUEST, "GET /a\r\n\r\n");
  }

  // Section 3: the request line.

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET  /a HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /a  HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET\t/a HTTP/1.1\r\nHost: a\r\n\r\n",
        " GET /a HTTP/1.1\r\nHost: a\r\n\r\n",
        "G(T /a HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /a\u00e4 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /a\u0000 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET a HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET http:///a HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET http://a HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET ftp://a/a HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET * HTTP/1.1\r\nHost: a\r\n\r\n",
        "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n"
      })
  void section3_otherLines_areRefused(String head) {
    assertRefused(Outcome.BAD_REQUEST, head);
  }

  @Test
  void section3_2_forms_areRead() {
    assertEquals("a/b", accepted("GET /a/b?c=/d HTTP/1.1\r\n" + HOST + "\r\n").request().path());
    assertEquals(
        "a/b", accepted("GET HTTP://h:1/a/b HTTP/1.1\r\n" + HOST + "\r\n").request().path());
    assertEquals("", accepted("OPTIONS * HTTP/1.1\r\n" + HOST + "\r\n").request().path());
    assertNull(accepted("GET /../a HTTP/1.1\r\n" + HOST + "\r\n").path().id());
  }

  @Test
  void section3_2_hostMissingTwiceOrOdd_isRefused() {
    assertRefused(Outcome.BAD_REQUEST, LINE + "\r\n");
    assertRefused(Outcome.BAD_REQUEST, LINE + HOST + HOST + "\r\n");
    assertRefused(Outcome.BAD_REQUEST, LINE + "Host: a@b\r\n\r\n");
    assertRefused(Outcome.BAD_REQUEST, LINE + "Host: a b\r\n\r\n");
    assertRefused(Outcome.BAD_REQUEST, LINE + "Host: a/b\r\n\r\n");
    assertNotNull(accepted(LINE + "Host: [::1]:80\r\n\r\n").path().id());
  }

  // Section 5: fields.

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Range : bytes=0-1\r\n",
        " Range: bytes=0-1\r\n",
        "X: a\r\n b\r\n",
        "X: a\r\n\tb\r\n",
        "X\r\n",
        ": a\r\n",
        "X(: a\r\n",
        "X\u00e4: a\r\n",
        "X: a\u0000\r\n",
        "X: a\u007f\r\n",
        "X: a\u0001\r\n"
      })
  void section5_oddFields_areRefused(String field) {
    assertRefused(Outcome.BAD_REQUEST, LINE + field + HOST + "\r\n");
    assertRefused(Outcome.BAD_REQUEST, LINE + HOST + field + "\r\n");
  }

  @Test
  void section5_severalLines_areOneValue() {
    Arrival arrival =
        accepted(LINE + HOST + "If-None-Match: \"a\"\r\nIf-None-Match:\t\"b\" \t\r\n\r\n");
    assertEquals("\"a\", \"b\"", arrival.request().ifNoneMatch());
  }

  @Test
  void section5_tooMany_areRefusedAsTooLarge() {
    String field = "X: a\r\n";
    assertNull(parse(LINE + HOST + field.repeat(9) + "\r\n").fault());
    assertRefused(Outcome.HEAD_TOO_LARGE, LINE + HOST + field.repeat(10) + "\r\n");
  }

  // Section 6: no request has a body here, and none may be framed in doubt.

  @Test
  void section6_framing_isOneOrNone() {
    assertNull(parse(LINE + HOST + "Content-Length: 0\r\n\r\n").fault());
    assertRefused(Outcome.BODY_REFUSED, LINE + HOST + "Content-Length: 5\r\n\r\n");
    assertRefused(Outcome.BODY_REFUSED, LINE + HOST + "Transfer-Encoding: chunked\r\n\r\n");
    for (String odd :
        List.of(
            "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
            "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n",
            "Content-Length: 0\r\nContent-Length: 0\r\n",
            "Content-Length: 0, 0\r\n",
            "Content-Length:\r\n",
            "Content-Length: +0\r\n",
            "Content-Length: -1\r\n",
            "Content-Length: 0x0\r\n",
            "Content-Length: 9223372036854775808\r\n")) {
      assertRefused(Outcome.BAD_REQUEST, LINE + HOST + odd + "\r\n");
    }
    assertRefused(
        Outcome.BAD_REQUEST, "GET /a HTTP/1.0\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n");
  }

  // Section 9.3: how long the connection stays.

  @Test
  void section9_3_close_isHeard() {
    assertFalse(accepted(LINE + HOST + "Connection: close\r\n\r\n").keepAlive());
    assertFalse(accepted(LINE + HOST + "Connection: x, CLOSE ,y\r\n\r\n").keepAlive());
    assertFalse(accepted(LINE + HOST + "Connection: x\r\nConnection: close\r\n\r\n").keepAlive());
    assertTrue(accepted(LINE + HOST + "Connection: closed\r\n\r\n").keepAlive());
  }

  // All the rest.

  @Property
  void bytes_any_areReadOrRefused(@ForAll @Size(max = 300) byte[] noise) {
    byte[] head = new byte[noise.length + 4];
    System.arraycopy(noise, 0, head, 0, noise.length);
    System.arraycopy("\r\n\r\n".getBytes(StandardCharsets.US_ASCII), 0, head, noise.length, 4);
    int end = HeadParser.end(head, 0, 0, head.length);
    assertTrue(end > 0);
    assertNotNull(new HeadParser(10, new KnownPaths(_ -> false)).parse(head, 0, end, 0));
  }

  @Property
  void head_oneByteChanged_isReadOrRefused(@ForAll long seed) {
    Random random = new Random(seed);
    String text = LINE + HOST + "Range: bytes=0-1\r\nContent-Length: 0\r\nX: y\r\n\r\n";
    byte[] head = text.getBytes(StandardCharsets.US_ASCII);
    head[random.nextInt(head.length)] = (byte) random.nextInt(256);
    int end = HeadParser.end(head, 0, 0, head.length);
    if (end > 0) {
      assertNotNull(new HeadParser(10, new KnownPaths(_ -> false)).parse(head, 0, end, 0));
    }
  }

  @Test
  void input_inAnyPieces_isReadTheSame() {
    long seed = System.nanoTime();
    System.out.println("HeadParserTest seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      StringBuilder all = new StringBuilder();
      List<String> paths = new ArrayList<>();
      for (int i = random.nextInt(8); i >= 0; i--) {
        String path = "t/" + "x".repeat(random.nextInt(900)) + i;
        paths.add(path);
        all.append("GET /").append(path).append(" HTTP/1.1\r\n").append(HOST).append("\r\n");
      }
      assertEquals(paths, readInPieces(all.toString(), random), "seed " + seed);
    }
  }

  private static List<String> readInPieces(String all, Random random) {
    HeadParser parser = new HeadParser(100, new KnownPaths(_ -> false));
    HeadInput input = new HeadInput(parser);
    HeadInput other = new HeadInput(parser);
    List<String> read = new ArrayList<>();
    int at = 0;
    while (at < all.length()) {
      int to = Math.min(all.length(), at + 1 + random.nextInt(1500));
      input.take(
          io.netty.buffer.Unpooled.copiedBuffer(all, at, to - at, StandardCharsets.US_ASCII));
      at = to;
      for (int head = input.headBytes(); head >= 0 && random.nextInt(5) > 0; ) {
        read.add(input.read(head, 0).request().path());
        head = input.isEmpty() ? -1 : input.headBytes();
      }
      input.keep();
      // Another connection of the same loop has its turn, and the array.
      other.take(
          io.netty.buffer.Unpooled.copiedBuffer("#".repeat(3000), StandardCharsets.US_ASCII));
      other.drop();
    }
    while (!input.isEmpty()) {
      read.add(input.read(input.headBytes(), 0).request().path());
    }
    return read;
  }
}
