package oca.server.pull;

import static oca.server.pull.Case.demand;
import static oca.server.pull.Case.freshFor;
import static oca.server.pull.Case.notReused;
import static oca.server.pull.Case.reused;

import java.util.ArrayList;
import java.util.List;

/** RFC 9111, sections 4.2 and 5.1 to 5.3: for how long what is kept is fresh, and how old it is. */
final class FreshnessCases {
  private static final String TAG = "ETag: \"a\"";

  private FreshnessCases() {}

  static List<Case> all() {
    List<Case> all = new ArrayList<>();
    all.addAll(lifetimes());
    all.addAll(spellings());
    all.addAll(expiry());
    all.addAll(ages());
    all.addAll(guesses());
    return all;
  }

  private static List<Case> lifetimes() {
    return List.of(
        freshFor("4.2.1", "max-age", 60, "Cache-Control: max-age=60"),
        freshFor("4.2.1", "s-maxage", 60, "Cache-Control: s-maxage=60"),
        freshFor(
            "4.2.1",
            "s-maxage before a longer max-age",
            9,
            "Cache-Control: max-age=60, s-maxage=9"),
        freshFor(
            "4.2.1",
            "s-maxage before a shorter max-age",
            60,
            "Cache-Control: s-maxage=60, max-age=9"),
        freshFor(
            "4.2.1", "s-maxage before Expires", 9, "Cache-Control: s-maxage=9", "Expires: {+60}"),
        freshFor(
            "4.2.1",
            "max-age before a later Expires",
            9,
            "Cache-Control: max-age=9",
            "Expires: {+60}"),
        freshFor(
            "4.2.1",
            "max-age before a past Expires",
            60,
            "Cache-Control: max-age=60",
            "Expires: {-60}"),
        freshFor(
            "4.2.1",
            "max-age before an Expires that is none",
            60,
            "Cache-Control: max-age=60",
            "Expires: 0"),
        freshFor("4.2.1", "Expires", 60, "Expires: {+60}"),
        freshFor(
            "4.2.1",
            "Expires beside Cache-Control that says no time",
            60,
            "Expires: {+60}",
            "Cache-Control: public"),
        notReused("4.2.1", "max-age=0", "Cache-Control: max-age=0", TAG),
        notReused(
            "4.2.1",
            "max-age=0 before a later Expires",
            "Cache-Control: max-age=0",
            "Expires: {+60}",
            TAG),
        notReused(
            "4.2.1", "s-maxage=0 before max-age", "Cache-Control: max-age=60, s-maxage=0", TAG),
        notReused("4.2.1", "nothing said", TAG),
        demand("4.2.1", "for a year")
            .origin("Cache-Control: max-age=31536000")
            .get()
            .pulled()
            .after(31_535_999)
            .get()
            .kept(),
        demand("4.2.1", "longer than any counter")
            .origin("Cache-Control: max-age=99999999999999")
            .get()
            .pulled()
            .after(100_000_000)
            .get()
            .kept());
  }

  /** Section 5.2, and 4.2.1 on what conflicts: the shortest counts, and what is none is stale. */
  private static List<Case> spellings() {
    return List.of(
        freshFor("5.2", "directives in capitals", 60, "Cache-Control: MAX-AGE=60"),
        freshFor("5.2", "directives in mixed case", 60, "cache-control: Max-aGe=60"),
        freshFor("5.2", "a quoted number", 60, "Cache-Control: max-age=\"60\""),
        freshFor("5.2", "a number with zeros before it", 60, "Cache-Control: max-age=0060"),
        freshFor("5.2", "without blanks", 60, "Cache-Control: public,max-age=60,x"),
        freshFor("5.2", "with tabs and empty members", 60, "Cache-Control: ,\t, max-age=60\t, ,"),
        freshFor("5.2", "on two lines", 60, "Cache-Control: public", "Cache-Control: max-age=60"),
        freshFor(
            "5.2.3",
            "unknown directives",
            60,
            "Cache-Control: foo, bar=1, baz=\"a, b\", max-age=60"),
        notReused("5.2", "max-age in a quoted string", "Cache-Control: foo=\"max-age=60\"", TAG),
        notReused("5.2", "max-age behind a name that ends so", "Cache-Control: x-max-age=60", TAG),
        notReused(
            "5.2",
            "no-store in a quoted string that does not end",
            "Cache-Control: max-age=60, foo=\"no-store",
            TAG),
        reused(
            "5.2",
            "no-store in a quoted string",
            "Cache-Control: max-age=60, foo=\"no-store, private\""),
        freshFor("4.2.1", "max-age twice, shorter last", 9, "Cache-Control: max-age=60, max-age=9"),
        freshFor(
            "4.2.1", "max-age twice, shorter first", 9, "Cache-Control: max-age=9, max-age=60"),
        freshFor(
            "4.2.1",
            "max-age on two lines",
            9,
            "Cache-Control: max-age=60",
            "Cache-Control: max-age=9"),
        notReused(
            "4.2.1",
            "max-age twice, one of them none",
            "Cache-Control: max-age=60, max-age=x",
            TAG),
        notReused("4.2.1", "a negative max-age", "Cache-Control: max-age=-60", TAG),
        notReused("4.2.1", "a decimal max-age", "Cache-Control: max-age=60.5", TAG),
        notReused("4.2.1", "max-age with a letter before it", "Cache-Control: max-age=a60", TAG),
        notReused("4.2.1", "max-age with a letter behind it", "Cache-Control: max-age=60a", TAG),
        notReused("4.2.1", "max-age in single quotes", "Cache-Control: max-age='60'", TAG),
        notReused("4.2.1", "max-age without number", "Cache-Control: max-age", TAG),
        notReused("4.2.1", "max-age with an empty number", "Cache-Control: max-age=", TAG),
        notReused(
            "4.2.1",
            "max-age with a blank before the equals sign",
            "Cache-Control: max-age =60",
            TAG),
        notReused(
            "4.2.1",
            "max-age with a blank behind the equals sign",
            "Cache-Control: max-age= 60",
            TAG),
        notReused(
            "4.2.1",
            "max-age with a comma of another kind",
            "Cache-Control: max-age=60; public",
            TAG),
        notReused(
            "4.2.1",
            "s-maxage that is none before max-age",
            "Cache-Control: max-age=60, s-maxage=x",
            TAG));
  }

  private static List<Case> expiry() {
    return List.of(
        notReused("5.3", "Expires in the past", "Expires: {-60}", TAG),
        notReused("5.3", "Expires now", "Expires: {0}", TAG),
        notReused("5.3", "Expires: 0", "Expires: 0", TAG),
        notReused("5.3", "Expires: -1", "Expires: -1", TAG),
        notReused("5.3", "an Expires that is no date", "Expires: tomorrow", TAG),
        notReused("5.3", "an Expires that is empty", "Expires:", TAG),
        notReused(
            "5.3", "an Expires in another zone", "Expires: Thu, 18 Aug 2050 02:01:18 AEST", TAG),
        notReused("5.3", "Expires twice, one in the past", "Expires: {+60}", "Expires: {-60}", TAG),
        notReused("5.3", "Expires twice, one no date", "Expires: {+60}", "Expires: 0", TAG),
        freshFor("5.3", "Expires twice, the earlier counts", 9, "Expires: {+60}", "Expires: {+9}"),
        reused(
            "4.2", "Expires in the form of RFC 850", "Expires: Thursday, 18-Aug-50 02:01:18 GMT"),
        reused("4.2", "Expires in the form of asctime", "Expires: Thu Aug 18 02:01:18 2050"),
        reused("4.2", "Expires in capitals", "Expires: THU, 18 AUG 2050 02:01:18 GMT"),
        reused("4.2", "Expires in small letters", "Expires: thu, 18 aug 2050 02:01:18 gmt"),
        reused("4.2", "Expires in UTC", "Expires: Thu, 18 Aug 2050 02:01:18 UTC"),
        freshFor("4.2.1", "Expires counts from Date", 30, "Date: {-30}", "Expires: {+30}"),
        freshFor("4.2.1", "Expires without Date counts from now", 60, "-Date", "Expires: {+60}"),
        freshFor("4.2.1", "Expires with a Date to come", 30, "Date: {+60}", "Expires: {+90}"),
        freshFor("4.2.1", "Expires with an Age", 20, "Expires: {+60}", "Age: 40"));
  }

  private static List<Case> ages() {
    String fresh = "Cache-Control: max-age=60";
    return List.of(
        demand("5.1", "a hit has its age")
            .origin(fresh)
            .get()
            .pulled()
            .get()
            .kept()
            .has("Age: 0")
            .after(10)
            .get()
            .kept()
            .has("Age: 10"),
        demand("4.2.3", "Age of upstream counts")
            .origin(fresh, "Age: 40")
            .get()
            .pulled()
            .has("Age: 40")
            .after(10)
            .get()
            .kept()
            .has("Age: 50")
            .after(10)
            .get()
            .pulled(),
        demand("4.2.3", "a past Date counts")
            .origin(fresh, "Date: {-40}")
            .get()
            .pulled()
            .after(10)
            .get()
            .kept()
            .has("Age: 50"),
        demand("4.2.3", "of Age and Date the larger counts")
            .origin(fresh, "Date: {-10}", "Age: 40")
            .get()
            .pulled()
            .get()
            .kept()
            .has("Age: 40"),
        demand("4.2.3", "a Date to come does not")
            .origin(fresh, "Date: {+30}")
            .get()
            .pulled()
            .after(10)
            .get()
            .kept()
            .has("Age: 10"),
        demand("4.2.3", "the time that upstream took counts")
            .origin(fresh, "Age: 10")
            .slow(5)
            .get()
            .pulled()
            .slow(0)
            .get()
            .kept()
            .has("Age: 15"),
        demand("6.6.1 of RFC 9110", "what came without Date has one")
            .origin(fresh, "-Date")
            .get()
            .pulled()
            .after(5)
            .get()
            .kept()
            .has("Date: {-5}")
            .has("Age: 5"),
        demand("4.2.3", "Date stays as it came")
            .origin(fresh, "Date: {-7}")
            .get()
            .pulled()
            .has("Date: {-7}")
            .get()
            .kept()
            .has("Date: {-7}"),
        notReused("4.2.3", "older than its lifetime when it comes", fresh, "Age: 7200", TAG),
        notReused("4.2.3", "as old as its lifetime when it comes", fresh, "Age: 60", TAG),
        notReused("4.2.3", "an age beyond all counters", fresh, "Age: 99999999999999999999", TAG),
        freshFor("5.1", "an Age that is no number", 60, fresh, "Age: abc"),
        freshFor("5.1", "a negative Age", 60, fresh, "Age: -7200"),
        freshFor("5.1", "a decimal Age", 60, fresh, "Age: 7200.0"),
        freshFor("5.1", "a quoted Age", 60, fresh, "Age: \"7200\""),
        freshFor("5.1", "an Age with parameters", 60, fresh, "Age: 7200;x=1"),
        freshFor("5.1", "Age with several members, the first counts", 60, fresh, "Age: 0, 7200"),
        notReused("5.1", "Age with several members, the first is old", fresh, "Age: 7200, 0", TAG),
        notReused("5.1", "Age on two lines, the first is old", fresh, "Age: 7200", "Age: 0", TAG),
        demand("5.1", "Age is sent once")
            .origin(fresh, "Age: 5", "Age: 6")
            .get()
            .pulled()
            .get()
            .kept()
            .has("Age: 5"));
  }

  private static List<Case> guesses() {
    List<Case> all = new ArrayList<>();
    all.add(
        demand("4.2.2", "no guess unless it is wanted")
            .origin("Last-Modified: {-864000}")
            .get()
            .pulled()
            .get()
            .checked());
    all.add(
        demand("4.2.2", "a tenth of the time since Last-Modified")
            .service("guess")
            .origin("Last-Modified: {-1000}")
            .get()
            .pulled()
            .after(99)
            .get()
            .kept()
            .after(1)
            .get()
            .checked());
    all.add(
        demand("4.2.2", "and no longer than the cap")
            .service("guess")
            .origin("Last-Modified: {-86400000}")
            .get()
            .pulled()
            .after(86_399)
            .get()
            .kept()
            .after(1)
            .get()
            .checked());
    all.add(
        demand("4.2.2", "not beside an Expires in the past")
            .service("guess")
            .origin("Last-Modified: {-1000}", "Expires: 0")
            .get()
            .pulled()
            .get()
            .checked());
    all.add(
        demand("4.2.2", "not beside max-age")
            .service("guess")
            .origin("Last-Modified: {-100000}", "Cache-Control: max-age=5")
            .get()
            .pulled()
            .after(5)
            .get()
            .checked());
    all.add(
        demand("4.2.2", "not without Last-Modified")
            .service("guess")
            .origin(TAG)
            .get()
            .pulled()
            .get()
            .checked());
    all.add(
        demand("4.2.2", "not with one to come")
            .service("guess")
            .origin("Last-Modified: {+1000}")
            .get()
            .pulled()
            .get()
            .checked());
    for (int status : List.of(200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501)) {
      all.add(
          demand("4.2.2", "a guess for status " + status)
              .service("guess")
              .origin(status, "Last-Modified: {-1000}")
              .get()
              .pulled()
              .get()
              .kept()
              .status(status));
    }
    for (int status : List.of(201, 202, 302, 303, 307, 400, 403, 500, 503, 599)) {
      all.add(
          demand("4.2.2", "no guess for status " + status)
              .service("guess")
              .origin(status, "Last-Modified: {-1000}")
              .get()
              .pulled()
              .get()
              .pulled()
              .status(status));
    }
    all.add(
        demand("4.2.2", "a guess for status 302 that is public")
            .service("guess")
            .origin(302, "Last-Modified: {-1000}", "Cache-Control: public")
            .get()
            .pulled()
            .get()
            .kept());
    return all;
  }
}
