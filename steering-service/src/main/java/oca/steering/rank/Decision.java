package oca.steering.rank;

import java.util.ArrayList;
import java.util.List;
import oca.model.Endpoint;
import oca.model.Position;
import oca.steering.fleet.FleetSnapshot;
import oca.steering.fleet.Member;
import oca.steering.fleet.Standing;
import oca.steering.routes.ForwardingTable.Match;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one ask, and on demand its whole explanation. Immutable; safe on any thread. It
 * keeps the snapshots that it was made from, so it is for answering, not for storing.
 */
public final class Decision {
  private final Question question;
  private final Standing rung;
  private final List<Member> chosen;

  Decision(Question question, Standing rung, List<Member> chosen) {
    this.question = question;
    this.rung = rung;
    this.chosen = chosen;
  }

  /** The fleet that it was decided among. */
  public FleetSnapshot fleet() {
    return question.fleet();
  }

  /** What players left the appliances of their viewers. */
  public Shares shares() {
    return question.shares();
  }

  /** When it was decided, on the clock that noted the heartbeats. */
  public long nowNanos() {
    return question.nowNanos();
  }

  /**
   * Who stands as near as the first of those chosen, or nearer, and is not chosen: found out when
   * it is asked for, looking at those appliances only.
   *
   * @param most so many are listed
   */
  public Nearer nearer(int most) {
    return Nearer.of(question, chosen, this::candidate, most);
  }

  private Candidate candidate(Member member) {
    return candidate(member, 0, reason(member));
  }

  /** What was asked. */
  public Ask ask() {
    return question.ask();
  }

  /** The viewer's network and the sites that lead there; null when no prefix contains it. */
  public @Nullable Match match() {
    return question.match();
  }

  /** Where the viewer is; null when nobody knows, or it was not asked. */
  public @Nullable Position viewer() {
    return question.viewer();
  }

  /** The last resort, behind all that are chosen. */
  public Endpoint origin() {
    return question.origin();
  }

  /** The appliances to use, best first; without the origin. */
  public List<Member> chosen() {
    return chosen;
  }

  /** How the first of those chosen stands; {@link Standing#GONE} when there is none. */
  public Standing rung() {
    return rung;
  }

  /** Where to fetch from, best first; the origin is last. Never empty. */
  public List<Endpoint> endpoints() {
    List<Endpoint> endpoints = new ArrayList<>(chosen.size() + 1);
    for (Member member : chosen) {
      endpoints.add(member.endpoint());
    }
    endpoints.add(origin());
    return List.copyOf(endpoints);
  }

  /**
   * Every appliance ever heard of: those chosen by rank, then the others by name. Found out when it
   * is asked for, by the same judgement and from the same snapshots as the answer was, but looking
   * at all appliances: it takes hundreds of times as long.
   */
  public List<Candidate> candidates() {
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < chosen.size(); i++) {
      candidates.add(candidate(chosen.get(i), i + 1, Reason.CHOSEN));
    }
    for (Member member : question.fleet().members()) {
      if (!isChosen(member)) {
        candidates.add(candidate(member, 0, reason(member)));
      }
    }
    return candidates;
  }

  private boolean isChosen(Member member) {
    for (Member one : chosen) {
      if (one.number() == member.number()) {
        return true;
      }
    }
    return false;
  }

  private Reason reason(Member member) {
    Standing standing = question.standing(member);
    // Those long silent are looked at only when nobody else will do.
    if (!standing.inAnswers() && rung.inAnswers()) {
      return Reason.LEASE_EXPIRED;
    }
    Reason fault = question.fault(member, standing);
    if (fault != null) {
      return fault;
    }
    boolean heldBack = question.isHeldBack(member, question.isSpread(member));
    return heldBack ? Reason.WARMING : Reason.BEYOND_LIMIT;
  }

  private Candidate candidate(Member member, int rank, Reason reason) {
    int place = question.place(member);
    return new Candidate(
        member,
        rank,
        reason,
        question.standing(member),
        place,
        place == 0 ? null : question.kilometres(member),
        member.health().headroom(),
        question.share(member),
        question.warmth(member),
        question.isCurrent(member),
        question.ageNanos(member));
  }
}
