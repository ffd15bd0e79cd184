package oca.server.pull;

import static oca.server.pull.Case.demand;

import java.util.ArrayList;
import java.util.List;

/** Requests by which one client would choose what others get. */
class PoisonTest extends Conformance {
  private static final String FRESH = "Cache-Control: max-age=60";

  @Override
  String title() {
    return "Poisoned requests";
  }

  @Override
  List<Case> cases() {
    List<Case> all = new ArrayList<>();
    all.addAll(fields());
    all.addAll(spellings());
    all.addAll(refused());
    return all;
  }

  private static List<Case> fields() {
    List<Case> all = new ArrayList<>();
    for (String name :
        List.of(
            "X-Forwarded-Host",
            "X-Forwarded-Scheme",
            "X-Forwarded-Proto",
            "X-Forwarded-Port",
            "X-Forwarded-Prefix",
            "X-Forwarded-Server",
            "X-Host",
            "X-Original-Host",
            "X-Original-URL",
            "X-Rewrite-URL",
            "Forwarded",
            "X-HTTP-Method-Override",
            "X-HTTP-Method",
            "X-Method-Override")) {
      all.add(
          demand("unkeyed", name + " of a GET ends here")
              .origin(FRESH)
              .get(name + ": evil")
              .pulled()
              .untold(name));
      all.add(
          demand("unkeyed", name + " of a HEAD ends here")
              .origin(FRESH)
              .get()
              .pulled()
              .head("Cache-Control: no-cache", name + ": evil")
              .pulled()
              .untold(name));
    }
    all.add(
        demand("unkeyed", "X-HTTP-Method-Override of a POST goes on")
            .origin()
            .ask("POST", "X-HTTP-Method-Override: PUT")
            .told("X-HTTP-Method-Override: PUT"));
    all.add(
        demand("unkeyed", "Host")
            .origin(FRESH)
            .get("Host: evil.example")
            .pulled()
            .told("Host: {authority}"));
    all.add(
        demand("unkeyed", "a host in the target")
            .origin(FRESH)
            .sends("GET http://evil.example{target} HTTP/1.1\r\nHost: a\r\n\r\n")
            .pulled()
            .told("Host: {authority}")
            .get()
            .kept());
    all.add(
        demand("unkeyed", "a range that no origin takes")
            .origin(FRESH)
            .get("Range: bytes=0-18446744073709551615")
            .untold("Range")
            .get()
            .kept()
            .status(200));
    all.add(
        demand("unkeyed", "Content-Length: 0, Content-Type and Expect of a GET")
            .origin(FRESH)
            .get("Content-Length: 0", "Content-Type: a/b", "Expect: 100-continue")
            .untold("Content-Length")
            .untold("Content-Type")
            .untold("Expect"));
    all.add(
        demand("unkeyed", "an error that a field provokes")
            .origin(400)
            .get("X-Odd: \\")
            .pulled()
            .origin(FRESH)
            .get()
            .pulled()
            .status(200));
    return all;
  }

  /** Two spellings of what may be one path have an entry each. */
  private static List<Case> spellings() {
    List<Case> all = new ArrayList<>();
    String[][] pairs = {
      {"/a/b", "/a%2Fb"},
      {"/a%2Fb", "/a%2fb"},
      {"/a", "/%61"},
      {"/a", "/A"},
      {"/a", "/a/"},
      {"/a", "//a"},
      {"/a;b", "/a%3Bb"},
      {"/a?b", "/a%3Fb"},
      {"/a#".replace("#", "%23"), "/a"},
      {"/a\\b", "/a/b"},
      {"/a%5Cb", "/a/b"},
      {"/a%00", "/a"},
      {"/a%0d%0aX:1", "/a"},
      {"/a%20b", "/a+b"},
      {"/a?x=1", "/a?x=1&"},
      {"/a?x=1&y=2", "/a?x=1;y=2"},
      {"/a?x=%31", "/a?x=1"},
      {"/a?X=1", "/a?x=1"},
      {"/a", "/a?"},
      {"/a..;/b", "/b"},
      {"/a%252e", "/a%2e"},
      {"/a:80", "/a"},
      {"/~a", "/%7Ea"},
      {"/a.css", "/a"},
      {"/a;.css", "/a"}
    };
    for (String[] pair : pairs) {
      all.add(
          demand("key", pair[0] + " and " + pair[1])
              .origin(FRESH)
              .at(pair[0])
              .get()
              .pulled()
              .brings("answer 1")
              .at(pair[1])
              .get()
              .pulled()
              .brings("answer 2")
              .at(pair[0])
              .get()
              .kept()
              .brings("answer 1")
              .at(pair[1])
              .get()
              .kept()
              .brings("answer 2"));
    }
    for (String climbing :
        List.of("/../a", "/./a", "/..", "/%2e%2e/a", "/.%2E/a", "/%2e/a", "/b/%2E%2E")) {
      all.add(
          demand("key", climbing + " is nobody's")
              .origin(FRESH)
              .at(climbing)
              .get()
              .unasked()
              .status(404));
    }
    return all;
  }

  private static Case refused(String name, int status, String bytes) {
    return demand("refused", name)
        .origin(FRESH)
        .sends(bytes)
        .unasked()
        .status(status)
        .get()
        .pulled()
        .get()
        .kept();
  }

  private static List<Case> refused() {
    String get = "GET {target} HTTP/1.1\r\nHost: a\r\n";
    List<Case> all = new ArrayList<>();
    all.add(refused("a GET with content", 413, get + "Content-Length: 3\r\n\r\nabc"));
    all.add(
        refused(
            "a GET with content in chunks",
            413,
            get + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"));
    all.add(
        refused(
            "Content-Length and Transfer-Encoding",
            400,
            get + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"));
    all.add(
        refused(
            "Content-Length twice",
            400,
            get + "Content-Length: 0\r\nContent-Length: 3\r\n\r\nabc"));
    all.add(refused("a Content-Length that is none", 400, get + "Content-Length: +3\r\n\r\nabc"));
    all.add(refused("a blank before a colon", 400, get + "Content-Length : 3\r\n\r\nabc"));
    all.add(refused("a folded line", 400, get + "X-A: 1\r\n b\r\n\r\n"));
    all.add(refused("a line that ends with LF alone", 400, get + "X-A: 1\nX-B: 2\r\n\r\n"));
    all.add(refused("a NUL in a value", 400, get + "X-A: 1\0\r\n\r\n"));
    all.add(refused("a CR in a value", 400, get + "X-A: 1\rX-B: 2\r\n\r\n"));
    all.add(refused("two Hosts", 400, get + "Host: b\r\n\r\n"));
    all.add(refused("no Host", 400, "GET {target} HTTP/1.1\r\n\r\n"));
    all.add(refused("a Host with a path", 400, "GET {target} HTTP/1.1\r\nHost: a/b\r\n\r\n"));
    all.add(refused("a fragment", 400, "GET {target}#a HTTP/1.1\r\nHost: a\r\n\r\n"));
    all.add(refused("a blank in the target", 400, "GET {target} b HTTP/1.1\r\nHost: a\r\n\r\n"));
    all.add(
        refused(
            "a byte beyond ASCII in the target",
            400,
            "GET {target}\u00e4 HTTP/1.1\r\nHost: a\r\n\r\n"));
    all.add(refused("another version", 505, "GET {target} HTTP/3.0\r\nHost: a\r\n\r\n"));
    all.add(
        refused("a head that is too long", 431, get + "X-A: " + "a".repeat(20_000) + "\r\n\r\n"));
    all.add(
        refused(
            "a target that is too long",
            414,
            "GET {target}/" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: a\r\n\r\n"));
    all.add(refused("too many fields", 431, get + "X-A: 1\r\n".repeat(200) + "\r\n"));
    return all;
  }
}
