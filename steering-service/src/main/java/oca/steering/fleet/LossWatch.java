package oca.steering.fleet;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the death of appliances from our own deafness. Appliances die one at a time; when more than
 * a share of the fleet falls silent within a window, we have more likely lost them than they died:
 * then nobody's lease runs out any more, those just evicted come back, and an alert is raised.
 *
 * <p>Looks at each tick of the watchdog. A look that finds nobody near the end of its lease decides
 * nothing. One that does counts everybody who has been silent for half a lease, more than a
 * heartbeat interval: all that one cut silenced are that before the first of them is out, so that
 * it is known for a cut before anybody is evicted for it. Near the end means: it could pass before
 * the next look. Members that said goodbye (their last word was that they drain) count neither way.
 *
 * <p>The freeze ends when the lost are down to the share for a whole window; when it lasted as long
 * as configured; or when an operator ends it. Whoever is silent then is out at once.
 *
 * <p>For the thread that holds the intake's lock.
 */
final class LossWatch {
  private static final Logger log = LoggerFactory.getLogger(LossWatch.class);

  private record Losses(int lost, int of, boolean anybodyLeaving) {}

  private LossRules rules;
  private Liveness liveness;
  private long lateNanos;
  private long aheadNanos;
  private long restoredNanos;
  private long freezes;
  private long fewSinceNanos;
  private boolean few;
  private boolean thawed;
  private long thawedNanos;

  LossWatch(LossRules rules, Liveness liveness) {
    this.rules = rules;
    this.liveness = liveness;
    this.lateNanos = lateNanos(liveness);
    this.aheadNanos = rules.ahead().toNanos();
  }

  /** Goes by other rules from the next look on. */
  void goBy(LossRules otherRules, Liveness otherLiveness) {
    rules = otherRules;
    liveness = otherLiveness;
    lateNanos = lateNanos(otherLiveness);
    aheadNanos = otherRules.ahead().toNanos();
  }

  private static long lateNanos(Liveness liveness) {
    return Math.min(liveness.suspect().toNanos(), liveness.out().toNanos() / 2);
  }

  /** How it stands now, from how it stood. */
  Freeze look(List<Member> members, Freeze before, long nowNanos) {
    return before.frozen() ? goOn(members, before, nowNanos) : watch(members, nowNanos);
  }

  /** Ends a freeze: whoever is silent is gone. Those lost so far freeze nothing again. */
  Freeze thaw(long nowNanos) {
    thawed = true;
    thawedNanos = nowNanos;
    return Freeze.NONE;
  }

  /** Those restored could be heard from now on: their leases are longer, their silence is not. */
  void restored(long nowNanos) {
    restoredNanos = nowNanos;
  }

  /** Freezes begun so far. */
  long freezes() {
    return freezes;
  }

  private Freeze watch(List<Member> members, long nowNanos) {
    long from = nowNanos - rules.window().toNanos();
    if (thawed && thawedNanos - from > 0) {
      from = thawedNanos;
    }
    Losses now = count(members, from, nowNanos);
    if (!now.anybodyLeaving() || isFew(now)) {
      return new Freeze(false, 0, 0, now.lost(), now.of());
    }
    freezes++;
    few = false;
    log.error(
        "{} of {} appliances fell silent within {} s: that is taken for a fault on our side, and"
            + " none is evicted; look whether steering can be reached from them. It ends when they"
            + " are back, or after {}",
        now.lost(),
        now.of(),
        rules.window().toSeconds(),
        rules.atMost());
    return new Freeze(true, nowNanos, from, now.lost(), now.of());
  }

  private Freeze goOn(List<Member> members, Freeze before, long nowNanos) {
    Losses now = count(members, before.keptFromNanos(), nowNanos);
    if (nowNanos - before.sinceNanos() >= rules.atMost().toNanos()) {
      log.warn("{} appliances are still silent after {}: evicted", now.lost(), rules.atMost());
      return thaw(nowNanos);
    }
    boolean wasFew = few;
    few = isFew(now);
    if (few && !wasFew) {
      fewSinceNanos = nowNanos;
    }
    if (few && nowNanos - fewSinceNanos >= rules.window().toNanos()) {
      log.warn("all but {} of {} appliances are heard again", now.lost(), now.of());
      return thaw(nowNanos);
    }
    return new Freeze(true, before.sinceNanos(), before.keptFromNanos(), now.lost(), now.of());
  }

  private boolean isFew(Losses losses) {
    return losses.lost() < rules.least() || losses.lost() <= rules.share() * losses.of();
  }

  private Losses count(List<Member> members, long fromNanos, long nowNanos) {
    int lost = 0;
    int of = 0;
    boolean anybodyLeaving = false;
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get(i);
      long from = member.restored() ? restoredNanos : member.leaseFromNanos();
      boolean silent = nowNanos - from >= lateNanos;
      boolean left = silent && member.health().draining();
      // Not heard since the thaw: lost before it, whether its lease had run out by then or not.
      boolean letGo = thawed && from - thawedNanos < 0;
      if (!left && !letGo && liveness.leaseEndNanos(member) - fromNanos > 0) {
        of++;
        lost += silent ? 1 : 0;
        anybodyLeaving |= liveness.isOut(member, nowNanos + aheadNanos);
      }
    }
    return new Losses(lost, of, anybodyLeaving);
  }
}
