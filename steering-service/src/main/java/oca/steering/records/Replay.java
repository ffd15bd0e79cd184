package oca.steering.records;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import oca.model.ContentId;
import oca.model.Prefix;
import oca.protocol.SteeringRecord;
import oca.protocol.Wire;
import oca.protocol.WireException;
import oca.steering.fleet.HolderSet;
import oca.steering.fleet.Liveness;
import oca.steering.fleet.Member;
import oca.steering.fleet.RebuiltFleet;
import oca.steering.rank.Ask;
import oca.steering.rank.Decision;
import oca.steering.rank.Ranker;
import oca.steering.rank.Shares;
import oca.steering.routes.ForwardingTable.Match;
import org.jspecify.annotations.Nullable;

/**
 * Puts recorded questions to the ranker again, the fleet being as it was or changed. With nothing
 * changed every record comes out as it stands. Lines of one file in their order; another file
 * begins anew by its first line. For one thread.
 *
 * <p>What would follow from the change is not: recorded loads stay as they are, so that who takes
 * over the viewers of a dropped site seems to have as much room as before.
 */
public final class Replay {
  private static final int MOST_PREFIXES = 100_000;

  private final Change change;
  private final Map<String, Prefix> prefixes = new HashMap<>();
  private final Map<String, List<ContentId>> files = new HashMap<>();
  private @Nullable Setup setup;
  private @Nullable Ranker ranker;
  private RebuiltFleet fleet;
  private Shares shares = Shares.ALL;

  /** A replay under that change. */
  public Replay(Change change) {
    this.change = change;
    this.fleet = new RebuiltFleet(Liveness.DEFAULT);
  }

  /**
   * What was decided, and what is decided now of the same question.
   *
   * @param files that were asked for
   */
  public record Pair(SteeringRecord then, SteeringRecord now, List<ContentId> files) {
    public Pair {
      files = List.copyOf(files);
    }

    /** Whether all of it is the same. */
    public boolean isSame() {
      return then.equals(now);
    }
  }

  /** A line that was understood but not put to use. Safe on any thread. */
  public static final class Parsed {
    private final Line line;

    private Parsed(Line line) {
      this.line = line;
    }
  }

  /**
   * Understands a line; on any thread.
   *
   * @throws WireException when it is none
   */
  public static Parsed parse(byte[] json) throws WireException {
    return new Parsed(Wire.read(json, Line.class));
  }

  /**
   * Takes the next line.
   *
   * @return the decision that it holds; null when it holds something else
   * @throws IllegalArgumentException when it cannot follow what was before it
   */
  public @Nullable Pair take(Parsed parsed) {
    Line line = parsed.line;
    if (line.decision() != null) {
      return decide(line.decision());
    }
    if (line.setup() != null) {
      begin(line.setup());
    } else if (line.member() != null) {
      Member member = line.member().member();
      fleet.member(change.of(member, liveness()), line.member().told());
    } else if (line.freeze() != null) {
      fleet.freeze(line.freeze());
    } else if (line.shares() != null) {
      shares = of(line.shares());
    } else if (line.files() != null) {
      hold(line.files());
    }
    return null;
  }

  private Liveness liveness() {
    Setup under = setup;
    return under == null ? Liveness.DEFAULT : under.liveness();
  }

  private void begin(Setup said) {
    Setup now = change.of(said);
    setup = now;
    ranker = now.ranker();
    fleet = new RebuiltFleet(now.liveness());
    shares = Shares.ALL;
    files.clear();
  }

  private void hold(Line.Held held) {
    List<HolderSet> sets = held.sets().stream().map(RebuiltFleet::setOf).toList();
    for (int i = 0; i < held.files().size(); i++) {
      fleet.holders(held.files().get(i), sets.get(held.of().get(i)));
    }
    files.put(held.name(), held.files());
  }

  private Pair decide(Line.Made made) {
    Ranker by = ranker;
    Setup under = setup;
    if (by == null || under == null) {
      throw new IllegalArgumentException("a decision before any setup");
    }
    SteeringRecord then = made.record();
    List<ContentId> asked = made.files().isEmpty() ? List.of() : files.get(made.files());
    if (asked == null) {
      throw new IllegalArgumentException("nobody said which files " + made.files() + " are");
    }
    Ask ask = new Ask(then.key(), asked, made.form(), made.current(), made.draw(), then.session());
    Match match = made.prefix() == null ? null : new Match(prefix(made.prefix()), made.paths());
    Decision decision =
        by.decide(match, made.viewer(), ask, fleet.snapshot(), shares, made.nowNanos());
    SteeringRecord now =
        Told.record(
            decision,
            then.at(),
            then.number(),
            then.client(),
            then.ttlSeconds(),
            then.tableMillis(),
            under);
    return new Pair(then, now, asked);
  }

  /** Networks come again and again, and are long to read. */
  private Prefix prefix(String text) {
    if (prefixes.size() >= MOST_PREFIXES) {
      prefixes.clear();
    }
    return prefixes.computeIfAbsent(text, Prefix::parse);
  }

  private static Shares of(Map<Integer, Double> told) {
    Map<Integer, Double> known = Map.copyOf(told);
    return number -> known.getOrDefault(number, 1.0);
  }
}
