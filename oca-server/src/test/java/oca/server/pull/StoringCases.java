package oca.server.pull;

import static oca.server.pull.Case.demand;
import static oca.server.pull.Case.notReused;
import static oca.server.pull.Case.reused;

import java.util.ArrayList;
import java.util.List;

/** RFC 9111, sections 3 and 5.2.2: what is kept, and in what form. */
final class StoringCases {
  private static final String FRESH = "Cache-Control: max-age=60";
  private static final String TAG = "ETag: \"a\"";

  private StoringCases() {}

  static List<Case> all() {
    List<Case> all = new ArrayList<>();
    all.addAll(statuses());
    all.addAll(directives());
    all.addAll(fields());
    all.addAll(requests());
    return all;
  }

  private static List<Case> statuses() {
    List<Case> all = new ArrayList<>();
    for (int status :
        List.of(
            200, 201, 202, 203, 204, 205, 299, 300, 301, 302, 303, 307, 308, 400, 403, 404, 405,
            410, 414, 451, 499, 500, 501, 502, 503, 504, 599)) {
      all.add(
          demand("3", "status " + status + " that says how long")
              .origin(status, FRESH, "Location: /p/x")
              .get()
              .pulled()
              .get()
              .kept()
              .status(status)
              .has("Location: /p/x"));
    }
    // About the request rather than its target, so not kept whatever they say.
    for (int status : List.of(407, 412, 416, 417, 421, 425, 428, 429, 431, 511)) {
      all.add(
          demand("3", "status " + status + ", which is about the request")
              .origin(status, FRESH)
              .get()
              .pulled()
              .get()
              .pulled()
              .status(status));
    }
    all.add(
        demand("3.3", "a part that nobody asked for")
            .origin(206, FRESH, TAG, "Content-Range: bytes 4-11/100")
            .get()
            .pulled()
            .has("Content-Range: bytes 4-11/100")
            .get()
            .pulled());
    all.add(demand("3", "errors that say nothing").origin(500).get().pulled().get().pulled());
    all.add(
        demand("4.2.2", "errors kept by rule")
            .service("errors")
            .origin(404)
            .get()
            .pulled()
            .after(9)
            .get()
            .kept()
            .after(1)
            .get()
            .pulled());
    all.add(
        demand("4.2.2", "errors that say how long, beside a rule")
            .service("errors")
            .origin(404, FRESH)
            .get()
            .pulled()
            .after(59)
            .get()
            .kept());
    all.add(
        demand("4.2.2", "errors that are not to be kept, beside a rule")
            .service("errors")
            .origin(404, "Cache-Control: no-store")
            .get()
            .pulled()
            .get()
            .pulled());
    return all;
  }

  private static List<Case> directives() {
    return List.of(
        notReused("5.2.2.5", "no-store", "Cache-Control: no-store", TAG),
        notReused("5.2.2.5", "no-store beside max-age", "Cache-Control: max-age=60, no-store", TAG),
        notReused(
            "5.2.2.5", "no-store beside Expires", "Cache-Control: no-store", "Expires: {+60}"),
        notReused("5.2.2.5", "no-store in capitals", "Cache-Control: NO-STORE, max-age=60"),
        notReused("5.2.2.5", "no-store with an argument", "Cache-Control: no-store=1, max-age=60"),
        notReused("5.2.2.5", "no-store on the second line", FRESH, "Cache-Control: no-store"),
        notReused("5.2.2.7", "private", "Cache-Control: private, max-age=60"),
        notReused("5.2.2.7", "private in mixed case", "Cache-Control: Private, max-age=60"),
        notReused("5.2.2.7", "private beside s-maxage", "Cache-Control: private, s-maxage=60"),
        notReused(
            "5.2.2.7",
            "private about what no response can do without",
            "Cache-Control: private=\"content-type\", max-age=60"),
        demand("5.2.2.7", "private about fields")
            .origin(
                "Cache-Control: private=\"X-One, x-two\", max-age=60",
                "X-One: 1",
                "X-Two: 2",
                "X-Three: 3")
            .get()
            .pulled()
            .get()
            .kept()
            .lacks("X-One")
            .lacks("X-Two")
            .has("X-Three: 3"),
        demand("5.2.2.7", "private about a field, unquoted")
            .origin("Cache-Control: private=X-One, max-age=60", "X-One: 1")
            .get()
            .pulled()
            .get()
            .kept()
            .lacks("X-One"),
        demand("5.2.2.4", "no-cache")
            .origin("Cache-Control: no-cache", TAG)
            .get()
            .pulled()
            .get()
            .checked(),
        demand("5.2.2.4", "no-cache beside max-age")
            .origin("Cache-Control: max-age=60, no-cache", TAG)
            .get()
            .pulled()
            .get()
            .checked()
            .told("If-None-Match: \"a\""),
        demand("5.2.2.4", "no-cache in capitals")
            .origin("Cache-Control: NO-CACHE, max-age=60", TAG)
            .get()
            .pulled()
            .get()
            .checked(),
        demand("5.2.2.4", "no-cache on the second line")
            .origin(FRESH, "Cache-Control: no-cache", TAG)
            .get()
            .pulled()
            .get()
            .checked(),
        demand("5.2.2.4", "no-cache, checked, is used")
            .origin("Cache-Control: no-cache", TAG)
            .get()
            .pulled()
            .origin(304, TAG)
            .get()
            .checked()
            .brings("answer 1")
            .get()
            .checked()
            .brings("answer 1"),
        demand("5.2.2.4", "no-cache about fields")
            .origin("Cache-Control: no-cache=\"X-One\", max-age=60", "X-One: 1", "X-Two: 2")
            .get()
            .pulled()
            .get()
            .kept()
            .lacks("X-One")
            .has("X-Two: 2"),
        demand("5.2.2.4", "no-cache about what no response can do without")
            .origin("Cache-Control: no-cache=\"vary\", max-age=60", TAG)
            .get()
            .pulled()
            .get()
            .checked(),
        notReused(
            "5.2.2.4",
            "no-cache without anything to check by",
            "Cache-Control: no-cache, max-age=60"),
        reused("5.2.2.9", "public", "Cache-Control: public, max-age=60"),
        reused(
            "5.2.2.3",
            "must-understand beside no-store, understood",
            "Cache-Control: must-understand, no-store, max-age=60"),
        demand("5.2.2.3", "must-understand beside no-store, not understood")
            .origin(299, "Cache-Control: must-understand, no-store, max-age=60")
            .get()
            .pulled()
            .get()
            .pulled(),
        demand("5.2.2.3", "must-understand, not understood")
            .origin(599, "Cache-Control: must-understand, max-age=60")
            .get()
            .pulled()
            .get()
            .pulled(),
        reused("5.2.2.6", "no-transform", "Cache-Control: no-transform, max-age=60"),
        reused("5.4", "Pragma in a response", "Pragma: no-cache", FRESH),
        reused("5.5", "Warning", "Warning: 110 - \"stale\"", FRESH),
        reused("5.2", "Surrogate-Control", "Surrogate-Control: no-store", FRESH),
        notReused(
            "5.2", "Surrogate-Control gives no lifetime", "Surrogate-Control: max-age=60", TAG),
        demand("5.2", "Surrogate-Control is passed on")
            .origin("Surrogate-Control: content=\"X/1\"", FRESH)
            .get()
            .pulled()
            .get()
            .kept()
            .has("Surrogate-Control: content=\"X/1\""));
  }

  private static List<Case> fields() {
    List<Case> all = new ArrayList<>();
    for (String line :
        List.of(
            "Content-Disposition: inline",
            "Content-Language: en",
            "Content-Location: /x",
            "Content-MD5: rL0Y20zC+Fzt72VPzMSk2A==",
            "Content-Security-Policy: default-src 'self'",
            "Content-Type: text/plain;charset=utf-8",
            "ETag: \"x\"",
            "Expires: {-10}",
            "Last-Modified: {-100}",
            "Link: </a>; rel=next",
            "Retry-After: 5",
            "Server: origin",
            "Strict-Transport-Security: max-age=5",
            "X-Frame-Options: DENY",
            "X-Test: a, b",
            "Cross-Origin-Resource-Policy: same-origin")) {
      String name = line.substring(0, line.indexOf(':'));
      all.add(
          demand("3.1", name + " is kept")
              .origin(FRESH, line)
              .get()
              .pulled()
              .has(line)
              .get()
              .kept()
              .has(line));
    }
    for (String line :
        List.of(
            "Keep-Alive: timeout=5",
            "Proxy-Authenticate: Basic",
            "Proxy-Authentication-Info: a=b",
            "Proxy-Connection: keep-alive",
            "TE: trailers",
            "Upgrade: h2c",
            "Trailer: X-Sum")) {
      String name = line.substring(0, line.indexOf(':'));
      all.add(
          demand("3.1", name + " is neither sent on nor kept")
              .origin(FRESH, line)
              .get()
              .pulled()
              .lacks(name)
              .get()
              .kept()
              .lacks(name));
    }
    all.add(
        demand("3.1", "what Connection names is neither sent on nor kept")
            .origin(FRESH, "Connection: x-one, X-Two", "X-One: 1", "X-Two: 2")
            .get()
            .pulled()
            .lacks("X-One")
            .lacks("X-Two")
            .lacks("Connection")
            .get()
            .kept()
            .lacks("X-One")
            .lacks("X-Two"));
    all.add(
        demand("3.1", "Connection takes nothing that keeps from being kept")
            .origin("Connection: Cache-Control", "Cache-Control: no-store")
            .get()
            .pulled()
            .get()
            .pulled());
    all.add(
        demand("3.1", "two lines of a field stay two")
            .origin(FRESH, "X-One: 1", "X-One: 2")
            .get()
            .pulled()
            .get()
            .kept()
            .has("X-One: 1, 2"));
    all.add(
        demand("3.1", "a cookie, said how long")
            .origin(FRESH, "Set-Cookie: a=b")
            .get()
            .pulled()
            .get()
            .kept()
            .has("Set-Cookie: a=b"));
    all.add(
        demand("3.1", "a cookie, where lifetimes are guessed")
            .service("guess")
            .origin("Last-Modified: {-1000}", "Set-Cookie: a=b")
            .get()
            .pulled()
            .get()
            .pulled());
    all.add(
        demand("3.1", "a cookie, refused")
            .service("refuse")
            .origin(FRESH, "Set-Cookie: a=b")
            .get()
            .pulled()
            .has("Set-Cookie: a=b")
            .get()
            .pulled());
    all.add(
        demand("3.1", "a cookie, stripped")
            .service("strip")
            .origin(FRESH, "Set-Cookie: a=b")
            .get()
            .pulled()
            .get()
            .kept()
            .lacks("Set-Cookie"));
    all.add(
        demand("7.3", "a cookie that no-cache names")
            .origin("Cache-Control: max-age=60, no-cache=\"set-cookie\"", "Set-Cookie: a=b")
            .get()
            .pulled()
            .has("Set-Cookie: a=b")
            .get()
            .kept()
            .lacks("Set-Cookie"));
    return all;
  }

  private static List<Case> requests() {
    String auth = "Authorization: Basic eA==";
    return List.of(
        demand("3.5", "authorized")
            .origin(FRESH)
            .get(auth)
            .pulled()
            .get(auth)
            .pulled()
            .get()
            .pulled(),
        demand("3.5", "authorized, Expires")
            .origin("Expires: {+60}")
            .get(auth)
            .pulled()
            .get(auth)
            .pulled(),
        demand("3.5", "authorized, public")
            .origin("Cache-Control: public, max-age=60")
            .get(auth)
            .pulled()
            .get(auth)
            .kept()
            .get()
            .kept(),
        demand("3.5", "authorized, s-maxage")
            .origin("Cache-Control: s-maxage=60")
            .get(auth)
            .pulled()
            .get(auth)
            .kept(),
        demand("3.5", "authorized, must-revalidate")
            .origin("Cache-Control: max-age=60, must-revalidate")
            .get(auth)
            .pulled()
            .get(auth)
            .kept(),
        demand("3.5", "authorized, proxy-revalidate")
            .origin("Cache-Control: max-age=60, proxy-revalidate")
            .get(auth)
            .pulled()
            .get(auth)
            .pulled(),
        demand("3.5", "kept without authorization, asked for with")
            .origin(FRESH)
            .get()
            .pulled()
            .get(auth)
            .kept(),
        demand("3.5", "Authorization goes upstream").origin(FRESH).get(auth).told(auth),
        demand("5.2.1.5", "a request with no-store")
            .origin(FRESH)
            .get("Cache-Control: no-store")
            .pulled()
            .get()
            .pulled()
            .get()
            .kept(),
        demand("5.2.1.5", "a request with no-store takes what is kept")
            .origin(FRESH)
            .get()
            .pulled()
            .get("Cache-Control: no-store")
            .kept(),
        demand("3", "an answer to POST").origin(FRESH).ask("POST").pulled().get().pulled(),
        demand("3", "an answer to POST with Content-Location")
            .origin(FRESH, "Content-Location: {path}")
            .ask("POST", "Content-Length: 0")
            .pulled()
            .get()
            .pulled(),
        demand("3", "an answer to HEAD").origin(FRESH).head().pulled().get().pulled(),
        demand("4", "HEAD from what is kept of GET")
            .origin(FRESH, "Content-Type: a/b")
            .get()
            .pulled()
            .head()
            .kept()
            .has("Content-Length: 8")
            .has("Content-Type: a/b")
            .has("Age: 0"),
        demand("2", "other query")
            .origin(FRESH)
            .at("?a=1")
            .get()
            .pulled()
            .at("?a=2")
            .get()
            .pulled()
            .at("?a=1")
            .get()
            .kept(),
        demand("2", "the same query in another order")
            .origin(FRESH)
            .at("?a=1&b=2")
            .get()
            .pulled()
            .at("?b=2&a=1")
            .get()
            .pulled(),
        demand("2", "a query and none")
            .origin(FRESH)
            .get()
            .pulled()
            .at("?")
            .get()
            .pulled()
            .at("")
            .get()
            .kept(),
        demand("2", "a long target")
            .origin(FRESH)
            .at("/" + "x".repeat(8000) + "?" + "y".repeat(6000))
            .get()
            .pulled()
            .get()
            .kept());
  }
}
