package oca.server.pull;

import static oca.server.pull.Case.demand;
import static oca.server.pull.Case.freshFor;
import static oca.server.pull.Case.notReused;
import static oca.server.pull.Case.reused;

import java.util.List;

/** Targeted cache control. */
class Rfc9213Test extends Conformance {
  private static final String TAG = "ETag: \"a\"";

  @Override
  String title() {
    return "RFC 9213: targeted cache control";
  }

  @Override
  List<Case> cases() {
    return List.of(
        freshFor("2.2", "alone", 60, "CDN-Cache-Control: max-age=60"),
        freshFor(
            "2.2",
            "before a shorter Cache-Control",
            60,
            "CDN-Cache-Control: max-age=60",
            "Cache-Control: max-age=1"),
        freshFor(
            "2.2",
            "before a longer Cache-Control",
            9,
            "CDN-Cache-Control: max-age=9",
            "Cache-Control: max-age=60"),
        freshFor(
            "2.2",
            "before s-maxage",
            60,
            "CDN-Cache-Control: max-age=60",
            "Cache-Control: s-maxage=1"),
        freshFor("2.2", "before Expires", 60, "CDN-Cache-Control: max-age=60", "Expires: {-60}"),
        freshFor("2.2", "s-maxage before max-age", 60, "CDN-Cache-Control: max-age=1, s-maxage=60"),
        reused(
            "2.2", "before no-store", "CDN-Cache-Control: max-age=60", "Cache-Control: no-store"),
        reused("2.2", "before private", "CDN-Cache-Control: max-age=60", "Cache-Control: private"),
        reused(
            "2.2", "before no-cache", "CDN-Cache-Control: max-age=60", "Cache-Control: no-cache"),
        notReused(
            "2.2",
            "no-store before max-age",
            "CDN-Cache-Control: no-store",
            "Cache-Control: max-age=60"),
        notReused("2.2", "no-store and max-age", "CDN-Cache-Control: max-age=60, no-store"),
        notReused(
            "2.2",
            "private before max-age",
            "CDN-Cache-Control: private",
            "Cache-Control: max-age=60"),
        notReused(
            "2.2",
            "max-age=0 before max-age",
            "CDN-Cache-Control: max-age=0",
            "Cache-Control: max-age=60",
            TAG),
        demand("2.2", "no-cache before max-age")
            .origin("CDN-Cache-Control: no-cache", "Cache-Control: max-age=60", TAG)
            .get()
            .pulled()
            .get()
            .checked(),
        notReused(
            "2.2",
            "that says no time hides Cache-Control",
            "CDN-Cache-Control: must-revalidate",
            "Cache-Control: max-age=60",
            TAG),
        demand("2.2", "must-revalidate of Cache-Control does not count")
            .origin("CDN-Cache-Control: max-age=1", "Cache-Control: must-revalidate", TAG)
            .get()
            .pulled()
            .after(5)
            .get("Cache-Control: max-stale")
            .kept(),
        freshFor("2.1", "with an Age", 30, "CDN-Cache-Control: max-age=60", "Age: 30"),
        freshFor(
            "2.1", "on two lines", 60, "CDN-Cache-Control: foo", "CDN-Cache-Control: max-age=60"),
        freshFor("2.1", "twice, the last counts", 9, "CDN-Cache-Control: max-age=60, max-age=9"),
        freshFor(
            "2.1",
            "unknown directives",
            60,
            "CDN-Cache-Control: foo, bar=?0, baz=\"x\", max-age=60"),
        freshFor("2.1", "with parameters", 60, "CDN-Cache-Control: max-age=60;a=b;c"),
        freshFor(
            "2.1",
            "the field's name in another case",
            60,
            "cdn-CACHE-control: max-age=60",
            "Cache-Control: max-age=1"),
        reused("2.1", "no-store=?0", "CDN-Cache-Control: max-age=60, no-store=?0"),
        freshFor(
            "2.2",
            "empty, Cache-Control counts",
            60,
            "CDN-Cache-Control:",
            "Cache-Control: max-age=60"),
        freshFor(
            "2.1",
            "no dictionary, Cache-Control counts",
            60,
            "CDN-Cache-Control: max-age=1, &&&",
            "Cache-Control: max-age=60"),
        freshFor(
            "2.1",
            "a directive in capitals, Cache-Control counts",
            60,
            "CDN-Cache-Control: MAX-AGE=1",
            "Cache-Control: max-age=60"),
        freshFor(
            "2.1",
            "a string that does not end, Cache-Control counts",
            60,
            "CDN-Cache-Control: max-age=1, a=\"b",
            "Cache-Control: max-age=60"),
        freshFor(
            "2.1",
            "a comma at the end, Cache-Control counts",
            60,
            "CDN-Cache-Control: max-age=1,",
            "Cache-Control: max-age=60"),
        freshFor(
            "2.1",
            "a number that is none, Cache-Control counts",
            60,
            "CDN-Cache-Control: max-age=1.2345",
            "Cache-Control: max-age=60"),
        freshFor(
            "2.1",
            "no-store in what is no dictionary",
            60,
            "CDN-Cache-Control: no-store, &",
            "Cache-Control: max-age=60"),
        notReused("2.1", "max-age that is a string", "CDN-Cache-Control: max-age=\"60\"", TAG),
        notReused("2.1", "max-age that is a decimal", "CDN-Cache-Control: max-age=60.0", TAG),
        notReused("2.1", "max-age that is a token", "CDN-Cache-Control: max-age=x", TAG),
        notReused("2.1", "max-age that is negative", "CDN-Cache-Control: max-age=-60", TAG),
        notReused("2.1", "max-age without number", "CDN-Cache-Control: max-age", TAG),
        demand("3.1", "the field stays")
            .origin("CDN-Cache-Control: max-age=60", "Cache-Control: no-store")
            .get()
            .pulled()
            .has("CDN-Cache-Control: max-age=60")
            .has("Cache-Control: no-store")
            .get()
            .kept()
            .has("CDN-Cache-Control: max-age=60")
            .has("Cache-Control: no-store"),
        demand("2.2", "authorized, public")
            .origin("CDN-Cache-Control: public, max-age=60")
            .get("Authorization: x")
            .pulled()
            .get("Authorization: x")
            .kept(),
        demand("2.2", "authorized, public in Cache-Control alone")
            .origin("CDN-Cache-Control: max-age=60", "Cache-Control: public")
            .get("Authorization: x")
            .pulled()
            .get("Authorization: x")
            .pulled(),
        demand("2.2", "of two targets the first")
            .service("targets")
            .origin("CDN-Cache-Control: max-age=1", "Edge-Cache-Control: max-age=60")
            .get()
            .pulled()
            .after(59)
            .get()
            .kept()
            .after(1)
            .get()
            .pulled(),
        demand("2.2", "of two targets the second, the first being none")
            .service("targets")
            .origin("CDN-Cache-Control: max-age=60", "Edge-Cache-Control: &")
            .get()
            .pulled()
            .after(59)
            .get()
            .kept()
            .after(1)
            .get()
            .pulled(),
        notReused("2.2", "a target that is not ours", "Edge-Cache-Control: max-age=60", TAG));
  }
}
