package oca.server.fill;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final long SECOND = 1_000_000_000;

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicLong fetched = new AtomicLong();
  private final Pace pace = new Pace(nanos::get, fetched::get);

  @Test
  void look_sourcesSlowerThanTheRate_areBelievedWhileAllWorkersAreBusy() {
    assertEquals(1000, pace.look(1000, true));
    assertEquals(1000, after(1, 0, true), "nothing was seen yet: workers had just begun");
    assertEquals(100, after(1, 100, true));
    assertEquals(70 + 60, after(1, 200, true));
    assertEquals(1000, after(1, 0, false), "it is the work that lacks");
    assertEquals(1000, after(1, 5, true));
  }

  @Test
  void look_nothingAtAll_leavesAPartOfTheRate() {
    after(1, 0, true);
    assertEquals(10, after(1, 0, true));
  }

  @Test
  void look_tooSoon_isTheSameLook() {
    after(1, 0, true);
    assertEquals(100, after(1, 100, true));
    nanos.addAndGet(SECOND / 10);
    assertEquals(100, pace.look(1000, true));
    assertEquals(50, pace.look(50, true), "never more than the rate");
  }

  private long after(long seconds, long bytes, boolean busy) {
    nanos.addAndGet(seconds * SECOND);
    fetched.addAndGet(bytes);
    return pace.look(1000, busy);
  }
}
