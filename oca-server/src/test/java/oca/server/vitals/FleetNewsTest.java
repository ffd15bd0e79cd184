package oca.server.vitals;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.Health;
import oca.protocol.Heartbeat;
import oca.protocol.Wire;
import org.junit.jupiter.api.Test;

class FleetNewsTest {
  private final List<byte[]> words = new ArrayList<>();
  private long nanos;
  private final FleetNews news = new FleetNews(Duration.ofMinutes(1), words::add, () -> nanos);

  private static Heartbeat heartbeat(long sequence, boolean draining, int busy, long version) {
    return new Heartbeat(
        new ApplianceId("north-1"),
        new SiteId("north"),
        new Endpoint("127.0.0.1", 80),
        "boot",
        sequence,
        Instant.EPOCH,
        new Health(draining, busy, 100, 0, 1_000, null),
        10,
        5,
        version);
  }

  @Test
  void look_sameStateUnderOtherLoad_isToldOnce() throws Exception {
    news.look(heartbeat(1, false, 3, 7));
    news.look(heartbeat(2, false, 50, 7));
    assertEquals(1, words.size());
    assertEquals(heartbeat(1, false, 3, 7), Wire.read(words.getFirst(), Heartbeat.class));
  }

  @Test
  void look_anotherState_isTold() {
    news.look(heartbeat(1, false, 3, 7));
    news.look(heartbeat(2, true, 3, 7));
    news.look(heartbeat(3, true, 3, 8));
    assertEquals(3, words.size());
  }

  @Test
  void look_afterAWhile_isToldAgain() {
    news.look(heartbeat(1, false, 3, 7));
    nanos = Duration.ofMinutes(1).toNanos();
    news.look(heartbeat(2, false, 3, 7));
    assertEquals(2, words.size());
  }
}
