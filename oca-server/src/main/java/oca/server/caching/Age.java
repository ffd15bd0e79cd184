package oca.server.caching;

import java.util.OptionalLong;

/** How old a response is (RFC 9111, section 4.2.3 and 5.1), in milliseconds. */
final class Age {
  private static final long MILLIS = 1000;

  private Age() {}

  /**
   * How old it was when it came: the larger of what its Date says, and of what its Age says and the
   * time since it was asked for.
   *
   * @param requestedMillis when it was asked for, since 1970
   * @param receivedMillis when its head came, since 1970
   * @return 0 or more
   */
  static long initialMillis(FieldSection fields, long requestedMillis, long receivedMillis) {
    OptionalLong date = CacheDates.earliest(fields.values("Date"));
    long receivedSecond = Math.floorDiv(receivedMillis, MILLIS);
    long apparent = Math.max(0, receivedSecond - date.orElse(receivedSecond)) * MILLIS;
    long delay = Math.max(0, receivedMillis - requestedMillis);
    return Math.max(apparent, saidSeconds(fields) * MILLIS + delay);
  }

  /**
   * What the field Age says: its first member, of however many it has; 0 when that is no whole
   * number, since such a field is to be ignored (section 5.1).
   */
  private static long saidSeconds(FieldSection fields) {
    String line = fields.first("Age");
    if (line == null) {
      return 0;
    }
    int comma = line.indexOf(',');
    String first = Grammar.trim(comma < 0 ? line : line.substring(0, comma));
    return Grammar.isDigits(first) ? Directives.deltaSeconds(first) : 0;
  }
}
