package oca.steering.records;

import java.time.Instant;
import java.util.List;
import oca.model.Address;
import oca.model.ContentId;
import oca.protocol.SteeringRecord;
import oca.protocol.SteeringRecord.Content;
import oca.protocol.SteeringRecord.Named;
import oca.protocol.SteeringRecord.Passed;
import oca.protocol.SteeringRecord.Why;
import oca.steering.fleet.Liveness;
import oca.steering.fleet.Member;
import oca.steering.rank.Decision;
import oca.steering.rank.Nearer;
import oca.steering.rank.Reason;
import oca.steering.routes.ForwardingTable.Match;
import org.jspecify.annotations.Nullable;

/** A decision as its record tells it. Pure; takes as long as judging the appliances listed. */
final class Told {
  private static final int V4_BITS = 24;
  private static final int V6_BITS = 48;

  private Told() {}

  /**
   * The record.
   *
   * @param tableMillis since when the table of routes is as it was
   */
  static SteeringRecord record(Note note, long tableMillis) {
    return record(
        note.decision(),
        Instant.ofEpochMilli(note.wallMillis()),
        note.number(),
        network(note.client()),
        note.ttlSeconds(),
        tableMillis,
        note.setup());
  }

  static SteeringRecord record(
      Decision decision,
      Instant at,
      long number,
      String client,
      long ttlSeconds,
      long tableMillis,
      Setup setup) {
    Nearer nearer = decision.nearer(setup.listed());
    Match match = decision.match();
    List<ContentId> files = decision.ask().files();
    long now = decision.nowNanos();
    Boolean lastResort = decision.rung().inAnswers() ? null : Boolean.TRUE;
    return new SteeringRecord(
        at,
        number,
        decision.ask().session(),
        client,
        match == null ? "" : match.prefix().toString(),
        decision.ask().key(),
        files.size() == 1 ? files.getFirst() : null,
        nearer.nearest(),
        decision.chosen().stream().map(member -> named(member, now, lastResort)).toList(),
        nearer.passed().stream().map(Told::passed).toList(),
        nearer.unlisted(),
        ttlSeconds,
        tableMillis,
        decision.fleet().freeze().frozen(),
        setup.name());
  }

  /** The address with what tells its subscriber set to zero, as serve records have it. */
  static String network(Address client) {
    return client.first(client.v4() ? V4_BITS : V6_BITS).toString();
  }

  private static Named named(Member member, long now, @Nullable Boolean lastResort) {
    return new Named(
        member.id(), member.site(), millis(Liveness.ageNanos(member, now)), lastResort);
  }

  private static Passed passed(Nearer.Passed passed) {
    Member member = passed.candidate().member();
    return new Passed(
        member.id(),
        member.site(),
        why(passed.candidate().reason()),
        content(passed.content()),
        millis(passed.candidate().leaseAgeNanos()));
  }

  private static long millis(long nanos) {
    return nanos / 1_000_000;
  }

  private static Content content(Nearer.Content content) {
    return switch (content) {
      case HELD -> Content.HELD;
      case FILLING -> Content.FILLING;
      case MISSING -> Content.MISSING;
      case UNTOLD -> Content.UNTOLD;
    };
  }

  static Why why(Reason reason) {
    return switch (reason) {
      case LEASE_EXPIRED -> Why.LEASE_EXPIRED;
      case UNHEALTHY -> Why.UNHEALTHY;
      case DRAINING -> Why.DRAINING;
      case NO_HEADROOM -> Why.NO_HEADROOM;
      case UNKNOWN_SITE -> Why.UNKNOWN_SITE;
      case NO_ROUTE -> Why.NO_ROUTE;
      case OTHER_PORT -> Why.OTHER_PORT;
      case UNKNOWN_TITLE -> Why.UNKNOWN_TITLE;
      case FILLING -> Why.FILLING;
      case NOT_HELD -> Why.NOT_HELD;
      case WARMING -> Why.WARMING;
      case CHOSEN, BEYOND_LIMIT -> Why.BEYOND_LIMIT;
    };
  }
}
