package oca.flink;

import java.io.Serial;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.state.CheckpointListener;

/** Lets a log through, and fails some messages after a checkpoint, so often. */
final class FailOnce implements MapFunction<Arrival, Arrival>, CheckpointListener {
  @Serial private static final long serialVersionUID = 1;

  /** Messages that come between the checkpoint and the failure, and come again. */
  private static final int AFTER = 40;

  private static final AtomicInteger FAILURES = new AtomicInteger();
  private static final AtomicInteger CHECKPOINTS = new AtomicInteger();

  private final int most;
  private transient int since;
  private transient boolean done;

  FailOnce(int most) {
    this.most = most;
    FAILURES.set(0);
    CHECKPOINTS.set(0);
  }

  static int failures() {
    return FAILURES.get();
  }

  static int checkpoints() {
    return CHECKPOINTS.get();
  }

  @Override
  public Arrival map(Arrival arrival) {
    if (done && FAILURES.get() < most && ++since > AFTER) {
      FAILURES.incrementAndGet();
      throw new IllegalStateException("fails as the test wants it");
    }
    return arrival;
  }

  @Override
  public void notifyCheckpointComplete(long checkpoint) {
    CHECKPOINTS.incrementAndGet();
    done = true;
  }
}
