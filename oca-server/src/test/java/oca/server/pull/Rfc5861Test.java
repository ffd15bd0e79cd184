package oca.server.pull;

import static oca.server.pull.Case.demand;

import java.util.ArrayList;
import java.util.List;

/** Stale answers, while upstream is asked and when it fails. */
class Rfc5861Test extends Conformance {
  private static final String TAG = "ETag: \"a\"";
  private static final String AWAY = "nonsense\r\n\r\n";

  @Override
  String title() {
    return "RFC 5861: stale-while-revalidate, stale-if-error";
  }

  private static Case stale(String section, String name, String directives) {
    return demand(section, name)
        .origin("Cache-Control: max-age=1, " + directives, TAG)
        .get()
        .pulled()
        .after(5);
  }

  @Override
  List<Case> cases() {
    List<Case> all = new ArrayList<>();
    all.addAll(whileRevalidating());
    all.addAll(ifError());
    all.addAll(byRule());
    return all;
  }

  private static List<Case> whileRevalidating() {
    return List.of(
        stale("3", "within the window", "stale-while-revalidate=60")
            .get()
            .status(200)
            .brings("answer 1")
            .says("edge; hit; ttl=-4; detail=stale-while-revalidate")
            .asked(1)
            .checked(),
        stale("3", "and then fresh by a 304", "stale-while-revalidate=60")
            .origin(304, TAG, "Cache-Control: max-age=60")
            .get()
            .brings("answer 1")
            .getUntil("edge; hit; ttl=60")
            .brings("answer 1"),
        stale("3", "and then another", "stale-while-revalidate=60")
            .origin("Cache-Control: max-age=60", "ETag: \"b\"")
            .get()
            .brings("answer 1")
            .getUntil("edge; hit; ttl=60")
            .brings("answer 2"),
        stale("3", "at the end of the window", "stale-while-revalidate=4")
            .get()
            .brings("answer 1")
            .asked(1),
        stale("3", "behind the window", "stale-while-revalidate=3")
            .get()
            .checked()
            .brings("answer 2"),
        stale("3", "while fresh nobody is asked", "stale-while-revalidate=60")
            .origin("Cache-Control: max-age=60", TAG)
            .get("Cache-Control: no-cache")
            .checked()
            .get()
            .kept(),
        stale("3", "a client that wants none", "stale-while-revalidate=60")
            .get("Cache-Control: no-cache")
            .checked()
            .brings("answer 2"),
        stale("3", "a client that wants a younger one", "stale-while-revalidate=60")
            .get("Cache-Control: max-age=3")
            .checked()
            .brings("answer 2"),
        stale("3", "a window that is none", "stale-while-revalidate=x")
            .get()
            .checked()
            .brings("answer 2"),
        stale("3", "beside must-revalidate", "stale-while-revalidate=60, must-revalidate")
            .get()
            .checked()
            .brings("answer 2"),
        stale("3", "beside s-maxage", "stale-while-revalidate=60, s-maxage=1")
            .get()
            .checked()
            .brings("answer 2"),
        stale("3", "beside no-cache", "stale-while-revalidate=60, no-cache")
            .get()
            .checked()
            .brings("answer 2"),
        stale("3", "of a range", "stale-while-revalidate=60")
            .get("Range: bytes=0-1")
            .status(206)
            .brings("an")
            .asked(1),
        stale("3", "without validator", "stale-while-revalidate=60")
            .get()
            .brings("answer 1")
            .asked(1),
        stale("3", "an upstream that fails changes nothing", "stale-while-revalidate=60")
            .raw(AWAY)
            .get()
            .brings("answer 1")
            .asked(1)
            .after(1)
            .get()
            .brings("answer 1"));
  }

  private static List<Case> ifError() {
    List<Case> all = new ArrayList<>();
    for (int status : List.of(500, 502, 503, 504)) {
      all.add(
          stale("4", "upstream answers " + status, "stale-if-error=60")
              .origin(status)
              .get()
              .checked()
              .status(200)
              .brings("answer 1")
              .has("Age: 5"));
    }
    for (int status : List.of(400, 404, 410, 429, 501, 505, 599)) {
      all.add(
          stale("4", "upstream answers " + status + ", which is no such error", "stale-if-error=60")
              .origin(status)
              .get()
              .checked()
              .status(status));
    }
    all.add(
        stale("4", "at the end of the window", "stale-if-error=4")
            .origin(503)
            .get()
            .checked()
            .status(200));
    all.add(
        stale("4", "behind the window", "stale-if-error=3")
            .origin(503)
            .get()
            .checked()
            .status(503));
    all.add(
        stale("4", "upstream is away", "stale-if-error=60").raw(AWAY).get().checked().status(200));
    all.add(
        stale("4", "upstream is away, behind the window", "stale-if-error=3")
            .raw(AWAY)
            .get()
            .checked()
            .status(502));
    all.add(
        stale("4", "a window that is none", "stale-if-error=x")
            .origin(503)
            .get()
            .checked()
            .status(503));
    all.add(
        stale("4", "beside must-revalidate", "stale-if-error=60, must-revalidate")
            .origin(503)
            .get()
            .checked()
            .status(503));
    all.add(
        stale("4", "of the request", "public")
            .origin(503)
            .get("Cache-Control: stale-if-error=60")
            .checked()
            .status(200));
    all.add(
        stale("4", "of the request, behind the window", "public")
            .origin(503)
            .get("Cache-Control: stale-if-error=3")
            .checked()
            .status(503));
    all.add(
        stale("4", "of the request, beside must-revalidate", "must-revalidate")
            .origin(503)
            .get("Cache-Control: stale-if-error=60")
            .checked()
            .status(503));
    all.add(
        stale("4", "a range", "stale-if-error=60")
            .origin(503)
            .get("Range: bytes=0-1")
            .checked()
            .status(206)
            .brings("an"));
    all.add(
        stale("4", "a client that has it", "stale-if-error=60")
            .origin(503)
            .get("If-None-Match: \"a\"")
            .checked()
            .status(304));
    all.add(
        stale("4", "the error is not kept in its place", "stale-if-error=60")
            .origin(503, "Cache-Control: max-age=60")
            .get()
            .checked()
            .status(200)
            .origin(304, TAG, "Cache-Control: max-age=60")
            .get()
            .checked()
            .brings("answer 1"));
    all.add(
        stale("4", "is asked again each time", "stale-if-error=60")
            .origin(503)
            .get()
            .checked()
            .get()
            .checked());
    return all;
  }

  private static List<Case> byRule() {
    return List.of(
        stale("3", "by rule", "public")
            .service("stale")
            .get()
            .brings("answer 1")
            .says("edge; hit; ttl=-4; detail=stale-while-revalidate")
            .asked(1),
        stale("3", "what the response says before the rule", "stale-while-revalidate=1")
            .service("stale")
            .get()
            .checked(),
        stale("3", "0 before the rule", "stale-while-revalidate=0")
            .service("stale")
            .get()
            .checked(),
        stale("4", "by rule", "stale-while-revalidate=0")
            .service("stale")
            .origin(503)
            .get()
            .checked()
            .status(200),
        stale("4", "0 before the rule", "stale-while-revalidate=0, stale-if-error=0")
            .service("stale")
            .origin(503)
            .get()
            .checked()
            .status(503),
        stale("4", "must-revalidate before the rule", "must-revalidate")
            .service("stale")
            .origin(503)
            .get()
            .checked()
            .status(503),
        stale("4", "away, by rule", "stale-while-revalidate=0")
            .service("stale")
            .after(100)
            .raw(AWAY)
            .get()
            .checked()
            .status(200),
        stale("4", "away, behind the rule", "stale-while-revalidate=0")
            .service("stale")
            .after(120)
            .raw(AWAY)
            .get()
            .checked()
            .status(502));
  }
}
