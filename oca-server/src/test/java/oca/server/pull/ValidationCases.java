package oca.server.pull;

import static oca.server.pull.Case.demand;

import java.util.ArrayList;
import java.util.List;

/** RFC 9111, sections 3.2, 4.3 and 4.3.5: asking whether what is kept is good yet. */
final class ValidationCases {
  private static final String SHORT = "Cache-Control: max-age=1";
  private static final String FRESH = "Cache-Control: max-age=60";
  private static final String TAG = "ETag: \"a\"";

  private ValidationCases() {}

  static List<Case> all() {
    List<Case> all = new ArrayList<>();
    all.addAll(questions());
    all.addAll(answers());
    all.addAll(updates());
    all.addAll(heads());
    return all;
  }

  private static Case stale(String section, String name, String... fields) {
    List<String> all = new ArrayList<>(List.of(fields));
    all.add(SHORT);
    return demand(section, name).origin(all.toArray(String[]::new)).get().pulled().after(5);
  }

  private static List<Case> questions() {
    return List.of(
        stale("4.3.1", "by a strong tag", TAG)
            .get()
            .checked()
            .told("If-None-Match: \"a\"")
            .untold("If-Modified-Since"),
        stale("4.3.1", "by a weak tag", "ETag: W/\"a\"")
            .get()
            .checked()
            .told("If-None-Match: W/\"a\""),
        stale("4.3.1", "by a tag with odd characters", "ETag: \"a,b\\;!\"")
            .get()
            .checked()
            .told("If-None-Match: \"a,b\\;!\""),
        stale("4.3.1", "by a tag without quotes", "ETag: abc")
            .get()
            .checked()
            .told("If-None-Match: abc"),
        stale("4.3.1", "by a date", "Last-Modified: Tue, 15 Nov 1994 12:45:26 GMT")
            .get()
            .checked()
            .told("If-Modified-Since: Tue, 15 Nov 1994 12:45:26 GMT")
            .untold("If-None-Match"),
        stale("4.3.1", "by both", TAG, "Last-Modified: Tue, 15 Nov 1994 12:45:26 GMT")
            .get()
            .checked()
            .told("If-None-Match: \"a\"")
            .told("If-Modified-Since: Tue, 15 Nov 1994 12:45:26 GMT"),
        stale("4.3.1", "by neither")
            .get()
            .pulled()
            .untold("If-None-Match")
            .untold("If-Modified-Since"),
        stale("4.3.1", "not by two tags that differ", TAG, "ETag: \"b\"")
            .get()
            .pulled()
            .untold("If-None-Match"),
        stale("4.3.1", "not by a date that is none", TAG, "Last-Modified: yesterday")
            .get()
            .checked()
            .untold("If-Modified-Since"),
        stale("4.3.1", "not by what the client has", TAG)
            .get("If-None-Match: \"b\"", "If-Modified-Since: {0}")
            .checked()
            .told("If-None-Match: \"a\"")
            .untold("If-Modified-Since")
            .status(200),
        stale("4.3.1", "not by a range of the client's", TAG)
            .get("Range: bytes=0-1", "If-Range: \"a\"")
            .checked()
            .untold("Range")
            .untold("If-Range")
            .status(206));
  }

  private static List<Case> answers() {
    return List.of(
        stale("4.3.3", "304", TAG)
            .origin(304, TAG, FRESH)
            .get()
            .checked()
            .status(200)
            .brings("answer 1")
            .after(59)
            .get()
            .kept()
            .brings("answer 1")
            .has("Age: 59"),
        stale("4.3.3", "304 by date", "Last-Modified: {-100}")
            .origin(304, FRESH)
            .get()
            .checked()
            .status(200)
            .brings("answer 1")
            .get()
            .kept(),
        stale("4.3.3", "304 when the client has it too", TAG)
            .origin(304, TAG, FRESH)
            .get("If-None-Match: \"a\"")
            .checked()
            .status(304)
            .get()
            .kept()
            .status(200),
        stale("4.3.3", "304 when the client has another", TAG)
            .origin(304, TAG, FRESH)
            .get("If-None-Match: \"b\"")
            .checked()
            .status(200)
            .brings("answer 1"),
        stale("4.3.3", "304 that makes nothing fresh", TAG)
            .origin(304, TAG)
            .get()
            .checked()
            .brings("answer 1")
            .after(2)
            .get()
            .checked()
            .brings("answer 1"),
        stale("4.3.3", "304 with an Age", TAG)
            .origin(304, TAG, FRESH, "Age: 50")
            .get()
            .checked()
            .after(9)
            .get()
            .kept()
            .has("Age: 59")
            .after(1)
            .get()
            .checked(),
        stale("4.3.3", "304 that says no-store", TAG)
            .origin(304, TAG, "Cache-Control: no-store")
            .get()
            .checked()
            .status(200)
            .brings("answer 1")
            .get()
            .asked(1),
        stale("4.3.3", "200 replaces", TAG)
            .origin(FRESH, "ETag: \"b\"", "X-New: 1")
            .get()
            .checked()
            .brings("answer 2")
            .get()
            .kept()
            .brings("answer 2")
            .has("X-New: 1"),
        stale("4.3.3", "200 with the same tag replaces", TAG)
            .origin(FRESH, TAG)
            .get()
            .checked()
            .brings("answer 2")
            .get()
            .kept()
            .brings("answer 2"),
        stale("4.3.3", "200 that is not kept", TAG)
            .origin("Cache-Control: no-store")
            .get()
            .checked()
            .brings("answer 2")
            .get()
            .asked(1)
            .brings("answer 3"),
        stale("4.3.3", "404 that says how long replaces", TAG)
            .origin(404, FRESH)
            .get()
            .checked()
            .status(404)
            .get()
            .kept()
            .status(404),
        stale("4.3.3", "404", TAG).origin(404).get().checked().status(404),
        stale("4.3.3", "500 is told", TAG).origin(500).get().checked().status(500),
        stale("4.3.3", "500 keeps what there was", TAG)
            .origin(500)
            .get()
            .checked()
            .status(500)
            .origin(304, TAG, FRESH)
            .get()
            .checked()
            .brings("answer 1"),
        stale("4.3.4", "304 of another tag", TAG)
            .origin(304, "ETag: \"b\"")
            .get()
            .asked(2)
            .status(502),
        stale("4.3.4", "304 of the weak form of a weak tag", "ETag: W/\"a\"")
            .origin(304, "ETag: W/\"a\"", FRESH)
            .get()
            .checked()
            .brings("answer 1")
            .get()
            .kept(),
        stale("4.3.4", "304 of a weak tag about a strong one", TAG)
            .origin(304, "ETag: W/\"a\"", FRESH)
            .get()
            .checked()
            .brings("answer 1"),
        stale("4.3.4", "304 of a strong tag about a weak one", "ETag: W/\"a\"")
            .origin(304, TAG, FRESH)
            .get()
            .asked(2),
        stale("4.3.4", "304 without a validator", TAG)
            .origin(304, FRESH)
            .get()
            .checked()
            .brings("answer 1")
            .get()
            .kept());
  }

  private static List<Case> updates() {
    List<Case> all = new ArrayList<>();
    for (String name :
        List.of(
            "Content-Language",
            "Content-Location",
            "Content-Type",
            "Content-Disposition",
            "Link",
            "Server",
            "Set-Cookie",
            "X-Test",
            "X-Frame-Options",
            "Content-Security-Policy",
            "Strict-Transport-Security",
            "Retry-After",
            "Public-Key-Pins")) {
      all.add(
          stale("3.2", name + " is brought up to date", TAG, name + ": old")
              .origin(304, TAG, FRESH, name + ": new")
              .get()
              .checked()
              .has(name + ": new")
              .get()
              .kept()
              .has(name + ": new"));
    }
    for (String name : List.of("Content-Encoding", "Content-Range", "Content-Digest")) {
      all.add(
          stale("3.2", name + " of a 304 does not count", TAG, "X-Old: 1")
              .origin(304, TAG, FRESH, name + ": new")
              .get()
              .checked()
              .lacks(name)
              .get()
              .kept()
              .lacks(name));
    }
    all.add(
        stale("3.2", "Content-Length of a 304 does not count", TAG)
            .origin(304, TAG, FRESH, "Content-Length: 4")
            .get()
            .checked()
            .has("Content-Length: 8")
            .brings("answer 1"));
    all.add(
        stale("3.2", "Content-Length: 0 of a 304 does not count", TAG)
            .origin(304, TAG, FRESH, "Content-Length: 0")
            .get()
            .checked()
            .has("Content-Length: 8")
            .brings("answer 1"));
    all.add(
        stale("3.2", "what a 304 does not name stays", TAG, "X-Old: 1")
            .origin(304, TAG, FRESH, "X-New: 2")
            .get()
            .checked()
            .has("X-Old: 1")
            .has("X-New: 2")
            .get()
            .kept()
            .has("X-Old: 1")
            .has("X-New: 2"));
    all.add(
        stale("3.2", "two lines take the place of one", TAG, "X-A: 1")
            .origin(304, TAG, FRESH, "X-A: 2", "X-A: 3")
            .get()
            .checked()
            .has("X-A: 2, 3"));
    all.add(
        stale("3.2", "Date and Age", TAG, "Age: 0")
            .origin(304, TAG, FRESH)
            .get()
            .checked()
            .has("Date: {0}")
            .has("Age: 0"));
    all.add(
        stale("3.2", "Expires", TAG, "Expires: {+1}")
            .origin(304, TAG, FRESH, "Expires: {+100}")
            .get()
            .checked()
            .has("Expires: {+100}"));
    all.add(
        stale("3.2", "what ends at a hop", TAG)
            .origin(304, TAG, FRESH, "Connection: X-Hop", "X-Hop: 1")
            .get()
            .checked()
            .lacks("X-Hop")
            .get()
            .kept()
            .lacks("X-Hop"));
    all.add(
        stale("3.2", "Vary", TAG, "Vary: X")
            .origin(304, TAG, FRESH, "Vary: Y")
            .get()
            .checked()
            .get("X: 1")
            .kept());
    return all;
  }

  private static Case head(String name, String... fields) {
    List<String> all = new ArrayList<>(List.of(fields));
    all.add(FRESH);
    return demand("4.3.5", name)
        .origin(FRESH, TAG, "X-A: 1", "Last-Modified: {-1000}")
        .get()
        .pulled()
        .after(10)
        .origin(all.toArray(String[]::new))
        .head("Cache-Control: no-cache")
        .pulled();
  }

  private static List<Case> heads() {
    return List.of(
        head("the same, newer fields", TAG, "X-A: 2")
            .get()
            .kept()
            .brings("answer 1")
            .has("X-A: 2")
            .has("Age: 0"),
        head("without validators, newer fields", "X-A: 2").get().kept().has("X-A: 2"),
        head("another tag", "ETag: \"b\"").get().checked().brings("answer 2"),
        head("another date", "Last-Modified: {0}").get().checked(),
        head("another length", TAG, "Content-Length: 9").origin(FRESH, TAG).get().checked(),
        head("for longer", TAG, "Age: 0").after(55).get().kept(),
        demand("4.3.5", "404 changes nothing")
            .origin(FRESH, TAG)
            .get()
            .pulled()
            .origin(404)
            .head("Cache-Control: no-cache")
            .pulled()
            .get()
            .kept()
            .brings("answer 1"),
        demand("4.3.5", "304 changes nothing")
            .origin(FRESH, TAG)
            .get()
            .pulled()
            .origin(304, TAG)
            .head("Cache-Control: no-cache", "If-None-Match: \"a\"")
            .pulled()
            .get()
            .kept(),
        demand("4.3.5", "of a stale one")
            .origin(SHORT, TAG)
            .get()
            .pulled()
            .after(5)
            .origin(FRESH, TAG)
            .head()
            .pulled()
            .get()
            .kept()
            .brings("answer 1"),
        demand("4.3.5", "of another variant")
            .origin(FRESH, TAG, "Vary: X")
            .get("X: 1")
            .pulled()
            .origin(FRESH, "ETag: \"b\"", "Vary: X")
            .head("X: 2")
            .pulled()
            .get("X: 1")
            .kept()
            .brings("answer 1"));
  }
}
