package oca.steering.rank;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.Health;
import oca.protocol.Heartbeat;
import oca.protocol.Inventory;
import oca.steering.fleet.HeartbeatIntake;
import org.jspecify.annotations.Nullable;

/**
 * An appliance that a test makes up: what it says of itself, and what it holds.
 *
 * @param used connections out of {@value #CONNECTIONS}
 * @param upMillis null when it does not say
 */
record Box(
    String id,
    String site,
    int port,
    String boot,
    boolean draining,
    @Nullable String fault,
    int used,
    long bitsPerSecondLimit,
    @Nullable Long upMillis,
    List<ContentId> filling,
    Set<ContentId> held) {

  static final int CONNECTIONS = 1000;
  static final int PORT = 8440;
  static final long WARM = 86_400_000;
  private static final long GIGABIT = 1_000_000_000;

  /** An idle one that was started long ago and holds those files. */
  static Box of(String id, String site, ContentId... held) {
    return new Box(
        id, site, PORT, "boot-1", false, null, 0, 10 * GIGABIT, WARM, List.of(), Set.of(held));
  }

  Box port(int other) {
    return new Box(
        id, site, other, boot, draining, fault, used, bitsPerSecondLimit, upMillis, filling, held);
  }

  Box boot(String other, @Nullable Long up) {
    return new Box(
        id, site, port, other, draining, fault, used, bitsPerSecondLimit, up, filling, held);
  }

  Box drains() {
    return new Box(
        id, site, port, boot, true, fault, used, bitsPerSecondLimit, upMillis, filling, held);
  }

  Box fault(String broken) {
    return new Box(
        id, site, port, boot, draining, broken, used, bitsPerSecondLimit, upMillis, filling, held);
  }

  Box used(int connections) {
    return new Box(
        id,
        site,
        port,
        boot,
        draining,
        fault,
        connections,
        bitsPerSecondLimit,
        upMillis,
        filling,
        held);
  }

  Box gigabits(int limit) {
    return new Box(
        id, site, port, boot, draining, fault, used, limit * GIGABIT, upMillis, filling, held);
  }

  Box fills(ContentId file) {
    return new Box(
        id,
        site,
        port,
        boot,
        draining,
        fault,
        used,
        bitsPerSecondLimit,
        upMillis,
        List.of(file),
        held);
  }

  Heartbeat beat(long sequence) {
    return new Heartbeat(
        new ApplianceId(id),
        new SiteId(site),
        new Endpoint("h-" + id, port),
        boot,
        sequence,
        Instant.EPOCH,
        new Health(draining, used, CONNECTIONS, 0, bitsPerSecondLimit, fault),
        1L << 40,
        1L << 30,
        1,
        null,
        filling,
        upMillis);
  }

  /** Is heard, and says what it holds. */
  void report(HeartbeatIntake intake, long sequence) {
    intake.heartbeat(beat(sequence));
    intake.inventory(new Inventory(new ApplianceId(id), boot, 1, List.copyOf(held)));
  }
}
