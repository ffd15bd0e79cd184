package oca.flink;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.SiteId;
import oca.protocol.CatalogEntry;
import oca.protocol.Playback;
import oca.protocol.ServeRecord;
import oca.protocol.ServeRecords;
import oca.protocol.SteeringRecord;
import oca.protocol.SteeringRecord.Content;
import oca.protocol.SteeringRecord.Named;
import oca.protocol.SteeringRecord.Passed;
import oca.protocol.SteeringRecord.Why;
import oca.protocol.SteeringRecords;
import oca.protocol.Wire;
import oca.protocol.kafka.Packing;
import org.jspecify.annotations.Nullable;

/**
 * A recorded log, all of it from one seed: viewers who ask steering and then appliances, and what
 * may become of records on their way: doubled, late, out of order, from the future, malformed,
 * beyond reason, of unknown files, networks and servers, and of those that are nobody's demand.
 */
final class MadeLog {
  static final String FILL =
      """
      database: unused
      origin: { catalog: "http://127.0.0.1:1/catalog", content: "http://127.0.0.1:1/" }
      regions:
        - { id: north, prefixes: ["198.51.100.0/24", "198.51.101.0/24"], sites: [north] }
        - { id: south, prefixes: ["203.0.113.0/24"], sites: [south] }
      excluded: ["127.0.0.0/8"]
      causes: { window: 20min, hold: 30s }
      limits: { historyDays: 3, sequencesPerBoot: 64 }
      """;

  private static final int TITLES = 12;
  private static final List<String> NETWORKS =
      List.of("198.51.100.0", "198.51.101.0", "203.0.113.0", "192.0.2.0", "127.0.0.0");
  private static final List<String> SERVERS = List.of("n-1", "n-2", "s-1", "origin", "x-9");

  final List<Arrival> arrivals = new ArrayList<>();
  final Map<ContentId, CatalogEntry> files = new LinkedHashMap<>();
  final Map<ApplianceId, SiteId> sites = new HashMap<>();
  private final Random chance;
  private final Instant base;
  private final Map<String, List<ServeRecord>> serving = new HashMap<>();
  private final List<SteeringRecord> steering = new ArrayList<>();
  private final Map<String, Long> sequences = new HashMap<>();
  private final Map<String, Long> offsets = new HashMap<>();
  private final List<Sent> sent = new ArrayList<>();
  private long numbers;

  private record Sent(long received, Arrival.Kind kind, String sender, byte[] value) {}

  /**
   * Makes one.
   *
   * @param base when it begins
   * @param seconds that viewers play
   */
  MadeLog(long seed, Instant base, int seconds) {
    this.chance = new Random(seed);
    this.base = base;
    for (int title = 0; title < TITLES; title++) {
      for (int file = 0; file < 3; file++) {
        String path = "title" + title + "/v" + file + ".mp4";
        files.put(
            ContentId.ofPath(path),
            new CatalogEntry(
                path, "title" + title, 1_000_000L + file, "0".repeat(64), "video/mp4", base));
      }
    }
    for (String server : List.of("n-1", "n-2")) {
      sites.put(new ApplianceId(server), new SiteId("north"));
    }
    sites.put(new ApplianceId("s-1"), new SiteId("south"));
    for (int second = 0; second < seconds; second++) {
      for (int viewer = chance.nextInt(4); viewer > 0; viewer--) {
        view(second);
      }
      send(second);
    }
    sent.sort(Comparator.comparingLong(Sent::received));
    for (Sent one : sent) {
      place(one);
    }
    arrivals.sort(
        Comparator.comparingLong(Arrival::received)
            .thenComparing(Arrival::source)
            .thenComparingLong(Arrival::offset));
  }

  /** What a lookout sees all the time. */
  Lookout.Watch watch() {
    return new Lookout.Watch() {
      @Override
      public String version() {
        return "made";
      }

      @Override
      public @Nullable CatalogEntry file(ContentId file) {
        return files.get(file);
      }

      @Override
      public @Nullable SiteId site(ApplianceId server) {
        return sites.get(server);
      }

      @Override
      public void close() {
        // Nothing is open.
      }
    };
  }

  private Instant at(double second) {
    return base.plusMillis(Math.round(second * 1000));
  }

  private void view(int second) {
    double at = second + chance.nextDouble();
    String network = NETWORKS.get(chance.nextInt(NETWORKS.size()));
    String session = chance.nextInt(3) == 0 ? null : "viewer-" + chance.nextInt(40);
    String title = "title" + Math.min(chance.nextInt(TITLES), chance.nextInt(TITLES + 2));
    boolean near = chance.nextBoolean();
    Why why = List.of(Why.values()).get(chance.nextInt(Why.values().length));
    Content content = List.of(Content.values()).get(chance.nextInt(Content.values().length));
    String path = title + "/v" + chance.nextInt(4) + ".mp4";
    steering.add(
        new SteeringRecord(
            at(at + (chance.nextInt(200) == 0 ? 3600 : 0)),
            ++numbers,
            session,
            network,
            network + "/24",
            chance.nextInt(4) == 0 ? path : title,
            chance.nextInt(4) == 0 ? ContentId.ofPath(path) : null,
            chance.nextInt(12) == 0 ? null : new SiteId("north"),
            near ? List.of(named("n-1"), named("s-1")) : List.of(named("s-1")),
            near
                ? List.of()
                : List.of(
                    new Passed(new ApplianceId("n-1"), new SiteId("north"), why, content, 100)),
            0,
            chance.nextInt(300) == 0 ? -1 : 30,
            1000,
            false,
            "0123abcd"));
    for (int part = chance.nextInt(6); part > 0; part--) {
      String server = SERVERS.get(chance.nextInt(SERVERS.size()));
      serving
          .computeIfAbsent(server, _ -> new ArrayList<>())
          .add(response(at + 0.3 * part, path, network, session));
    }
  }

  private ServeRecord response(double at, String path, String network, @Nullable String session) {
    double moved =
        switch (chance.nextInt(300)) {
          case 0 -> 86_400; // A clock that is ahead.
          case 1 -> -86_400 * 2.0;
          case 2 -> -86_400 * 9.0; // Before all history.
          case 3 -> -2000;
          default -> 0;
        };
    int status = chance.nextInt(10) == 0 ? 503 : 206;
    long bytes =
        switch (chance.nextInt(400)) {
          case 0 -> -7;
          case 1, 2, 3, 4 -> Long.MAX_VALUE; // Beyond reason.
          default -> chance.nextInt(2_000_000);
        };
    bytes = status == 503 ? 0 : bytes;
    return new ServeRecord(
        at(at + moved),
        ContentId.ofPath(path),
        network,
        status,
        0,
        bytes,
        chance.nextInt(12) > 0,
        chance.nextInt(50) == 0 ? 1_500_000_000L : 150_000,
        "part",
        session == null
            ? null
            : new Playback(session, null, "video", "vod", 4000, null, null, false, false));
  }

  private static Named named(String appliance) {
    return new Named(
        new ApplianceId(appliance),
        new SiteId(appliance.startsWith("n-") ? "north" : "south"),
        500);
  }

  /** Every few seconds each sender sends what it has. */
  private void send(int second) {
    for (String server : SERVERS) {
      List<ServeRecord> records = serving.getOrDefault(server, List.of());
      if (!records.isEmpty() && chance.nextInt(4) == 0) {
        serving.remove(server);
        String boot = second < 200 ? "boot-1" : "boot-2";
        byte[] batch =
            Wire.write(
                new ServeRecords(
                    new ApplianceId(server),
                    chance.nextInt(500) == 0 ? "b".repeat(101) : boot,
                    next(server + boot),
                    chance.nextInt(20) == 0 ? 3 : 0,
                    records));
        deliver(second, Arrival.Kind.SERVE, server, batch);
      }
    }
    if (!steering.isEmpty() && chance.nextInt(3) == 0) {
      byte[] batch =
          Wire.write(
              new SteeringRecords(
                  new ApplianceId("steer-1"), "boot", next("steer-1"), 0, steering));
      steering.clear();
      deliver(second, Arrival.Kind.STEERING, "steer-1", batch);
    }
  }

  private long next(String boot) {
    return sequences.merge(boot, 1L, Long::sum);
  }

  private void deliver(int second, Arrival.Kind kind, String sender, byte[] batch) {
    double delay =
        switch (chance.nextInt(40)) {
          case 0 -> 45; // Later than the hold.
          case 1 -> 400;
          case 2 -> 1500; // Later than the window.
          default -> chance.nextInt(9);
        };
    byte[] value = chance.nextBoolean() ? Packing.pack(batch) : batch;
    switch (chance.nextInt(60)) {
      case 0 -> value = "not a message".getBytes(StandardCharsets.UTF_8);
      case 1 -> value = java.util.Arrays.copyOf(value, value.length / 2);
      default -> {
        // As it was sent.
      }
    }
    long received = at(second + 1 + delay).toEpochMilli() + chance.nextInt(3);
    sent.add(new Sent(received, kind, sender, value));
    if (chance.nextInt(5) == 0) {
      sent.add(new Sent(received + chance.nextInt(60_000), kind, sender, value));
    }
  }

  private void place(Sent one) {
    String source =
        one.kind() == Arrival.Kind.STEERING
            ? "oca.steering/0"
            : "oca.serve/" + Math.floorMod(one.sender().hashCode(), 3);
    long offset = offsets.merge(source, 1L, Long::sum) - 1;
    arrivals.add(
        new Arrival(one.kind(), source, offset, one.received(), one.sender(), one.value()));
  }
}
