package oca.server.purge;

import org.jspecify.annotations.Nullable;

/** What was purged of one service. One thread writes, any reads. */
final class Service {
  private final String name;
  private final long salt;
  private volatile long newest;
  private volatile long hard;
  private volatile long soft;
  private volatile long hardTag;
  private volatile long softTag;
  private volatile int longestPrefix;

  Service(String name) {
    this.name = name;
    this.salt = Hashes.spread(Hashes.of(name));
  }

  String name() {
    return name;
  }

  long salt() {
    return salt;
  }

  /** The generation of the latest purge of anything in it. */
  long newest() {
    return newest;
  }

  /** The generation below which everything is {@link Verdict#HARD}; 0 for never. */
  long hard() {
    return hard;
  }

  /** The generation below which everything is {@link Verdict#SOFT}; 0 for never. */
  long soft() {
    return soft;
  }

  /** The generation of the latest hard purge by any tag. */
  long hardTag() {
    return hardTag;
  }

  /** The generation of the latest soft purge by any tag. */
  long softTag() {
    return softTag;
  }

  /** How long the longest prefix ever purged is, in characters. */
  int longestPrefix() {
    return longestPrefix;
  }

  /** Enters a purge of everything. */
  void raise(long generation, boolean isSoft) {
    if (isSoft) {
      soft = Math.max(soft, generation);
    } else {
      hard = Math.max(hard, generation);
    }
  }

  /** Takes over what a mark says, for everything; says whether that made it stricter. */
  boolean fold(Mark mark) {
    boolean harder = mark.hard() > hard;
    boolean softer = mark.soft() > Math.max(hard, soft);
    raise(mark.hard(), false);
    raise(mark.soft(), true);
    return harder || softer;
  }

  /** Notes that a target was purged, before the purge is in force. */
  void note(Rule rule) {
    if (rule.kind() == Kind.PREFIX) {
      longestPrefix = Math.max(longestPrefix, rule.target().length());
    } else if (rule.kind() == Kind.TAG && rule.soft()) {
      softTag = rule.generation();
    } else if (rule.kind() == Kind.TAG) {
      hardTag = rule.generation();
    }
    newest = rule.generation();
  }

  /** The stricter of a verdict so far and what a mark says of a stamp. */
  static Verdict stricter(Verdict sofar, @Nullable Mark mark, long stamp) {
    if (mark == null) {
      return sofar;
    }
    // The soft one first: it is taken back only when a later hard one is in force.
    long soft = mark.soft();
    return stricter(sofar, mark.hard(), soft, stamp);
  }

  static Verdict stricter(Verdict sofar, long hard, long soft, long stamp) {
    if (stamp < hard) {
      return Verdict.HARD;
    }
    return stamp < soft && sofar == Verdict.VALID ? Verdict.SOFT : sofar;
  }
}
