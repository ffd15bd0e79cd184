package oca.steering.rank;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import oca.steering.fleet.FleetSnapshot;
import oca.steering.fleet.HolderSet;
import oca.steering.fleet.Member;
import oca.steering.fleet.Standing;
import oca.steering.rank.Places.View;
import org.jspecify.annotations.Nullable;

/**
 * Finds the answer to a question without looking at the whole fleet: goes from site to site in the
 * viewer's order, and no further than it must. What few hold it looks for at their sites only. For
 * one thread, once.
 *
 * <p>Standing goes before place: all that are alive come before any that is late, wherever they
 * are. So as long as the answer is not full of those alive, the others met on the way are kept in
 * mind, a list for each rung of the ladder.
 */
final class Choice {
  /** Up to so many holders are put in order by themselves rather than met on the way. */
  static final int FEW = 64;

  private static final Standing[] RUNGS = {
    Standing.ALIVE, Standing.SUSPECT, Standing.KEPT, Standing.KNOWN
  };

  private final Question question;
  private final int most;

  /** Those found up to now, best first: so many places for each rung. */
  private final @Nullable Member[] answers;

  private final int[] found = new int[RUNGS.length];

  Choice(Question question) {
    this.question = question;
    this.most = question.rules().most();
    this.answers = new Member[RUNGS.length * most];
  }

  Decision decide() {
    View view = question.view();
    HolderSet fewest = question.fewest();
    if (view != null && !fewest.isEmpty()) {
      if (fewest.size() <= FEW) {
        amongHolders(fewest);
      } else {
        amongSites(view);
      }
    }
    return answer();
  }

  /** Each holder's site and number in one long, so that sorting brings those of a site together. */
  private void amongHolders(HolderSet holders) {
    long[] placed = new long[holders.size()];
    int count = 0;
    for (int number = holders.next(0); number >= 0; number = holders.next(number + 1)) {
      int site = question.holds(number) ? question.grounds().siteOf(number) : Places.UNKNOWN;
      if (site != Places.UNKNOWN) {
        placed[count++] = (long) question.order(site) << 32 | number;
      }
    }
    Arrays.sort(placed, 0, count);
    int[] numbers = new int[count];
    for (int from = 0, to = 0; from < count && isWanting(); from = to) {
      while (to < count && placed[to] >>> 32 == placed[from] >>> 32) {
        numbers[to - from] = (int) placed[to];
        to++;
      }
      judge(question.grounds().siteOf(numbers[0]), numbers, to - from);
    }
  }

  private void amongSites(View view) {
    for (int home : question.homes()) {
      visit(home);
    }
    for (int i = 0; i < view.order().length && isWanting(); i++) {
      if (!question.isHome(view.order()[i])) {
        visit(view.order()[i]);
      }
    }
  }

  private void visit(int site) {
    if (!isWanting()) {
      return;
    }
    int[] members = question.grounds().at(site);
    int[] holders = new int[members.length];
    int count = 0;
    for (int number : members) {
      if (question.holds(number)) {
        holders[count++] = number;
      }
    }
    if (count > 0) {
      judge(site, holders, count);
    }
  }

  /** Judges those of a site that hold what is asked for, and takes whom the answer has room for. */
  private void judge(int site, int[] numbers, int count) {
    FleetSnapshot fleet = question.fleet();
    boolean spread = question.isSpread(site, count);
    @Nullable Peers[] peers = new Peers[RUNGS.length];
    for (int i = 0; i < count; i++) {
      Member member = fleet.member(numbers[i]);
      if (member == null) {
        continue;
      }
      Standing standing = question.standing(member);
      if (question.fault(member, standing) == null) {
        Peers equals = peers[rung(standing)];
        if (equals == null) {
          equals = new Peers(question, count, spread);
          peers[rung(standing)] = equals;
        }
        equals.add(member);
      }
    }
    for (int rung = 0; rung < RUNGS.length; rung++) {
      Peers equals = peers[rung];
      if (equals != null && found[rung] < most) {
        int from = rung * most;
        found[rung] = equals.choose(answers, from + found[rung], from + most) - from;
      }
    }
  }

  /** Whether somebody further away could still be in the answer. */
  private boolean isWanting() {
    return found[rung(Standing.ALIVE)] < most;
  }

  /** Where a standing is in {@link #RUNGS}; who is gone is judged unfit before. */
  private static int rung(Standing standing) {
    return switch (standing) {
      case ALIVE -> 0;
      case SUSPECT -> 1;
      case KEPT -> 2;
      case KNOWN, GONE -> 3;
    };
  }

  /** From the top of the ladder down; who is long silent only when there is nobody else. */
  private Decision answer() {
    List<Member> chosen = new ArrayList<>(most);
    Standing first = Standing.GONE;
    for (Standing rung : RUNGS) {
      int from = rung(rung) * most;
      int to = from + found[rung(rung)];
      for (int i = from; i < to && chosen.size() < most; i++) {
        Member member = answers[i];
        if (member != null && (rung.inAnswers() || rung == first || chosen.isEmpty())) {
          first = chosen.isEmpty() ? rung : first;
          chosen.add(member);
        }
      }
    }
    return new Decision(question, first, List.copyOf(chosen));
  }
}
