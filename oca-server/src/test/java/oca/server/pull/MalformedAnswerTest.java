package oca.server.pull;

import static oca.server.pull.Case.demand;

import java.util.ArrayList;
import java.util.List;

/** Answers of upstreams that are none: nothing of them is kept, and the next good one is served. */
class MalformedAnswerTest extends Conformance {
  private static final String OK = "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\n";

  @Override
  String title() {
    return "Malformed answers of upstreams";
  }

  private static Case head(String reason, String name, String bytes) {
    return demand(reason, name)
        .raw(bytes)
        .get()
        .status(502)
        .says("edge; fwd=uri-miss; detail=" + reason)
        .has("Retry-After: 1")
        .origin("Cache-Control: max-age=60")
        .get()
        .pulled()
        .get()
        .kept();
  }

  /** The head was sent on before it showed, so that all that can be done is to break off. */
  private static Case body(String reason, String name, String bytes) {
    return demand(reason, name)
        .raw(bytes)
        .getBroken()
        .asked(1)
        .origin("Cache-Control: max-age=60")
        .get()
        .pulled()
        .get()
        .kept();
  }

  @Override
  List<Case> cases() {
    List<Case> all = new ArrayList<>();
    all.addAll(lines());
    all.addAll(framing());
    all.addAll(bodies());
    return all;
  }

  private static List<Case> lines() {
    return List.of(
        head("bad-status-line", "no HTTP", "SSH-2.0-x\r\n\r\n"),
        head("bad-status-line", "two digits", "HTTP/1.1 20 OK\r\n\r\n"),
        head("bad-status-line", "four digits", "HTTP/1.1 2000 OK\r\n\r\n"),
        head("bad-status-line", "no number", "HTTP/1.1 OK\r\nContent-Length: 0\r\n\r\n"),
        head("bad-status-line", "two blanks", "HTTP/1.1  200 OK\r\nContent-Length: 0\r\n\r\n"),
        head("bad-status-line", "in small letters", "http/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
        head("bad-status-line", "an empty line first", "\r\n" + OK + "Content-Length: 0\r\n\r\n"),
        head("bad-version", "HTTP/2.0", "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n"),
        head("bad-version", "HTTP/0.9", "HTTP/0.9 200 OK\r\nContent-Length: 0\r\n\r\n"),
        head("bad-status", "600", "HTTP/1.1 600 X\r\nContent-Length: 0\r\n\r\n"),
        head("bad-status", "099", "HTTP/1.1 099 X\r\nContent-Length: 0\r\n\r\n"),
        head("bad-status", "101 unasked", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"),
        head("bad-field", "a folded line", OK + "X-A: 1\r\n 2\r\nContent-Length: 0\r\n\r\n"),
        head(
            "bad-field",
            "a folded line first",
            "HTTP/1.1 200 OK\r\n X-A: 1\r\nContent-Length: 0\r\n\r\n"),
        head("bad-field", "a blank before the colon", OK + "Content-Length : 0\r\n\r\n"),
        head("bad-field", "no colon", OK + "Content-Length\r\n\r\n"),
        head("bad-field", "no name", OK + ": 1\r\nContent-Length: 0\r\n\r\n"),
        head("bad-field", "LF alone", OK + "X-A: 1\nContent-Length: 0\r\n\r\n"),
        head("bad-field", "CR alone", OK + "X-A: 1\rContent-Length: 0\r\n\r\n"),
        head("bad-field", "NUL in a value", OK + "X-A: 1\0\r\nContent-Length: 0\r\n\r\n"),
        head(
            "bad-field",
            "a byte beyond ASCII in a name",
            OK + "X-\u00e4: 1\r\nContent-Length: 0\r\n\r\n"),
        head("head-too-large", "one long value", OK + "X-A: " + "a".repeat(70_000) + "\r\n\r\n"),
        head("too-many-fields", "201 lines", OK + "X-A: 1\r\n".repeat(201) + "\r\n"),
        head(
            "too-many-interim",
            "9 of them",
            "HTTP/1.1 103 X\r\n\r\n".repeat(9) + OK + "Content-Length: 0\r\n\r\n"),
        head("closed", "within its first line", "HTTP/1.1 20"),
        head("closed", "within its fields", OK + "Content-Le"));
  }

  private static List<Case> framing() {
    List<Case> all = new ArrayList<>();
    for (String length :
        List.of("x", "-1", "+5", "5, 5", "", "5 5", "0x5", "5.0", "99999999999999999999")) {
      all.add(
          head(
              "bad-length",
              "Content-Length: " + length,
              OK + "Content-Length: " + length + "\r\n\r\nhello"));
    }
    all.add(
        head(
            "bad-length",
            "twice, different",
            OK + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello"));
    all.add(
        head(
            "bad-length",
            "twice, the same",
            OK + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello"));
    all.add(
        head(
            "bad-coding",
            "beside Content-Length",
            OK + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"));
    for (String coding :
        List.of(
            "gzip",
            "gzip, chunked",
            "chunked, chunked",
            "identity",
            "\"chunked\"",
            "xchunked",
            "chunked;a=b",
            "")) {
      all.add(
          head(
              "bad-coding",
              "Transfer-Encoding: " + coding,
              OK + "Transfer-Encoding: " + coding + "\r\n\r\n0\r\n\r\n"));
    }
    all.add(
        head(
            "bad-coding",
            "on two lines",
            OK + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"));
    all.add(
        head(
            "bad-coding",
            "in HTTP/1.0",
            "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"));
    return all;
  }

  private static List<Case> bodies() {
    String chunked = OK + "Transfer-Encoding: chunked\r\n\r\n";
    return List.of(
        body("truncated", "shorter than Content-Length", OK + "Content-Length: 9\r\n\r\nhello"),
        body("truncated", "no last chunk", chunked + "5\r\nhello\r\n"),
        body("truncated", "within a chunk", chunked + "9\r\nhello"),
        body("truncated", "within a chunk's size", chunked + "5\r\nhello\r\n1"),
        body("truncated", "no end of the trailers", chunked + "5\r\nhello\r\n0\r\n"),
        body("bad-chunk", "no size", chunked + "5\r\nhello\r\n\r\n"),
        body("bad-chunk", "a size that is none", chunked + "5\r\nhello\r\nx\r\n"),
        body("bad-chunk", "a negative size", chunked + "-5\r\nhello\r\n0\r\n\r\n"),
        body("bad-chunk", "0x before a size", chunked + "0x5\r\nhello\r\n0\r\n\r\n"),
        body(
            "bad-chunk",
            "a size beyond all counters",
            chunked + "ffffffffffffffffffff\r\nhello\r\n0\r\n\r\n"),
        body("bad-chunk", "longer than it says", chunked + "4\r\nhello\r\n0\r\n\r\n"),
        body("bad-chunk", "shorter than it says", chunked + "6\r\nhello\r\n0\r\n\r\n"),
        body("bad-chunk", "LF alone behind a size", chunked + "5\nhello\r\n0\r\n\r\n"),
        body("bad-chunk", "LF alone behind the data", chunked + "5\r\nhello\n0\r\n\r\n"),
        body(
            "bad-chunk",
            "a long extension",
            chunked + "5;a=" + "b".repeat(300) + "\r\nhello\r\n0\r\n\r\n"),
        body("bad-trailer", "no field", chunked + "5\r\nhello\r\n0\r\nnonsense\r\n\r\n"),
        body("bad-trailer", "LF alone", chunked + "5\r\nhello\r\n0\r\nX-A: 1\n\r\n"));
  }
}
