package oca.server.fill;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import oca.protocol.FillManifest.Source;
import oca.protocol.FillManifest.Tier;
import oca.protocol.FillReport.OriginReason;

/**
 * Whom a round asks next. Keeps what came of each source and no clock; for one thread.
 *
 * <p>Sources are asked in the manifest's order. One that is nearer and has not the next block yet
 * is asked again and again, at growing pauses, while a farther one has to wait; as soon as none has
 * to wait any more, one that has nothing is passed over like one that fails. When all who are
 * before a source have sent wrong bytes, it need not wait.
 */
final class Offers {
  /** What to do. */
  sealed interface Offer {
    /**
     * Ask this source.
     *
     * @param blocks for so many blocks at most, 0 for all that is missing
     */
    record Ask(Source source, int blocks) implements Offer {}

    /** Look again in so many nanoseconds. */
    record Later(long nanos) implements Offer {}

    /** Nobody is left who could be asked. */
    record None() implements Offer {}
  }

  private static final int MOST_BLOCKS = 1024;

  /** So little is asked of an origin at once: what is on its way when an appliance dies is lost. */
  private static final int MOST_ORIGIN_BLOCKS = 8;

  /** What came of one source. */
  private static final class Found {
    boolean failed;
    boolean lied;
    boolean askedAgain;
    boolean resting;
    long restsUntil;
    long pause;
    int blocks = 1;
  }

  private final Patience patience;
  private final Distrust distrust;
  private final BackOff backOff;
  private final Map<URI, Found> found = new HashMap<>();
  private List<Source> sources = List.of();
  private boolean stated;
  private boolean anyoneBad;

  Offers(Patience patience, Distrust distrust, BackOff backOff) {
    this.patience = patience;
    this.distrust = distrust;
    this.backOff = backOff;
  }

  /** Takes what the newest manifest says; when that is another order, failures are forgotten. */
  void renew(List<Source> newest) {
    if (newest.equals(sources)) {
      return;
    }
    sources = newest;
    stated = newest.stream().anyMatch(it -> it.tier() != Tier.PEER || it.afterMillis() > 0);
    found.values().removeIf(it -> !it.lied);
  }

  /**
   * The next source.
   *
   * @param now on a monotonic clock
   * @param waited for the wait of a source in milliseconds, the nanoseconds for which nothing came
   *     from those with a shorter one
   * @param hurry whether nobody has to wait
   */
  Offer next(long now, LongUnaryOperator waited, boolean hurry) {
    long soonest = Long.MAX_VALUE;
    boolean allBad = true;
    for (int i = 0; i < sources.size(); i++) {
      Source source = sources.get(i);
      Found was = found(source);
      if (was.lied || isDistrusted(source, now)) {
        continue;
      }
      if (!was.failed) {
        long wait = hurry || (i > 0 && allBad) ? 0 : left(source, waited);
        if (was.resting) {
          wait = Math.max(wait, was.restsUntil - now);
        }
        if (source.tier() == Tier.ORIGIN) {
          wait = Math.max(wait, backOff.left(authority(source.uri()), now));
        }
        if (wait <= 0) {
          anyoneBad = i > 0 && allBad;
          int most = source.tier() == Tier.ORIGIN ? MOST_ORIGIN_BLOCKS : MOST_BLOCKS;
          return new Offer.Ask(source, stated ? Math.min(most, was.blocks) : 0);
        }
        soonest = Math.min(soonest, wait);
      }
      allBad = false;
    }
    return soonest == Long.MAX_VALUE ? new Offer.None() : new Offer.Later(soonest);
  }

  /** Why the source that was offered last, an origin, is asked. */
  OriginReason why(Source origin, boolean hurry) {
    if (hurry) {
      return OriginReason.REPAIR;
    }
    if (!stated) {
      return OriginReason.UNSTATED;
    }
    if (anyoneBad) {
      return OriginReason.BAD_PEERS;
    }
    return origin.afterMillis() == 0 ? OriginReason.MASTER : OriginReason.ESCALATED;
  }

  /** Whether the manifest says how far sources are: then it is no fault when one lacks a file. */
  boolean stated() {
    return stated;
  }

  /** It sent what it was asked for. */
  void sent(Source source) {
    Found was = found(source);
    was.resting = false;
    was.pause = 0;
    was.blocks = Math.min(MOST_BLOCKS, was.blocks * 2);
    if (source.tier() == Tier.ORIGIN) {
      backOff.sent(authority(source.uri()));
    }
  }

  /**
   * An origin has no time: nobody asks it for a while, and that is no failure.
   *
   * @param after how long it wants to be left alone; zero when it does not say so
   */
  void busy(Source origin, long now, Duration after) {
    found(origin).blocks = 1;
    backOff.note(authority(origin.uri()), now, after);
  }

  /**
   * A source that is no origin has not what it was asked for.
   *
   * @return false when it is passed over, as nobody has to wait any more
   */
  boolean lacked(Source source, long now, LongUnaryOperator waited, boolean hurry) {
    Found was = found(source);
    if (was.blocks > 1) {
      was.blocks = 1;
      return true;
    }
    if (!someoneWaits(source, waited, hurry)) {
      was.failed = true;
      return false;
    }
    long first = patience.poll().toNanos();
    was.pause = Math.min(first * Patience.MOST_POLLS, Math.max(first, was.pause * 2));
    rest(was, now + was.pause);
    return true;
  }

  /** It could not be reached, broke off or broke its word otherwise. */
  void failed(Source source, long now, LongUnaryOperator waited, boolean hurry) {
    Found was = found(source);
    was.blocks = 1;
    if (source.tier() != Tier.ORIGIN && someoneWaits(source, waited, hurry)) {
      rest(was, now + patience.unreachable().toNanos());
    } else {
      was.failed = true;
    }
  }

  /**
   * It sent wrong bytes.
   *
   * @param partOfOthers whether others had sent a part of what was wrong: it is then asked once
   *     more, for all of it
   * @return whether it is certain that the lie was its own
   */
  boolean lied(Source source, boolean partOfOthers) {
    Found was = found(source);
    was.blocks = 1;
    if (partOfOthers && !was.askedAgain) {
      was.askedAgain = true;
      return false;
    }
    was.lied = true;
    return !partOfOthers;
  }

  /** Whether a farther source, which has not failed, may not be asked yet. */
  private boolean someoneWaits(Source before, LongUnaryOperator waited, boolean hurry) {
    return !hurry
        && sources.stream()
            .anyMatch(
                it ->
                    !it.equals(before)
                        && left(it, waited) > 0
                        && !found(it).failed
                        && !found(it).lied);
  }

  private boolean isDistrusted(Source source, long now) {
    return source.tier() != Tier.ORIGIN && distrust.holds(authority(source.uri()), now);
  }

  private Found found(Source source) {
    return found.computeIfAbsent(source.uri(), _ -> new Found());
  }

  private static void rest(Found was, long until) {
    was.resting = true;
    was.restsUntil = until;
  }

  private static long left(Source source, LongUnaryOperator waited) {
    long after = source.afterMillis();
    return Duration.ofMillis(after).toNanos() - waited.applyAsLong(after);
  }

  /** Host and port, in characters that a log and a file's table can hold. */
  static String authority(URI uri) {
    return String.valueOf(uri.getRawAuthority()).replaceAll("[^!-~]", "?");
  }
}
