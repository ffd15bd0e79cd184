package oca.server.caching;

import java.util.ArrayList;
import java.util.List;
import oca.server.range.HttpDate;

/** Requests and responses for the tests of this package. Times are in seconds after {@link #T}. */
final class Given {
  /** When all responses come, unless a test says otherwise: 2026-11-22 12:00:00. */
  static final long T = 1_795_348_800L;

  static final CachingPolicy POLICY = CachingPolicy.DEFAULTS;
  static final CacheRequest GET = CacheRequest.get(FieldSection.EMPTY);
  static final String TAG = "\"v1\"";

  private Given() {}

  static long millis(long second) {
    return (T + second) * 1000;
  }

  static String date(long second) {
    return HttpDate.format(T + second);
  }

  /** Fields written {@code Name: value}, in one text with {@code |} between. */
  static FieldSection fields(String text) {
    List<FieldLine> lines = new ArrayList<>();
    for (String line : text.split("\\|", -1)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        lines.add(new FieldLine(line.substring(0, colon).strip(), line.substring(colon + 1)));
      }
    }
    return FieldSection.of(lines);
  }

  static CacheRequest get(String fields) {
    return CacheRequest.get(fields(fields));
  }

  static Storing judge(CacheRequest request, int status, String fields, CachingPolicy policy) {
    FieldSection response = fields(fields);
    FieldSection dated = response.has("Date") ? response : response.plus("Date", date(0));
    return Storability.judge(request, status, dated, millis(0), millis(0), policy);
  }

  /** A response to a plain GET as it is kept; it came at {@link #T}. */
  static StoredResponse stored(String fields) {
    return stored(GET, 200, fields, POLICY);
  }

  static StoredResponse stored(
      CacheRequest request, int status, String fields, CachingPolicy policy) {
    Storing storing = judge(request, status, fields, policy);
    if (storing instanceof Storing.Kept(StoredResponse response)) {
      return response;
    }
    throw new AssertionError(fields + ": " + storing);
  }

  /** The default policy with other targets, heed, errors, cookies and times for being stale. */
  static CachingPolicy policy(
      CookieRule cookies, long revalidateMillis, long errorMillis, long unreachableMillis) {
    return new CachingPolicy(
        POLICY.targets(),
        true,
        0,
        0,
        POLICY.errorMillis(),
        cookies,
        revalidateMillis,
        errorMillis,
        unreachableMillis,
        true);
  }
}
