package oca.server.pull;

import static oca.server.pull.Case.demand;

import java.util.ArrayList;
import java.util.List;

/** RFC 9111, sections 4.2.4, 5.2.1 and 5.4: what clients want, and what may be stale. */
final class RequestCases {
  private static final String FRESH = "Cache-Control: max-age=60";
  private static final String TAG = "ETag: \"a\"";
  private static final String NONSENSE = "nonsense\r\n\r\n";

  private RequestCases() {}

  static List<Case> all() {
    List<Case> all = new ArrayList<>();
    all.addAll(directives());
    all.addAll(stale());
    all.addAll(away());
    return all;
  }

  private static Case kept(String section, String name, String service) {
    return demand(section, name).service(service).origin(FRESH, TAG).get().pulled().after(20);
  }

  private static Case heeds(String section, String name) {
    return kept(section, name, "p");
  }

  private static List<Case> directives() {
    return List.of(
        heeds("5.2.1.1", "max-age=0").get("Cache-Control: max-age=0").checked(),
        heeds("5.2.1.1", "max-age below the age").get("Cache-Control: max-age=19").checked(),
        heeds("5.2.1.1", "max-age of the age").get("Cache-Control: max-age=20").kept(),
        heeds("5.2.1.1", "max-age above the age").get("Cache-Control: max-age=21").kept(),
        heeds("5.2.1.1", "max-age in capitals, quoted")
            .get("Cache-Control: MAX-AGE=\"10\"")
            .checked(),
        heeds("5.2.1.1", "max-age that is none").get("Cache-Control: max-age=x").checked(),
        heeds("5.2.1.2", "max-stale while fresh").get("Cache-Control: max-stale=5").kept(),
        heeds("5.2.1.2", "any max-stale").after(100).get("Cache-Control: max-stale").kept(),
        heeds("5.2.1.2", "max-stale above what it is")
            .after(50)
            .get("Cache-Control: max-stale=11")
            .kept(),
        heeds("5.2.1.2", "max-stale of what it is")
            .after(50)
            .get("Cache-Control: max-stale=10")
            .kept(),
        heeds("5.2.1.2", "max-stale below what it is")
            .after(50)
            .get("Cache-Control: max-stale=9")
            .checked(),
        heeds("5.2.1.2", "max-stale that is none")
            .after(50)
            .get("Cache-Control: max-stale=x")
            .checked(),
        heeds("5.2.1.2", "max-stale, and max-age that is exceeded")
            .after(50)
            .get("Cache-Control: max-stale=100, max-age=30")
            .checked(),
        heeds("5.2.1.3", "min-fresh below the rest").get("Cache-Control: min-fresh=39").kept(),
        heeds("5.2.1.3", "min-fresh of the rest").get("Cache-Control: min-fresh=40").kept(),
        heeds("5.2.1.3", "min-fresh above the rest").get("Cache-Control: min-fresh=41").checked(),
        heeds("5.2.1.3", "min-fresh that is none").get("Cache-Control: min-fresh=x").checked(),
        heeds("5.2.1.4", "no-cache")
            .get("Cache-Control: no-cache")
            .checked()
            .told("If-None-Match: \"a\""),
        heeds("5.2.1.4", "no-cache, still good")
            .origin(304, TAG, FRESH)
            .get("Cache-Control: no-cache")
            .checked()
            .brings("answer 1")
            .get()
            .kept(),
        heeds("5.2.1.4", "no-cache, another now")
            .origin(FRESH, "ETag: \"b\"")
            .get("Cache-Control: no-cache")
            .checked()
            .brings("answer 2")
            .get()
            .kept()
            .brings("answer 2"),
        heeds("5.2.1.4", "no-cache goes upstream")
            .get("Cache-Control: no-cache")
            .told("Cache-Control: no-cache"),
        heeds("5.4", "Pragma: no-cache").get("Pragma: no-cache").checked(),
        heeds("5.4", "Pragma: no-cache beside Cache-Control")
            .get("Pragma: no-cache", "Cache-Control: max-age=30")
            .kept(),
        heeds("5.4", "Pragma that says another thing").get("Pragma: foo").kept(),
        heeds("5.2.1.6", "no-transform").get("Cache-Control: no-transform").kept(),
        heeds("5.2.1.7", "only-if-cached, fresh")
            .get("Cache-Control: only-if-cached")
            .kept()
            .status(200),
        heeds("5.2.1.7", "only-if-cached, stale")
            .after(60)
            .get("Cache-Control: only-if-cached")
            .unasked()
            .status(504),
        heeds("5.2.1.7", "only-if-cached, stale, and max-stale")
            .after(60)
            .get("Cache-Control: only-if-cached, max-stale")
            .kept()
            .status(200),
        heeds("5.2.1.7", "only-if-cached and no-cache")
            .get("Cache-Control: only-if-cached, no-cache")
            .unasked()
            .status(504),
        demand("5.2.1.7", "only-if-cached, nothing kept")
            .origin(FRESH)
            .get("Cache-Control: only-if-cached")
            .unasked()
            .status(504),
        demand("5.2.1.7", "only-if-cached, kept for others")
            .origin(FRESH, "Vary: X")
            .get("X: 1")
            .pulled()
            .get("X: 2", "Cache-Control: only-if-cached")
            .unasked()
            .status(504),
        heeds("5.2.3", "unknown directives").get("Cache-Control: foo=\"no-cache\"").kept(),
        kept("5.2.1", "max-age=0, not heeded", "deaf").get("Cache-Control: max-age=0").kept(),
        kept("5.2.1", "no-cache, not heeded", "deaf").get("Cache-Control: no-cache").kept(),
        kept("5.2.1", "only-if-cached is heeded even so", "deaf")
            .after(60)
            .get("Cache-Control: only-if-cached")
            .unasked()
            .status(504));
  }

  private static Case staleBy(String section, String name, String directive) {
    return demand(section, name)
        .origin("Cache-Control: max-age=1, " + directive, TAG)
        .get()
        .pulled()
        .after(5);
  }

  private static List<Case> stale() {
    List<Case> all = new ArrayList<>();
    for (String directive :
        List.of("must-revalidate", "proxy-revalidate", "s-maxage=1", "no-cache")) {
      all.add(
          staleBy("4.2.4", directive + " before max-stale", directive)
              .get("Cache-Control: max-stale=100")
              .checked());
      all.add(
          staleBy("4.2.4", directive + " when upstream is away", directive)
              .raw(NONSENSE)
              .get()
              .checked()
              .status(502));
      all.add(
          staleBy("4.2.4", directive + " when upstream fails", directive)
              .origin(500)
              .get()
              .checked()
              .status(500));
    }
    all.add(
        demand("5.2.2.2", "must-revalidate while fresh")
            .origin("Cache-Control: max-age=60, must-revalidate")
            .get()
            .pulled()
            .after(59)
            .get()
            .kept());
    all.add(
        staleBy("5.2.2.2", "MUST-REVALIDATE", "MUST-REVALIDATE")
            .get("Cache-Control: max-stale")
            .checked());
    all.add(
        staleBy("4.2.4", "stale, upstream fails and nobody allows it", "public")
            .origin(500)
            .get()
            .checked()
            .status(500)
            .get()
            .asked(1));
    return all;
  }

  private static List<Case> away() {
    return List.of(
        staleBy("4.2.4", "stale, upstream is away", "public")
            .raw(NONSENSE)
            .get()
            .checked()
            .status(200)
            .brings("answer 1")
            .has("Age: 5"),
        staleBy("4.2.4", "stale, upstream is away, and back", "public")
            .raw(NONSENSE)
            .get()
            .checked()
            .origin(304, TAG, FRESH)
            .get()
            .checked()
            .brings("answer 1")
            .get()
            .kept(),
        demand("4.2.4", "stale for longer than is allowed when upstream is away")
            .origin("Cache-Control: max-age=1", TAG)
            .get()
            .pulled()
            .after(86_402)
            .raw(NONSENSE)
            .get()
            .checked()
            .status(502),
        demand("4.2.4", "stale, upstream is away, and it is not allowed")
            .service("never")
            .origin("Cache-Control: max-age=1", TAG)
            .get()
            .pulled()
            .after(5)
            .raw(NONSENSE)
            .get()
            .checked()
            .status(502),
        demand("4.2.4", "fresh and not wanted so, upstream is away")
            .origin(FRESH, TAG)
            .get()
            .pulled()
            .raw(NONSENSE)
            .get("Cache-Control: no-cache")
            .checked()
            .status(200),
        demand("4.2.4", "nothing kept, upstream is away").raw(NONSENSE).get().asked(1).status(502));
  }
}
