package oca.demo;

import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import oca.model.Endpoint;

/**
 * The configuration files of the demo's processes, written as an operator would write them. Only
 * scale differs from a real fleet: small disks, short intervals, and a day of half a minute.
 */
final class DemoConfigs {
  /**
   * What one appliance may hold, on two volumes: all four together hold a fifth of the catalogue.
   */
  private static final int VOLUME_MIB = 12;

  private static final String FILL_RATE = "12MiB";

  private final World world;
  private final Path work;
  private final Path published;

  DemoConfigs(World world, Path work, Path published) {
    this.world = world;
    this.work = work;
    this.published = published;
  }

  String origin() {
    return """
    root: %s
    http: { listen: "%s", eventLoops: 1 }
    admin: "%s"
    records: { target: "%s", interval: 200ms }
    """
        .formatted(
            published,
            world.origin(),
            world.originAdmin(),
            uri(world.controller(), "v1/serve-records"));
  }

  String appliance(World.Box box) {
    Path home = work.resolve(box.id().value());
    return """
    id: %s
    site: %s
    advertise: "%s"
    http: { listen: "%s", eventLoops: 1 }
    store:
      indexFolder: %s
      maxFiles: 10000
      volumes:
        - { path: %s, capacity: %dMiB }
        - { path: %s, capacity: %dMiB }
    admin: "%s"
    controller: "%s"
    heartbeat: { steering: ["%s"], interval: 500ms }
    fill: { manifestInterval: 250ms, workers: 2, origins: ["%s"], retry: 500ms, stall: 3s }
    records: { target: "%s", interval: 200ms }
    """
        .formatted(
            box.id(),
            box.site(),
            world.content(box),
            world.content(box),
            home.resolve("index"),
            home.resolve("disk-1"),
            VOLUME_MIB,
            home.resolve("disk-2"),
            VOLUME_MIB,
            world.admin(box),
            uri(world.controller(), ""),
            uri(world.steering(), ""),
            world.origin(),
            uri(world.controller(), "v1/serve-records"));
  }

  String steering() {
    String sites =
        World.SITES.stream()
            .map(
                site ->
                    String.format(
                        Locale.ROOT,
                        "  - { id: %s, latitude: %.2f, longitude: %.2f }%n",
                        site.id(),
                        site.latitude(),
                        site.longitude()))
            .collect(Collectors.joining());
    String networks =
        World.SITES.stream()
            .map(site -> "  - { prefix: \"" + site.network() + "\", site: " + site.id() + " }\n")
            .collect(Collectors.joining());
    return """
    listen: "%s"
    publicUri: "%s"
    catalog: "%s"
    catalogInterval: 1s
    origin: "%s"
    lease: 2s
    ttl: 2s
    operators: { listen: "%s" }
    recording: { to: { target: "%s" } }
    sites:
    %snetworks:
    %s  - { prefix: "127.0.0.0/24", site: %s }
    """
        .formatted(
            world.steering(),
            uri(world.steering(), ""),
            uri(world.originAdmin(), "v1/catalog"),
            world.origin(),
            world.operators(),
            uri(world.controller(), "v1/steering-records"),
            sites,
            networks,
            World.NORTH.id());
  }

  String controller(PlanClock calendar) {
    String regions =
        World.SITES.stream()
            .map(
                site ->
                    "  - { id: %s, prefixes: [\"%s\"], sites: [%s] }\n"
                        .formatted(site.id(), site.network(), site.id()))
            .collect(Collectors.joining());
    return """
    listen: "%s"
    database: %s
    origin: { catalog: "%s", content: "%s", interval: 1s }
    regions:
    %sexcluded: ["127.0.0.0/24"]
    window: { opens: "02:00", closes: "08:00", zone: UTC }
    day: %ds
    dayStarts: %s
    fillRate: %s
    # A day of half a minute and tastes that turn overnight: any plan is welcome.
    plans: { maxEvictedShare: 1 }
    lease: 3s
    settle: 500ms
    causes: { hold: 10s }
    """
        .formatted(
            world.controller(),
            work.resolve("fill-controller"),
            uri(world.originAdmin(), "v1/catalog"),
            uri(world.origin(), ""),
            regions,
            calendar.length().toSeconds(),
            calendar.start(),
            FILL_RATE);
  }

  private static String uri(Endpoint endpoint, String path) {
    return endpoint.http(path).toString();
  }
}
