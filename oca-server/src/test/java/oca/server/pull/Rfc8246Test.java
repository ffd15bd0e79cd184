package oca.server.pull;

import static oca.server.pull.Case.demand;
import static oca.server.pull.Case.freshFor;
import static oca.server.pull.Case.notReused;

import java.util.List;

/** Immutable responses. */
class Rfc8246Test extends Conformance {
  private static final String TAG = "ETag: \"a\"";
  private static final String FOREVER = "Cache-Control: max-age=60, immutable";

  @Override
  String title() {
    return "RFC 8246: immutable";
  }

  @Override
  List<Case> cases() {
    return List.of(
        demand("2", "a reload")
            .origin(FOREVER, TAG)
            .get()
            .pulled()
            .get("Cache-Control: max-age=0")
            .kept(),
        demand("2", "a reload of one that is not")
            .origin("Cache-Control: max-age=60", TAG)
            .get()
            .pulled()
            .get("Cache-Control: max-age=0")
            .checked(),
        demand("2", "a forced reload")
            .origin(FOREVER, TAG)
            .get()
            .pulled()
            .get("Cache-Control: no-cache")
            .checked(),
        demand("2", "a forced reload by Pragma")
            .origin(FOREVER, TAG)
            .get()
            .pulled()
            .get("Pragma: no-cache")
            .checked(),
        demand("2", "a client that wants a younger one")
            .origin(FOREVER, TAG)
            .get()
            .pulled()
            .after(30)
            .get("Cache-Control: max-age=10")
            .kept(),
        demand("2", "once it is stale")
            .origin(FOREVER, TAG)
            .get()
            .pulled()
            .after(60)
            .get()
            .checked(),
        demand("2", "once it is stale, a reload")
            .origin(FOREVER, TAG)
            .get()
            .pulled()
            .after(60)
            .get("Cache-Control: max-age=0")
            .checked(),
        demand("2", "with an argument")
            .origin("Cache-Control: max-age=60, immutable=1", TAG)
            .get()
            .pulled()
            .get("Cache-Control: max-age=0")
            .kept(),
        demand("2", "in capitals, twice")
            .origin("Cache-Control: max-age=60, IMMUTABLE, immutable", TAG)
            .get()
            .pulled()
            .get("Cache-Control: max-age=0")
            .kept(),
        demand("2", "a client with a condition")
            .origin(FOREVER, TAG)
            .get()
            .pulled()
            .get("Cache-Control: max-age=0", "If-None-Match: \"a\"")
            .kept()
            .status(304),
        freshFor("2", "gives no time of its own", 60, FOREVER),
        notReused("2", "alone", "Cache-Control: immutable", TAG),
        notReused("2", "beside no-store", "Cache-Control: immutable, max-age=60, no-store"),
        demand("2", "in a request")
            .origin("Cache-Control: max-age=60", TAG)
            .get()
            .pulled()
            .get("Cache-Control: max-age=0, immutable")
            .checked());
  }
}
