package oca.steering.fleet;

import java.time.Instant;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.Health;
import oca.protocol.Heartbeat;

/** Heartbeats for tests: a serving appliance, and what differs from it. */
public record Beats(String id, String site, String host, int port, String boot) {

  /** An appliance {@code id} on the usual port in its first boot. */
  public static Beats of(String id, String site, String host) {
    return new Beats(id, site, host, 8440, "boot-1");
  }

  public Beats boot(String other) {
    return new Beats(id, site, host, port, other);
  }

  public Beats host(String other) {
    return new Beats(id, site, other, port, boot);
  }

  public Beats port(int other) {
    return new Beats(id, site, host, other, boot);
  }

  /** A heartbeat of an idle appliance. */
  public Heartbeat beat(long sequence, long inventoryVersion) {
    return beat(sequence, inventoryVersion, false, 1);
  }

  public Heartbeat beat(long sequence, long inventoryVersion, boolean draining, double headroom) {
    int used = (int) Math.round((1 - headroom) * 1000);
    return new Heartbeat(
        new ApplianceId(id),
        new SiteId(site),
        new Endpoint(host, port),
        boot,
        sequence,
        Instant.EPOCH,
        new Health(draining, used, 1000, 0, 10_000_000_000L),
        1L << 40,
        1L << 30,
        inventoryVersion);
  }
}
