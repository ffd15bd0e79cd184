package oca.steering;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import oca.steering.rank.Candidate;
import oca.steering.rank.Decision;
import oca.steering.rank.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Why appliances are passed over, counted for a sample of the decisions: whom a decision does not
 * name is found out only by looking at all appliances, which no viewer is to wait for. So a
 * decision is at most left here, which is one read when one lies here already, and judged later by
 * whoever calls {@link #judge}.
 *
 * <p>{@link #offer} on any thread; {@link #judge} on one.
 */
final class PassedOver {
  private static final VarHandle SAMPLE;

  static {
    try {
      SAMPLE = MethodHandles.lookup().findVarHandle(PassedOver.class, "sample", Decision.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Map<Reason, LongAdder> counts = new EnumMap<>(Reason.class);
  private final LongAdder judged = new LongAdder();
  private volatile @Nullable Decision sample;

  /** Counts from nought. */
  PassedOver() {
    for (Reason reason : Reason.values()) {
      counts.put(reason, new LongAdder());
    }
  }

  /** The same decision, which is judged later if none is waiting. */
  Decision offer(Decision decision) {
    if (SAMPLE.getOpaque(this) == null) {
      SAMPLE.setRelease(this, decision);
    }
    return decision;
  }

  /** Judges the decision that waits, if any, and makes room for another. */
  void judge() {
    Decision waiting = sample;
    if (waiting == null) {
      return;
    }
    sample = null;
    judged.increment();
    for (Candidate candidate : waiting.candidates()) {
      LongAdder count = counts.get(candidate.reason());
      if (count != null) {
        count.increment();
      }
    }
  }

  /** Decisions judged. */
  long judged() {
    return judged.sum();
  }

  /** Appliances in their candidates of which that was said. */
  long count(Reason reason) {
    LongAdder count = counts.get(reason);
    return count == null ? 0 : count.sum();
  }
}
