package oca.steering.rank;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import oca.model.SiteId;
import oca.steering.fleet.Member;
import oca.steering.rank.Places.View;
import org.jspecify.annotations.Nullable;

/**
 * Whom a decision passed over on the way to the first that it chose. Immutable.
 *
 * @param nearest the first site, in the viewer's order, at which anybody stands; null when the
 *     viewer has no home
 * @param passed at the sites up to that of the first chosen, nearest first
 * @param unlisted how many more there were
 */
public record Nearer(@Nullable SiteId nearest, List<Passed> passed, int unlisted) {
  public Nearer {
    passed = List.copyOf(passed);
  }

  /** What is known of the files asked for at an appliance. */
  public enum Content {
    HELD,
    FILLING,
    MISSING,
    /** It has not said what it holds since it was started. */
    UNTOLD
  }

  /** One of them, as it was judged, and what it holds whatever else speaks against it. */
  public record Passed(Candidate candidate, Content content) {}

  /**
   * Goes from site to site in the viewer's order.
   *
   * @param judge for those not chosen
   */
  static Nearer of(
      Question question, List<Member> chosen, Function<Member, Candidate> judge, int most) {
    View view = question.view();
    if (view == null) {
      return new Nearer(null, List.of(), 0);
    }
    Grounds grounds = question.grounds();
    int last = chosen.isEmpty() ? Places.UNKNOWN : grounds.siteOf(chosen.getFirst().number());
    SiteId nearest = null;
    List<Passed> passed = new ArrayList<>();
    int unlisted = 0;
    for (int site : order(question, view)) {
      for (int number : grounds.at(site)) {
        Member member = question.fleet().member(number);
        if (member == null) {
          continue;
        }
        nearest = nearest == null ? member.site() : nearest;
        if (isAmong(chosen, number)) {
          continue;
        }
        if (passed.size() < most) {
          passed.add(new Passed(judge.apply(member), content(question, member)));
        } else {
          unlisted++;
        }
      }
      // Who found nobody is told of the nearest sites, and that is enough.
      if (site == last || (last == Places.UNKNOWN && passed.size() >= most)) {
        break;
      }
    }
    return new Nearer(nearest, passed, unlisted);
  }

  private static int[] order(Question question, View view) {
    int[] order = new int[view.order().length];
    int count = 0;
    for (int home : question.homes()) {
      order[count++] = home;
    }
    for (int site : view.order()) {
      if (!question.isHome(site)) {
        order[count++] = site;
      }
    }
    return order;
  }

  private static boolean isAmong(List<Member> chosen, int number) {
    for (Member one : chosen) {
      if (one.number() == number) {
        return true;
      }
    }
    return false;
  }

  private static Content content(Question question, Member member) {
    if (question.holds(member.number())) {
      return Content.HELD;
    }
    if (question.isFilling(member)) {
      return Content.FILLING;
    }
    boolean told = question.fleet().holders().of(member.number()) != null;
    return told ? Content.MISSING : Content.UNTOLD;
  }
}
