package oca.fill.causes;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import oca.model.ApplianceId;
import oca.model.SiteId;
import oca.protocol.SteeringRecord;
import oca.protocol.SteeringRecord.Content;
import oca.protocol.SteeringRecord.Named;
import oca.protocol.SteeringRecord.Passed;
import oca.protocol.SteeringRecord.Why;
import org.jspecify.annotations.Nullable;

/**
 * The label of one response. It asks, in this order:
 *
 * <ol>
 *   <li>Which answer did the player act on? The newest before the request that is still in force
 *       and names who served it; else the newest in force; else the newest at all, which is out of
 *       date. None: {@link Label#UNKNOWN}.
 *   <li>Did the nearest site serve it? Then nothing was missed.
 *   <li>Was the answer out of date? Then what matters is what a fresh one would have said, which
 *       another viewer of the same site may have been told: when that sends to the nearest site
 *       too, or nobody was told anything, the answer's age is the cause.
 *   <li>Did the answer put the nearest site first? Then something came between: a response from
 *       there that went wrong, or what the next answers say of the appliance named; else the player
 *       went its own way.
 *   <li>Else the answer says itself what spoke against the nearest site ({@link #blame}).
 * </ol>
 */
final class Cause {
  /** Answers to others that are looked at. */
  private static final int OTHERS = 32;

  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int GONE = 410;
  private static final int BUSY = 503;

  private final Rules rules;
  private final Evidence evidence;

  Cause(Rules rules, Evidence evidence) {
    this.rules = rules;
    this.evidence = evidence;
  }

  Labelled of(Served served) {
    List<SteeringRecord> answers = evidence.answersFor(served);
    SteeringRecord answer = actedOn(served, answers);
    if (answer == null) {
      return new Labelled(served, Label.UNKNOWN, null);
    }
    SiteId nearest = answer.nearest();
    if (nearest == null) {
      return new Labelled(served, Label.POLICY, null);
    }
    if (nearest.equals(siteOf(served, answer))) {
      return new Labelled(served, Label.NEAREST, nearest);
    }
    return new Labelled(served, away(served, answer, nearest, answers), nearest);
  }

  private @Nullable SteeringRecord actedOn(Served served, List<SteeringRecord> answers) {
    Instant latest = served.begun().plus(rules.skew());
    Instant oldest = served.begun().minus(rules.window());
    SteeringRecord newest = null;
    SteeringRecord inForce = null;
    for (SteeringRecord answer : answers) {
      if (answer.at().isAfter(latest) || answer.at().isBefore(oldest)) {
        continue;
      }
      newest = newest == null ? answer : newest;
      if (isInForce(answer, served.begun())) {
        if (names(answer, served.server())) {
          return answer;
        }
        inForce = inForce == null ? answer : inForce;
      }
    }
    return inForce == null ? newest : inForce;
  }

  private boolean isInForce(SteeringRecord answer, Instant moment) {
    Duration life = Duration.ofSeconds(answer.ttlSeconds()).plus(rules.grace());
    return !answer.at().plus(life).isBefore(moment);
  }

  private Label away(
      Served served, SteeringRecord answer, SiteId nearest, List<SteeringRecord> answers) {
    if (!isInForce(answer, served.begun())) {
      SteeringRecord fresh = freshAt(nearest, served.begun());
      return fresh == null || isFirst(fresh, nearest)
          ? Label.STALE_STEERING
          : believed(blame(fresh, nearest), served, fresh, nearest);
    }
    if (isFirst(answer, nearest)) {
      return afterAll(served, answer, nearest, answers);
    }
    if (!served.origin() && !names(answer, served.server())) {
      // Told to go elsewhere, it went to a third place: an answer before may have named that.
      return names(answers, served, answer) ? Label.STALE_STEERING : Label.PLAYER;
    }
    return believed(blame(answer, nearest), served, answer, nearest);
  }

  /** What steering believed was not there, and was: others got it from there all the time. */
  private Label believed(Label blamed, Served served, SteeringRecord answer, SiteId nearest) {
    boolean wasThere =
        blamed == Label.CONTENT
            && evidence.servedAround(nearest, served.record().file(), answer.at(), rules.hold());
    return wasThere ? Label.STALE_STEERING : blamed;
  }

  /** The nearest site was named first, and the bytes came from elsewhere. */
  private Label afterAll(
      Served served, SteeringRecord answer, SiteId nearest, List<SteeringRecord> answers) {
    List<ApplianceId> near = new ArrayList<>();
    for (Named named : answer.chosen()) {
      if (named.site().equals(nearest)) {
        near.add(named.appliance());
      }
    }
    for (ApplianceId appliance : near) {
      List<Served> failures =
          evidence.failures(served, appliance, answer.at().minus(rules.skew()), served.ended());
      if (!failures.isEmpty()) {
        return of(failures.getLast().record().status());
      }
    }
    if (isLastResort(answer, nearest)) {
      return Label.LEASE;
    }
    Label next = saidNext(served, answer, nearest, near);
    if (next != null) {
      return next;
    }
    return !served.origin() && !names(answer, served.server()) && names(answers, served, answer)
        ? Label.STALE_STEERING
        : Label.PLAYER;
  }

  /** Whether whom it named there was silent, and only named because nobody else would do. */
  private static boolean isLastResort(SteeringRecord answer, SiteId nearest) {
    return answer.chosen().stream()
        .anyMatch(it -> it.site().equals(nearest) && Boolean.TRUE.equals(it.lastResort()));
  }

  /** What a failed response of the nearest site says. */
  private static Label of(int status) {
    return switch (status) {
      // It was named because steering believed that it holds the file.
      case NOT_FOUND, GONE -> Label.STALE_STEERING;
      case FORBIDDEN -> Label.POLICY;
      case BUSY -> Label.FULL;
      default -> Label.HEALTH;
    };
  }

  /** What the first answer behind this one says of whom this one named. */
  private @Nullable Label saidNext(
      Served served, SteeringRecord answer, SiteId nearest, List<ApplianceId> near) {
    Instant end = served.ended().plus(rules.hold());
    for (SteeringRecord next : evidence.answersAfter(nearest, answer.at(), OTHERS)) {
      if (next.at().isAfter(end)) {
        break;
      }
      for (Passed passed : next.passed()) {
        if (near.contains(passed.appliance()) && spoke(passed.why())) {
          return of(passed.why());
        }
      }
    }
    return null;
  }

  /** Whether that is of the appliance rather than of who else there was. */
  private static boolean spoke(Why why) {
    return why != Why.BEYOND_LIMIT && why != Why.WARMING && why != Why.OTHER;
  }

  private @Nullable SteeringRecord freshAt(SiteId nearest, Instant moment) {
    Instant latest = moment.plus(rules.skew());
    for (SteeringRecord other : evidence.answersUpTo(nearest, latest, OTHERS)) {
      if (isInForce(other, moment)) {
        return other;
      }
    }
    return null;
  }

  private boolean names(List<SteeringRecord> answers, Served served, SteeringRecord before) {
    return answers.stream()
        .anyMatch(one -> one.at().isBefore(before.at()) && names(one, served.server()));
  }

  private static boolean names(SteeringRecord answer, ApplianceId server) {
    return answer.chosen().stream().anyMatch(named -> named.appliance().equals(server));
  }

  private static boolean isFirst(SteeringRecord answer, SiteId nearest) {
    return !answer.chosen().isEmpty() && answer.chosen().getFirst().site().equals(nearest);
  }

  private static @Nullable SiteId siteOf(Served served, SteeringRecord answer) {
    for (Named named : answer.chosen()) {
      if (named.appliance().equals(served.server())) {
        return named.site();
      }
    }
    return served.site();
  }

  /**
   * What kept an answer from naming the nearest site first. Where any appliance there holds the
   * files, that which spoke against the one of them that came furthest through the filters; else
   * the want of the files.
   */
  static Label blame(SteeringRecord answer, SiteId nearest) {
    if (answer.chosen().stream().anyMatch(named -> named.site().equals(nearest))) {
      // Late appliances stand behind all that are not, wherever those are.
      return Label.LEASE;
    }
    Why furthest = null;
    Label content = Label.UNKNOWN;
    for (Passed passed : answer.passed()) {
      if (!passed.site().equals(nearest)) {
        continue;
      }
      content = clearer(content, ofContent(passed));
      if (passed.content() == Content.HELD
          && (furthest == null || passed.why().compareTo(furthest) > 0)) {
        furthest = passed.why();
      }
    }
    return furthest == null ? content : of(furthest);
  }

  /** What an appliance that is not known to hold the files says of their want. */
  private static Label ofContent(Passed passed) {
    return switch (passed.content()) {
      case HELD, MISSING -> Label.CONTENT;
      case FILLING -> Label.FILL_PENDING;
      case UNTOLD -> passed.why() == Why.LEASE_EXPIRED ? Label.LEASE : Label.WARMING;
    };
  }

  /**
   * Of two such labels the one that tells more: a file on its way in, one that may be there, one
   * that is not; last an appliance long silent, which may never have had it.
   */
  private static Label clearer(Label one, Label other) {
    List<Label> order =
        List.of(Label.FILL_PENDING, Label.WARMING, Label.CONTENT, Label.LEASE, Label.UNKNOWN);
    return order.indexOf(other) < order.indexOf(one) ? other : one;
  }

  private static Label of(Why why) {
    return switch (why) {
      case LEASE_EXPIRED, BEYOND_LIMIT -> Label.LEASE;
      case UNHEALTHY -> Label.HEALTH;
      case DRAINING -> Label.DRAIN;
      case NO_HEADROOM -> Label.FULL;
      case UNKNOWN_SITE, NO_ROUTE, OTHER_PORT -> Label.POLICY;
      case UNKNOWN_TITLE, NOT_HELD -> Label.CONTENT;
      case FILLING -> Label.FILL_PENDING;
      case WARMING -> Label.WARMING;
      case OTHER -> Label.UNKNOWN;
    };
  }
}
