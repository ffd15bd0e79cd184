package oca.steering.qoe;

import java.util.Arrays;
import java.util.function.Supplier;
import oca.steering.rank.Shares;

/**
 * Which part of its players each appliance keeps, by what players told.
 *
 * <p>A report counts 1 when it comes and half after each half-life. For an appliance with <i>n</i>
 * reports, <i>b</i> of them bad, and all others with <i>N</i> and <i>B</i>:
 *
 * <pre>
 * usual      = (B + least * usualRate) / (N + least)       the others' rate, or what is usual
 * allowed    = usual * tolerance
 * rate       = max(0, b - perNetwork) / n                  without what one network may have made up
 * raw        = rate &lt;= allowed ? 1 : allowed / rate
 * confidence = (n - least) / least, within 0 and 1
 * share      = max(floor, 1 - confidence * (1 - raw))
 * </pre>
 *
 * <p>So one appliance among bad ones loses nothing, for then it is the network or the title; nor
 * does one of which little is known; and one that lost its share gets it back as its reports grow
 * old, for with few players few new ones come.
 *
 * <p>Reports can be forged. What one network's count for an appliance together never exceeds {@code
 * perNetwork}, because the budget of each pair grows back as its reports fade. So one network alone
 * moves nothing, and a few move little, because {@code least} is several times that. Pairs are
 * remembered by their hash in a table of fixed size; two that meet there share a budget, which only
 * drops more.
 *
 * <p>Guarded by its own lock: it is held for a few arithmetic operations.
 */
public final class Quality {
  private final double halfLifeNanos;
  private final Supplier<QoeConfig> settings;
  private final long seed;
  private final double[] spent;
  private final long[] spentAt;
  private final Tally fleet;
  private Tally[] members = new Tally[0];

  /** The weight of reports, as of a time. */
  private static final class Tally {
    private double all;
    private double bad;
    private long atNanos;

    Tally(long nowNanos) {
      atNanos = nowNanos;
    }

    void age(long nowNanos, double halfLifeNanos) {
      double factor = decay(nowNanos - atNanos, halfLifeNanos);
      all *= factor;
      bad *= factor;
      atNanos = Math.max(atNanos, nowNanos);
    }

    void add(boolean isBad) {
      all++;
      bad += isBad ? 1 : 0;
    }
  }

  /**
   * Without any reports.
   *
   * @param seed of the table's hash, not to be guessed
   * @param nowNanos monotonic
   */
  public Quality(QoeConfig config, long seed, long nowNanos) {
    this(() -> config, seed, nowNanos);
  }

  /**
   * The same.
   *
   * @param settings asked for each report and each time that shares are worked out
   */
  public Quality(Supplier<QoeConfig> settings, long seed, long nowNanos) {
    this.settings = settings;
    QoeConfig config = settings.get();
    this.halfLifeNanos = config.halfLife().toNanos();
    this.seed = seed;
    int size = Integer.highestOneBit(config.networks());
    this.spent = new double[size];
    this.spentAt = new long[size];
    Arrays.fill(spentAt, nowNanos);
    this.fleet = new Tally(nowNanos);
  }

  /**
   * Takes a report.
   *
   * @param member the number of the appliance; 0 or more
   * @param network of the client, as a number that differs between networks
   * @return false when the network's reports of that appliance count as much as they may
   */
  public synchronized boolean report(int member, long network, boolean isBad, long nowNanos) {
    int slot = (int) (mix(network ^ mix(seed + member)) & (spent.length - 1));
    double used = spent[slot] * decay(nowNanos - spentAt[slot], halfLifeNanos);
    if (used + 1 > settings.get().perNetwork()) {
      return false;
    }
    spent[slot] = used + 1;
    spentAt[slot] = Math.max(spentAt[slot], nowNanos);
    if (member >= members.length) {
      int before = members.length;
      members = Arrays.copyOf(members, Math.max(member + 1, 2 * before));
      for (int i = before; i < members.length; i++) {
        members[i] = new Tally(nowNanos);
      }
    }
    members[member].age(nowNanos, halfLifeNanos);
    members[member].add(isBad);
    fleet.age(nowNanos, halfLifeNanos);
    fleet.add(isBad);
    return true;
  }

  /** The shares as of now; whoever was never reported of has 1. */
  public synchronized Shares shares(long nowNanos) {
    fleet.age(nowNanos, halfLifeNanos);
    QoeConfig config = settings.get();
    double[] shares = new double[members.length];
    for (int i = 0; i < shares.length; i++) {
      members[i].age(nowNanos, halfLifeNanos);
      shares[i] = share(members[i], config);
    }
    return number -> number >= 0 && number < shares.length ? shares[number] : 1;
  }

  /** What the reports of a member count now. */
  synchronized double weight(int member, long nowNanos) {
    if (member >= members.length) {
      return 0;
    }
    members[member].age(nowNanos, halfLifeNanos);
    return members[member].all;
  }

  private double share(Tally member, QoeConfig config) {
    double least = config.leastReports();
    if (member.all <= least) {
      return 1;
    }
    double others = Math.max(0, fleet.all - member.all);
    double othersBad = Math.clamp(fleet.bad - member.bad, 0, others);
    double usual = (othersBad + least * config.usualRate()) / (others + least);
    double allowed = Math.min(1, usual * config.tolerance());
    double rate = Math.max(0, member.bad - config.perNetwork()) / member.all;
    double raw = rate <= allowed ? 1 : allowed / rate;
    double confidence = Math.min(1, (member.all - least) / least);
    return Math.max(config.floor(), 1 - confidence * (1 - raw));
  }

  private static double decay(long nanos, double halfLifeNanos) {
    return nanos <= 0 ? 1 : Math.pow(0.5, nanos / halfLifeNanos);
  }

  /** The finalizer of SplitMix64: every bit of the input moves half of the output's. */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
