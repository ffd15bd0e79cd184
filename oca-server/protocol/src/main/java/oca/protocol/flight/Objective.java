package oca.protocol.flight;

import java.time.Duration;
import java.util.Optional;

/** Something a process is held to. Asked about once a second, on the thread of the recording. */
@FunctionalInterface
public interface Objective {
  /** Why it is missed just now; empty while it is met. May wait for as long as it allows. */
  Optional<Cause> look() throws InterruptedException;

  /** What tells whether threads turn within a time. */
  @FunctionalInterface
  interface Turning {
    /** Whether they do. */
    boolean turns(Duration patience) throws InterruptedException;
  }

  /** That event loops do a task within {@code patience}. */
  static Objective turning(Turning loops, Duration patience) {
    return () -> loops.turns(patience) ? Optional.empty() : Optional.of(Cause.STALL);
  }
}
