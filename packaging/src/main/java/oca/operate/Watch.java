package oca.operate;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Time as commands that look again and again know it; tests have their own. */
interface Watch extends LongSupplier {
  /** That of the system. */
  Watch SYSTEM =
      new Watch() {
        @Override
        public long getAsLong() {
          return System.nanoTime();
        }

        @Override
        public void pause(Duration time) throws InterruptedException {
          Thread.sleep(time);
        }
      };

  /** Waits. */
  void pause(Duration time) throws InterruptedException;
}
