package oca.server.http;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** How much memory the contents of all requests take together. Safe on any thread. */
final class ContentRoom {
  private final LongSupplier most;
  private final AtomicLong taken = new AtomicLong();

  /**
   * @param most in bytes
   */
  ContentRoom(LongSupplier most) {
    this.most = most;
  }

  /** Takes so many bytes; false, and nothing is taken, when there are not so many left. */
  boolean take(int bytes) {
    while (true) {
      long now = taken.get();
      if (now + bytes > most.getAsLong()) {
        return false;
      }
      if (taken.compareAndSet(now, now + bytes)) {
        return true;
      }
    }
  }

  /** Gives back what was taken. */
  void give(int bytes) {
    taken.addAndGet(-bytes);
  }

  /** In bytes. */
  long taken() {
    return taken.get();
  }
}
