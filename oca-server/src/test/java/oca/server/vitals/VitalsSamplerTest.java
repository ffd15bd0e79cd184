package oca.server.vitals;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import oca.protocol.Health;
import org.junit.jupiter.api.Test;

class VitalsSamplerTest {
  private static final long SECOND = 1_000_000_000;

  private final AtomicInteger connections = new AtomicInteger(7);
  private final AtomicLong bytes = new AtomicLong(500);
  private final AtomicBoolean draining = new AtomicBoolean();
  private final AtomicLong nanos = new AtomicLong(-5);
  private final VitalsSampler sampler =
      new VitalsSampler(
          connections::get,
          () -> 100,
          bytes::get,
          () -> 1_000_000,
          draining::get,
          Duration.ofSeconds(1),
          nanos::get);

  @Test
  void sample_beforeAWindowHasPassed_hasNoRate() {
    bytes.set(1_000_000);
    nanos.addAndGet(SECOND - 1);
    assertEquals(new Health(false, 7, 100, 0, 1_000_000), sampler.sample());
  }

  @Test
  void sample_afterTwoSeconds_isTheMeanOfThoseInBits() {
    bytes.addAndGet(1000);
    nanos.addAndGet(2 * SECOND);
    assertEquals(4000, sampler.sample().bitsPerSecond());
  }

  @Test
  void sample_askedAgainWithinTheWindow_repeatsTheRate() {
    bytes.addAndGet(1000);
    nanos.addAndGet(SECOND);
    assertEquals(8000, sampler.sample().bitsPerSecond());
    bytes.addAndGet(50);
    nanos.addAndGet(10);
    assertEquals(8000, sampler.sample().bitsPerSecond());
    nanos.addAndGet(SECOND - 10);
    assertEquals(400, sampler.sample().bitsPerSecond());
  }

  @Test
  void sample_draining_saysSo() {
    draining.set(true);
    assertEquals(true, sampler.sample().draining());
  }
}
