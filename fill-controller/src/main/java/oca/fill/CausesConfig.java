package oca.fill;

import java.time.Duration;
import java.util.List;
import oca.config.Default;
import oca.fill.causes.Rules;
import oca.model.ApplianceId;

/**
 * How it is found out why bytes did not come from the nearest site.
 *
 * @param origins names under which origins send serve records
 * @param window an answer of steering that is older when a response begins did not lead to it
 * @param hold a response waits so long for records that come later and tell of it
 * @param grace players may use an answer for so long beyond its time
 * @param skew by so much the clocks of steering and appliances may differ
 * @param answers of steering, kept at most; about 1 KiB each
 * @param waiting responses that wait at most; beyond, the oldest are labelled early
 * @param hours that are kept of what was found out
 * @param cells of one hour kept apart; beyond, files and then titles are summed up
 */
public record CausesConfig(
    @Default("[origin]") List<ApplianceId> origins,
    @Default("1h") Duration window,
    @Default("90s") Duration hold,
    @Default("30s") Duration grace,
    @Default("2s") Duration skew,
    @Default("100000") int answers,
    @Default("200000") int waiting,
    @Default("744") int hours,
    @Default("20000") int cells) {

  private static final int SENDERS = 20_000;

  public CausesConfig {
    origins = List.copyOf(origins);
    if (hours < 1 || cells < 1) {
      throw new IllegalArgumentException("causes.hours and causes.cells must be 1 or more");
    }
    new Rules(window, hold, grace, skew, answers, waiting, SENDERS);
  }

  /** The same for who joins. */
  public Rules rules() {
    return new Rules(window, hold, grace, skew, answers, waiting, SENDERS);
  }
}
