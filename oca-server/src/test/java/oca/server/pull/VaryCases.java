package oca.server.pull;

import static oca.server.pull.Case.demand;

import java.util.List;

/** RFC 9111, section 4.1: which of several responses for one target is for whom. */
final class VaryCases {
  private static final String FRESH = "Cache-Control: max-age=60";

  private VaryCases() {}

  private static Case same(String name, String vary, List<String> first, List<String> second) {
    return demand("4.1", name)
        .origin(FRESH, vary)
        .get(first.toArray(String[]::new))
        .pulled()
        .get(second.toArray(String[]::new))
        .kept();
  }

  private static Case other(String name, String vary, List<String> first, List<String> second) {
    return demand("4.1", name)
        .origin(FRESH, vary)
        .get(first.toArray(String[]::new))
        .pulled()
        .get(second.toArray(String[]::new))
        .pulled()
        .brings("answer 2");
  }

  static List<Case> all() {
    return List.of(
        same("the same value", "Vary: X", List.of("X: 1"), List.of("X: 1")),
        other("another value", "Vary: X", List.of("X: 1"), List.of("X: 2")),
        other("absent, then there", "Vary: X", List.of(), List.of("X: 1")),
        other("there, then absent", "Vary: X", List.of("X: 1"), List.of()),
        other("absent, then empty", "Vary: X", List.of(), List.of("X:")),
        same("absent both times", "Vary: X", List.of(), List.of()),
        same(
            "a field it does not vary by",
            "Vary: X",
            List.of("X: 1", "Y: 1"),
            List.of("X: 1", "Y: 2")),
        same(
            "two names, both the same",
            "Vary: X, Y",
            List.of("X: 1", "Y: 1"),
            List.of("Y: 1", "X: 1")),
        other(
            "two names, the second differs",
            "Vary: X, Y",
            List.of("X: 1", "Y: 1"),
            List.of("X: 1", "Y: 2")),
        other("two names, one absent", "Vary: X, Y", List.of("X: 1", "Y: 1"), List.of("X: 1")),
        other("names in another case", "vary: x-a", List.of("X-A: 1"), List.of("X-A: 2")),
        same(
            "names in another case, the same value",
            "Vary: X-A",
            List.of("x-a: 1"),
            List.of("X-a: 1")),
        other("values differ in case", "Vary: X", List.of("X: a"), List.of("X: A")),
        other("members with empty ones between", "Vary: ,X,,Y,", List.of("Y: 1"), List.of("Y: 2")),
        same("an empty Vary", "Vary:", List.of("X: 1"), List.of("X: 2")),
        other("*", "Vary: *", List.of(), List.of()),
        other("* behind a name", "Vary: X, *", List.of("X: 1"), List.of("X: 1")),
        other("* before a name", "Vary: *, X", List.of("X: 1"), List.of("X: 1")),
        other("what is no name", "Vary: X Y", List.of("X: 1"), List.of("X: 1")),
        demand("4.1", "* on a second line")
            .origin(FRESH, "Vary: X", "Vary: *")
            .get("X: 1")
            .pulled()
            .get("X: 1")
            .pulled(),
        demand("4.1", "names on two lines")
            .origin(FRESH, "Vary: X", "Vary: Y")
            .get("X: 1", "Y: 1")
            .pulled()
            .get("X: 1", "Y: 2")
            .pulled()
            .get("X: 1", "Y: 1")
            .kept(),
        same("blanks around commas", "Vary: X", List.of("X: 1,2"), List.of("X: 1 , 2")),
        same("one line or two", "Vary: X", List.of("X: 1", "X: 2"), List.of("X: 1, 2")),
        same(
            "codings in another order",
            "Vary: Accept-Encoding",
            List.of("Accept-Encoding: gzip, br"),
            List.of("Accept-Encoding: br,gzip")),
        same(
            "codings in another case",
            "Vary: Accept-Encoding",
            List.of("Accept-Encoding: GZIP"),
            List.of("Accept-Encoding: gzip")),
        other(
            "other codings",
            "Vary: Accept-Encoding",
            List.of("Accept-Encoding: gzip"),
            List.of("Accept-Encoding: br")),
        other(
            "a coding that is refused",
            "Vary: Accept-Encoding",
            List.of("Accept-Encoding: gzip"),
            List.of("Accept-Encoding: gzip;q=0")),
        same(
            "languages in another case",
            "Vary: Accept-Language",
            List.of("Accept-Language: en-GB"),
            List.of("Accept-Language: en-gb")),
        other(
            "languages in another order",
            "Vary: Accept-Language",
            List.of("Accept-Language: en, de"),
            List.of("Accept-Language: de, en")),
        other("other cookies", "Vary: Cookie", List.of("Cookie: a=1"), List.of("Cookie: a=2")),
        other(
            "another client",
            "Vary: User-Agent",
            List.of("User-Agent: a"),
            List.of("User-Agent: b")),
        demand("4.1", "encoded, though Vary does not say so")
            .origin(FRESH, "Content-Encoding: gzip")
            .get("Accept-Encoding: gzip")
            .pulled()
            .get()
            .pulled(),
        demand("4.1", "three beside each other")
            .origin(FRESH, "Vary: X")
            .get("X: 1")
            .pulled()
            .get("X: 2")
            .pulled()
            .get("X: 3")
            .pulled()
            .get("X: 1")
            .kept()
            .brings("answer 1")
            .get("X: 2")
            .kept()
            .brings("answer 2")
            .get("X: 3")
            .kept()
            .brings("answer 3"),
        demand("4.1", "one stale, another fresh")
            .origin("Cache-Control: max-age=10", "Vary: X")
            .get("X: 1")
            .pulled()
            .after(8)
            .get("X: 2")
            .pulled()
            .after(4)
            .get("X: 2")
            .kept()
            .get("X: 1")
            .pulled(),
        demand("4.1", "what it varies by changes")
            .origin(FRESH, "Vary: X")
            .get("X: 1", "Y: 1")
            .pulled()
            .origin(FRESH, "Vary: Y")
            .get("X: 2", "Y: 1")
            .pulled()
            .get("X: 3", "Y: 1")
            .kept()
            .brings("answer 2"),
        demand("4.1", "of two that fit the later")
            .origin(FRESH)
            .get("X: 1")
            .pulled()
            .after(5)
            .origin(FRESH, "Vary: X")
            .get("X: 1", "Cache-Control: no-cache")
            .pulled()
            .get("X: 1")
            .kept()
            .brings("answer 2"),
        demand("4.3.1", "others' tags are asked about")
            .origin(FRESH, "Vary: X", "ETag: \"a\"")
            .get("X: 1")
            .pulled()
            .origin(FRESH, "Vary: X", "ETag: \"b\"")
            .get("X: 2")
            .pulled()
            .told("If-None-Match: \"a\"")
            .get("X: 3")
            .told("If-None-Match: \"a\", \"b\""),
        demand("4.3.4", "one of others' is it")
            .origin(FRESH, "Vary: X", "ETag: \"a\"")
            .get("X: 1")
            .pulled()
            .origin(304, FRESH, "Vary: X", "ETag: \"a\"")
            .get("X: 2")
            .checked()
            .status(200)
            .brings("answer 1")
            .get("X: 2")
            .kept()
            .brings("answer 1"),
        demand("4", "only what is asked for is given to the client's condition")
            .origin(FRESH, "Vary: X", "ETag: \"a\"")
            .get("X: 1")
            .pulled()
            .get("X: 1", "If-None-Match: \"a\"")
            .kept()
            .status(304)
            .has("Vary: X"));
  }
}
