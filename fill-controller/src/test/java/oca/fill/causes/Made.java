package oca.fill.causes;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.SiteId;
import oca.protocol.Playback;
import oca.protocol.ServeRecord;
import oca.protocol.SteeringRecord;
import oca.protocol.SteeringRecord.Content;
import oca.protocol.SteeringRecord.Named;
import oca.protocol.SteeringRecord.Passed;
import oca.protocol.SteeringRecord.Why;
import oca.protocol.SteeringRecords;
import org.jspecify.annotations.Nullable;

/** Records for tests: north is nearest, n-1 and n-2 stand there; s-1 stands in the south. */
final class Made {
  static final Instant T0 = Instant.parse("2026-11-01T12:00:00Z");
  static final SiteId NORTH = new SiteId("north");
  static final SiteId SOUTH = new SiteId("south");
  static final ContentId FILE = ContentId.ofPath("aurora/v0.mp4");
  static final String NETWORK = "198.51.100.0";
  private static final AtomicLong NUMBERS = new AtomicLong();

  private Made() {}

  static Instant at(double seconds) {
    return T0.plusMillis(Math.round(seconds * 1000));
  }

  static Named named(String appliance) {
    return new Named(new ApplianceId(appliance), site(appliance), 500);
  }

  static SiteId site(String appliance) {
    return appliance.startsWith("n-") ? NORTH : SOUTH;
  }

  static Passed passed(String appliance, Why why, Content content) {
    return new Passed(new ApplianceId(appliance), site(appliance), why, content, 500);
  }

  static SteeringRecord answer(
      double at, @Nullable SiteId nearest, List<Named> chosen, Passed... passed) {
    return answer(at, null, NETWORK, nearest, chosen, passed);
  }

  static SteeringRecord answer(
      double at,
      @Nullable String session,
      String network,
      @Nullable SiteId nearest,
      List<Named> chosen,
      Passed... passed) {
    return new SteeringRecord(
        at(at),
        NUMBERS.incrementAndGet(),
        session,
        network,
        "198.51.100.0/24",
        "aurora",
        null,
        nearest,
        chosen,
        List.of(passed),
        0,
        30,
        1000,
        false,
        "0123abcd");
  }

  static Served served(double at, String server, long bytes) {
    return served(at, server, bytes, 206, true, null, NETWORK);
  }

  static Served served(
      double at,
      String server,
      long bytes,
      int status,
      boolean complete,
      @Nullable String session,
      String network) {
    boolean origin = server.equals("origin");
    boolean known = server.startsWith("n-") || server.startsWith("s-");
    Playback playback =
        session == null
            ? null
            : new Playback(session, null, "video", "vod", 4000, null, null, false, false);
    return new Served(
        new ApplianceId(server),
        known ? site(server) : null,
        origin,
        "aurora",
        new ServeRecord(
            at(at), FILE, network, status, 0, bytes, complete, 200_000, "part", playback));
  }

  static SteeringRecords batch(long sequence, List<SteeringRecord> records) {
    return new SteeringRecords(new ApplianceId("steering"), "boot", sequence, 0, records);
  }
}
