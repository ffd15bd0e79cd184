package oca.steering.operators;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Locale;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.steering.fleet.FleetSnapshot;
import oca.steering.fleet.Holding;
import oca.steering.fleet.Liveness;
import oca.steering.fleet.Member;
import oca.steering.fleet.Order;
import oca.steering.fleet.Standing;
import oca.steering.registry.Entry;
import org.jspecify.annotations.Nullable;

/**
 * One appliance for the console. Rounded, so that one that goes on as before is equal to itself a
 * second ago.
 *
 * @param site as it says; before it is heard, as registered
 * @param endpoint likewise
 * @param state {@code serving}, {@code draining}, {@code silent} when its lease ran out, {@code
 *     retired}, or {@code expected}: registered and never heard
 * @param standing with its lease; a word of its own when it was never heard
 * @param order of an operator, by its label
 * @param note of an operator; left out when there is none
 * @param registered when; left out when it was not
 * @param pathway the id that players know it by; left out before it is heard
 * @param leaseAge whole seconds since it was heard; -1 when it never was
 * @param headroom 0 to 1, in thousandths
 * @param files in the inventory at hand
 */
record Row(
    ApplianceId appliance,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable SiteId site,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Endpoint endpoint,
    String state,
    String standing,
    String order,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) String note,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant registered,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) String pathway,
    long leaseAge,
    double headroom,
    int connections,
    int connectionLimit,
    long bitsPerSecond,
    long bitsPerSecondLimit,
    long usedBytes,
    long capacityBytes,
    int files) {

  /** Of an appliance that was heard. */
  static Row of(Member member, @Nullable Entry entry, FleetSnapshot fleet, long nowNanos) {
    Standing standing = fleet.standing(member, nowNanos);
    Holding holding = fleet.holders().of(member.number());
    return new Row(
        member.id(),
        member.site(),
        member.endpoint(),
        state(member, standing),
        standing.name().toLowerCase(Locale.ROOT),
        member.order().label(),
        entry == null ? "" : entry.note(),
        entry == null ? null : entry.registered(),
        member.pathway(),
        Liveness.ageNanos(member, nowNanos) / 1_000_000_000,
        Math.round(member.health().headroom() * 1000) / 1000.0,
        member.health().connections(),
        member.health().connectionLimit(),
        member.health().bitsPerSecond(),
        member.health().bitsPerSecondLimit(),
        member.heartbeat().usedBytes(),
        member.heartbeat().capacityBytes(),
        holding == null ? 0 : holding.files());
  }

  /** Of one that was not. */
  static Row of(Entry entry) {
    return new Row(
        entry.id(),
        entry.site(),
        entry.endpoint(),
        entry.order() == Order.RETIRED ? "retired" : "expected",
        "none",
        entry.order().label(),
        entry.note(),
        entry.registered(),
        "",
        -1,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0);
  }

  private static String state(Member member, Standing standing) {
    if (member.order() == Order.RETIRED) {
      return "retired";
    }
    if (!standing.inAnswers()) {
      return "silent";
    }
    return member.health().draining() ? "draining" : "serving";
  }
}
