package oca.steering.rank;

import java.util.Arrays;
import oca.steering.fleet.Member;
import org.jspecify.annotations.Nullable;

/**
 * Members that are as good as each other by standing and place, all of them fit, and the order in
 * which one viewer is to use them. For one thread, once.
 *
 * <p>Where most appliances of the site hold what is asked for, the better of two that are drawn by
 * chance is taken (Mitzenmacher, "The power of two choices in randomized load balancing", 2001):
 * with reports a second old the best of all would be everybody's best, and be overrun. Each is
 * drawn in proportion to the room that it has, and may be drawn twice, so that of two appliances
 * the fuller one is still taken by a quarter.
 *
 * <p>Where few hold it, viewers of one key meet by rendezvous hashing, as long as the load of the
 * one they meet on is not too far above the others' (Mirrokni, Thorup and Zadimoghaddam,
 * "Consistent hashing with bounded loads", 2018).
 *
 * <p>In both cases a viewer stays where it is unless the one to be taken has noticeably more room.
 */
final class Peers {
  private static final double LEAST_HEADROOM = 0.001;

  /** What rounding may make of equal numbers is no difference. */
  private static final double ROUNDING = 1e-9;

  private final Question question;
  private final boolean spread;
  private final @Nullable Member[] members;
  private final double[] headrooms;
  private final double[] shares;

  /** What the next is chosen by: a weight to be drawn by, or a score. */
  private final double[] marks;

  private final boolean[] waiting;
  private int size;
  private int heldBack;

  /**
   * Nobody yet.
   *
   * @param most that will be added
   * @param spread whether viewers are spread over them, or kept together
   */
  Peers(Question question, int most, boolean spread) {
    this.question = question;
    this.spread = spread;
    this.members = new Member[most];
    this.headrooms = new double[most];
    this.shares = new double[most];
    this.marks = new double[most];
    this.waiting = new boolean[most];
  }

  /** Adds one; in the order of their numbers. */
  void add(Member member) {
    members[size] = member;
    headrooms[size] = member.health().headroom();
    shares[size] = question.share(member);
    waiting[size] = true;
    if (question.isHeldBack(member, spread)) {
      waiting[size] = false;
      heldBack++;
    }
    size++;
  }

  /**
   * Puts those to be used, best first, into places {@code from} to {@code end}, until all are used.
   *
   * @return the first place that is still free
   */
  int choose(@Nullable Member[] into, int from, int end) {
    int ready = size - heldBack;
    if (ready == 0) {
      // Everybody has just been started: then that is no difference.
      Arrays.fill(waiting, 0, size, true);
      ready = size;
    }
    mark(ready);
    int to = Math.min(end, from + ready);
    for (int i = from; i < to; i++) {
      int next = spread ? better(i - from) : highest();
      if (i == from) {
        next = stayOr(next);
      }
      waiting[next] = false;
      into[i] = members[next];
    }
    return to;
  }

  private void mark(int ready) {
    double bound = spread ? 0 : loadBound(ready);
    long key = spread ? 0 : Rendezvous.hash(question.ask().key());
    for (int i = 0; i < size; i++) {
      Member member = members[i];
      if (!waiting[i] || member == null) {
        continue;
      }
      double capacity = Math.max(1, member.health().bitsPerSecondLimit());
      if (spread) {
        marks[i] = capacity * Math.max(headrooms[i], LEAST_HEADROOM) * shares[i];
      } else {
        long server = Rendezvous.hash(member.id().value());
        double score = capacity * Rendezvous.score(key, server, shares[i]);
        // Those beyond the bound come behind all others, among themselves by score all the same.
        marks[i] = load(i) <= bound ? score : -1 / score;
      }
    }
  }

  /** The mean and as much more as the rules allow. */
  private double loadBound(int ready) {
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += waiting[i] ? load(i) : 0;
    }
    double mean = sum / ready;
    return Math.max(mean * question.rules().bound(), mean + question.rules().stay()) + ROUNDING;
  }

  /** The less loaded of two that are drawn by their marks. */
  private int better(int pick) {
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += waiting[i] ? marks[i] : 0;
    }
    int one = drawn(sum * Chance.of(question.ask().draw(), 2L * pick));
    int other = drawn(sum * Chance.of(question.ask().draw(), 2L * pick + 1));
    return load(other) < load(one) ? other : one;
  }

  private int drawn(double at) {
    double left = at;
    int last = 0;
    for (int i = 0; i < size; i++) {
      if (waiting[i]) {
        last = i;
        left -= marks[i];
        if (left < 0) {
          return i;
        }
      }
    }
    return last;
  }

  private int highest() {
    int best = -1;
    for (int i = 0; i < size; i++) {
      if (waiting[i] && (best < 0 || marks[i] > marks[best])) {
        best = i;
      }
    }
    return best;
  }

  /** The one that the viewer uses, if it is among them and not much worse; else the other one. */
  private int stayOr(int next) {
    if (question.ask().current() == null) {
      return next;
    }
    for (int i = 0; i < size; i++) {
      Member member = members[i];
      if (waiting[i] && member != null && question.isCurrent(member)) {
        return room(next) - room(i) <= question.rules().stay() + ROUNDING ? i : next;
      }
    }
    return next;
  }

  /** How loaded it is, weighing heavier for one whom players complain of. */
  private double load(int i) {
    return (1 - headrooms[i]) / shares[i];
  }

  private double room(int i) {
    return headrooms[i] * shares[i];
  }
}
