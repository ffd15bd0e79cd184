package oca.server.pull;

import static oca.server.pull.Case.demand;

import java.util.ArrayList;
import java.util.List;

/** What HTTP itself wants of whoever stands between client and origin. */
class Rfc9110Test extends Conformance {
  private static final String FRESH = "Cache-Control: max-age=60";
  private static final String TAG = "ETag: \"a\"";

  @Override
  String title() {
    return "RFC 9110: HTTP semantics";
  }

  @Override
  List<Case> cases() {
    List<Case> all = new ArrayList<>();
    all.addAll(hops());
    all.addAll(conditions());
    all.addAll(ranges());
    all.addAll(methods());
    all.addAll(messages());
    return all;
  }

  private static List<Case> hops() {
    List<Case> all = new ArrayList<>();
    for (String line :
        List.of(
            "Keep-Alive: timeout=5",
            "Proxy-Authorization: Basic eA==",
            "Proxy-Connection: keep-alive",
            "TE: trailers",
            "Upgrade: h2c",
            "Trailer: X-Sum",
            "HTTP2-Settings: AAA")) {
      String name = line.substring(0, line.indexOf(':'));
      all.add(
          demand("7.6.1", name + " of a request ends here").origin(FRESH).get(line).untold(name));
      all.add(
          demand("7.6.1", name + " of a request that is passed on ends here")
              .origin()
              .ask("POST", line)
              .untold(name));
    }
    all.add(
        demand("7.6.1", "what Connection names ends here")
            .origin(FRESH)
            .get("Connection: X-One, x-two", "X-One: 1", "X-Two: 2", "X-Three: 3")
            .untold("X-One")
            .untold("X-Two")
            .untold("Connection")
            .told("X-Three: 3"));
    all.add(
        demand("7.6.1", "Connection on two lines")
            .origin(FRESH)
            .get("Connection: X-One", "Connection: X-Two", "X-One: 1", "X-Two: 2")
            .untold("X-One")
            .untold("X-Two"));
    all.add(
        demand("7.6.1", "Connection takes no cookie")
            .origin(FRESH)
            .get("Connection: Cookie", "Cookie: a=b")
            .told("Cookie: a=b"));
    all.add(
        demand("7.6.1", "Connection takes no Host")
            .origin(FRESH)
            .get("Connection: Host")
            .told("Host: {authority}"));
    all.add(
        demand("7.6.1", "fields that nobody knows go on")
            .origin(FRESH)
            .get("X-Unknown: 1", "X-Unknown: 2")
            .told("X-Unknown: 1, 2"));
    all.add(demand("7.6.3", "Via of a request").origin(FRESH).get().told("Via: 1.1 edge-1"));
    all.add(
        demand("7.6.3", "Via of a request that has one")
            .origin(FRESH)
            .get("Via: 1.0 other")
            .told("Via: 1.0 other, 1.1 edge-1"));
    all.add(
        demand("7.6.3", "Via of a response")
            .origin(FRESH, "Via: 1.0 back")
            .get()
            .has("Via: 1.0 back, 1.1 edge-1")
            .get()
            .kept()
            .has("Via: 1.0 back, 1.1 edge-1"));
    all.add(
        demand("7.6.3", "Via of a response that is not kept")
            .origin("Cache-Control: no-store")
            .get()
            .has("Via: 1.1 edge-1"));
    all.add(
        demand("7.6.3", "a request that came through here")
            .origin(FRESH)
            .get("Via: 1.1 x, 1.1 EDGE-1 (ours)")
            .unasked()
            .status(508));
    all.add(
        demand("7.6.2", "TRACE is not sent on")
            .origin()
            .ask("TRACE", "Max-Forwards: 0")
            .unasked()
            .status(405)
            .has("Allow: GET, HEAD, OPTIONS"));
    all.add(
        demand("7.2", "Host is the origin's")
            .origin(FRESH)
            .get("Host: a.example")
            .told("Host: {authority}")
            .get("Host: b.example")
            .kept());
    return all;
  }

  private static Case kept(String section, String name, String... fields) {
    List<String> all = new ArrayList<>(List.of(fields));
    all.add(FRESH);
    return demand(section, name).origin(all.toArray(String[]::new)).get().pulled();
  }

  private static List<Case> conditions() {
    return List.of(
        kept("13.1.2", "If-None-Match, the same", TAG)
            .get("If-None-Match: \"a\"")
            .kept()
            .status(304)
            .has("ETag: \"a\"")
            .has(FRESH)
            .lacks("Content-Length"),
        kept("13.1.2", "If-None-Match, another", TAG)
            .get("If-None-Match: \"b\"")
            .kept()
            .status(200),
        kept("13.1.2", "If-None-Match, one of several", TAG)
            .get("If-None-Match: \"x\", \"a\" , W/\"y\"")
            .kept()
            .status(304),
        kept("13.1.2", "If-None-Match on two lines", TAG)
            .get("If-None-Match: \"x\"", "If-None-Match: \"a\"")
            .kept()
            .status(304),
        kept("13.1.2", "If-None-Match, weakly the same", TAG)
            .get("If-None-Match: W/\"a\"")
            .kept()
            .status(304),
        kept("13.1.2", "If-None-Match of a weak one", "ETag: W/\"a\"")
            .get("If-None-Match: \"a\"")
            .kept()
            .status(304),
        kept("13.1.2", "If-None-Match: *", TAG).get("If-None-Match: *").kept().status(304),
        kept("13.1.2", "If-None-Match: * without a tag").get("If-None-Match: *").kept().status(304),
        kept("13.1.2", "If-None-Match to HEAD", TAG)
            .head("If-None-Match: \"a\"")
            .kept()
            .status(304),
        kept("13.1.3", "If-Modified-Since, the same", "Last-Modified: {-100}")
            .get("If-Modified-Since: {-100}")
            .kept()
            .status(304),
        kept("13.1.3", "If-Modified-Since, later", "Last-Modified: {-100}")
            .get("If-Modified-Since: {-50}")
            .kept()
            .status(304),
        kept("13.1.3", "If-Modified-Since, earlier", "Last-Modified: {-100}")
            .get("If-Modified-Since: {-150}")
            .kept()
            .status(200),
        kept("13.1.3", "If-Modified-Since that is no date", "Last-Modified: {-100}")
            .get("If-Modified-Since: now")
            .kept()
            .status(200),
        kept("13.1.3", "If-Modified-Since beside If-None-Match", TAG, "Last-Modified: {-100}")
            .get("If-Modified-Since: {0}", "If-None-Match: \"b\"")
            .kept()
            .status(200),
        kept("4.3.2 of RFC 9111", "If-Modified-Since without Last-Modified, by Date")
            .get("If-Modified-Since: {0}")
            .kept()
            .status(304),
        demand("13.1.2", "If-None-Match of what is not kept yet")
            .origin(FRESH, TAG)
            .get("If-None-Match: \"a\"")
            .untold("If-None-Match")
            .status(304)
            .get()
            .kept()
            .status(200),
        demand("13.1.3", "If-Modified-Since of what is not kept yet")
            .origin(FRESH, "Last-Modified: {-100}")
            .get("If-Modified-Since: {-100}")
            .untold("If-Modified-Since")
            .status(304),
        demand("13.2.1", "conditions say nothing of an error")
            .origin(404, FRESH, TAG)
            .get()
            .pulled()
            .get("If-None-Match: \"a\"")
            .kept()
            .status(404),
        demand("13.1.2", "a 304 that is not kept")
            .origin("Cache-Control: no-store", TAG)
            .get("If-None-Match: \"a\"")
            .untold("If-None-Match")
            .status(200),
        kept("13.1.1", "If-Match goes upstream", TAG)
            .origin(412)
            .get("If-Match: \"b\"")
            .asked(1)
            .told("If-Match: \"b\"")
            .status(412)
            .get()
            .kept(),
        kept("13.1.4", "If-Unmodified-Since goes upstream", TAG)
            .origin(412)
            .get("If-Unmodified-Since: {-9}")
            .asked(1)
            .status(412)
            .get()
            .kept(),
        kept(
                "15.4.5",
                "what a 304 says",
                TAG,
                "Content-Type: a/b",
                "Content-Location: /c",
                "Expires: {+60}",
                "Vary: X",
                "X-A: 1")
            .get("If-None-Match: \"a\"")
            .kept()
            .status(304)
            .has("Content-Location: /c")
            .has("Vary: X")
            .has("ETag: \"a\"")
            .lacks("Content-Type"));
  }

  private static List<Case> ranges() {
    String part = "Content-Range";
    return List.of(
        kept("14.2", "a range", TAG, "Content-Type: a/b")
            .get("Range: bytes=0-2")
            .kept()
            .status(206)
            .brings("ans")
            .has(part + ": bytes 0-2/8")
            .has("Content-Length: 3")
            .has("Content-Type: a/b")
            .has("ETag: \"a\"")
            .has("Age: 0"),
        kept("14.2", "a range to the end", TAG)
            .get("Range: bytes=7-")
            .kept()
            .status(206)
            .brings("1"),
        kept("14.2", "a suffix", TAG).get("Range: bytes=-3").kept().status(206).brings("r 1"),
        kept("14.2", "a suffix longer than all", TAG)
            .get("Range: bytes=-100")
            .kept()
            .status(206)
            .brings("answer 1"),
        kept("14.2", "a range beyond the end", TAG)
            .get("Range: bytes=2-100")
            .kept()
            .status(206)
            .brings("swer 1")
            .has(part + ": bytes 2-7/8"),
        kept("14.2", "a range behind the end", TAG, "Content-Type: a/b")
            .get("Range: bytes=8-")
            .unasked()
            .status(416)
            .has(part + ": bytes */8")
            .has("Content-Type: application/problem+json")
            .has("Cache-Control: no-store")
            .lacks("ETag"),
        kept("14.2", "several ranges", TAG).get("Range: bytes=0-0,4-5").kept().status(206),
        kept("14.2", "too many ranges", TAG)
            .get("Range: bytes=0-0" + ",2-2,0-0".repeat(20))
            .unasked()
            .status(416),
        demand("15.4.5", "a 304 that nobody asked for")
            .origin(304, TAG)
            .get()
            .asked(1)
            .status(502)
            .says("edge; fwd=uri-miss; detail=bad-status"),
        kept("14.2", "a range that is none", TAG).get("Range: bytes=2-1").kept().status(200),
        kept("14.2", "another unit", TAG).get("Range: lines=0-1").kept().status(200),
        kept("14.2", "HEAD with a range", TAG)
            .head("Range: bytes=0-2")
            .kept()
            .status(200)
            .has("Content-Length: 8")
            .lacks(part),
        kept("14.2", "of a response without validator")
            .get("Range: bytes=0-2")
            .kept()
            .status(206)
            .brings("ans"),
        demand("14.2", "of what is not kept yet")
            .origin(FRESH, TAG)
            .get("Range: bytes=0-2")
            .told("Range: bytes=0-1048575")
            .status(206)
            .brings("ans")
            .get()
            .kept()
            .brings("answer 1"),
        demand("14.2", "of what is not kept")
            .origin("Cache-Control: no-store")
            .get("Range: bytes=0-2")
            .told("Range: bytes=0-1048575")
            .status(200)
            .brings("answer 1"),
        demand("14.2", "of an error that is kept")
            .origin(404, FRESH)
            .get()
            .pulled()
            .get("Range: bytes=0-2")
            .kept()
            .status(404),
        kept("13.1.5", "If-Range, the same tag", TAG)
            .get("Range: bytes=0-2", "If-Range: \"a\"")
            .kept()
            .status(206),
        kept("13.1.5", "If-Range, another tag", TAG)
            .get("Range: bytes=0-2", "If-Range: \"b\"")
            .kept()
            .status(200),
        kept("13.1.5", "If-Range, a weak tag", "ETag: W/\"a\"")
            .get("Range: bytes=0-2", "If-Range: W/\"a\"")
            .kept()
            .status(200),
        kept("13.1.5", "If-Range, the same strong date", "Last-Modified: {-100}")
            .get("Range: bytes=0-2", "If-Range: {-100}")
            .kept()
            .status(206),
        kept("13.1.5", "If-Range, the same weak date", "Last-Modified: {-10}")
            .get("Range: bytes=0-2", "If-Range: {-10}")
            .kept()
            .status(200),
        kept("13.1.5", "If-Range, a later date", "Last-Modified: {-100}")
            .get("Range: bytes=0-2", "If-Range: {-50}")
            .kept()
            .status(200),
        kept("13.2.2", "If-None-Match before a range", TAG)
            .get("Range: bytes=0-2", "If-None-Match: \"a\"")
            .kept()
            .status(304),
        kept("15.3.7", "a part that is passed on", TAG)
            .origin(206, part + ": bytes 4-11/100")
            .get("Range: bytes=4-11", "If-Match: \"a\"")
            .asked(1)
            .told("Range: bytes=4-11")
            .status(206)
            .has(part + ": bytes 4-11/100"),
        kept("15.5.17", "an unsatisfiable range that is passed on", TAG)
            .origin(416, part + ": bytes */8")
            .get("Range: bytes=90-", "If-Match: \"a\"")
            .asked(1)
            .status(416)
            .has(part + ": bytes */8"));
  }

  private static List<Case> methods() {
    return List.of(
        demand("9.3.2", "HEAD of what is not kept")
            .origin(FRESH, "Content-Type: a/b", "Content-Length: 77")
            .head()
            .pulled()
            .toldMethod("HEAD")
            .has("Content-Length: 77")
            .has("Content-Type: a/b"),
        demand("9.3.3", "POST")
            .origin(201, "Location: /x")
            .ask("POST", "Content-Length: 0")
            .pulled()
            .toldMethod("POST")
            .has("Location: /x"),
        demand("9.3.4", "PUT").origin(204).ask("PUT").pulled().status(204).lacks("Content-Length"),
        demand("9.3.5", "DELETE").origin(202).ask("DELETE").pulled(),
        demand("9.1", "methods have case")
            .origin(FRESH)
            .get()
            .pulled()
            .ask("GeT")
            .pulled()
            .toldMethod("GeT"),
        demand("9.3.7", "OPTIONS is answered here")
            .origin()
            .ask("OPTIONS")
            .unasked()
            .status(204)
            .has("Access-Control-Allow-Methods: GET, HEAD, OPTIONS"),
        demand("9.2.2", "POST is not sent twice").raw("").ask("POST").asked(1).status(502),
        demand("9.3.1", "a GET with content")
            .origin(FRESH)
            .sends("GET {target} HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc")
            .unasked()
            .status(413));
  }

  private static String answer(String lines) {
    return "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\n" + lines;
  }

  private static String chunked(String text, String... trailers) {
    String size = Integer.toHexString(text.length());
    return size + "\r\n" + text + "\r\n0\r\n" + String.join("\r\n", trailers) + "\r\n\r\n";
  }

  private static List<Case> messages() {
    return List.of(
        demand("15.2", "an interim answer")
            .raw(
                "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                    + answer("Content-Length: 5\r\n\r\nhello"))
            .get()
            .asked(1)
            .status(200)
            .brings("hello")
            .lacks("Link")
            .get()
            .unasked()
            .status(200)
            .brings("hello")
            .lacks("Link"),
        demand("15.2", "several interim answers")
            .raw(
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 199 X\r\n\r\n"
                    + answer("Content-Length: 5\r\n\r\nhello"))
            .get()
            .asked(1)
            .brings("hello"),
        demand("6.5.1", "trailers are dropped")
            .raw(
                answer("Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n")
                    + chunked("hello", "X-Sum: 1", "Cache-Control: no-store"))
            .get()
            .asked(1)
            .brings("hello")
            .lacks("X-Sum")
            .lacks("Trailer")
            .getUntil("edge; hit; ttl=60")
            .brings("hello")
            .lacks("X-Sum")
            .has(FRESH),
        demand("6.4.1", "a body that ends with its connection")
            .raw(answer("\r\nhello"))
            .get()
            .asked(1)
            .brings("hello")
            .get()
            .brings("hello"),
        demand("6.6.1", "Date is given to what has none")
            .raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
            .get()
            .asked(1)
            .has("Date: {0}"),
        demand("8.6", "204 has no length")
            .origin(204, FRESH)
            .get()
            .pulled()
            .lacks("Content-Length")
            .get()
            .kept()
            .lacks("Content-Length")
            .lacks("Transfer-Encoding"),
        demand("8.4", "content as it is encoded")
            .origin(FRESH, "Content-Encoding: gzip", "Vary: Accept-Encoding")
            .get("Accept-Encoding: gzip")
            .pulled()
            .has("Content-Encoding: gzip")
            .get("Accept-Encoding: gzip")
            .kept()
            .has("Content-Encoding: gzip"),
        demand("12.5", "what a client accepts goes upstream")
            .origin(FRESH)
            .get("Accept: a/b", "Accept-Encoding: br", "Accept-Language: de")
            .told("Accept: a/b")
            .told("Accept-Encoding: br")
            .told("Accept-Language: de"),
        demand("15.4", "a redirect is not followed")
            .origin(302, "Location: http://other.example/")
            .get()
            .pulled()
            .has("Location: http://other.example/"),
        demand("5.5", "characters beyond ASCII stay")
            .origin(FRESH, "X-Odd: \u00e4\u00f6")
            .get()
            .has("X-Odd: \u00e4\u00f6")
            .get()
            .kept()
            .has("X-Odd: \u00e4\u00f6"),
        demand("5.6.7", "an answer of HTTP/1.0")
            .raw("HTTP/1.0 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 5\r\n\r\nhello")
            .get()
            .asked(1)
            .brings("hello")
            .has("Via: 1.0 edge-1")
            .get()
            .unasked()
            .brings("hello"));
  }
}
