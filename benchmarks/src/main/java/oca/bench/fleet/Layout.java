package oca.bench.fleet;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.Catalog;
import oca.protocol.CatalogEntry;

/**
 * The country that is simulated: sites with a network each, regions of twenty sites, a catalogue.
 * All of it follows from numbers; immutable.
 *
 * @param sites 1 to 60,000
 * @param titles in the catalogue
 * @param filesPerTitle of a gibibyte each
 */
record Layout(int sites, int titles, int filesPerTitle) {
  /** The file of the key of plans, in the folder. */
  static final String PLANS_KEY = "plans.key";

  static final long FILE_BYTES = 1L << 30;
  private static final int SITES_PER_REGION = 20;
  private static final int NETWORKS_PER_BYTE = 250;
  private static final Instant PUBLISHED = Instant.parse("2026-01-01T00:00:00Z");

  ApplianceId appliance(int number) {
    return new ApplianceId(String.format(Locale.ROOT, "a%05d", number));
  }

  SiteId site(int number) {
    return new SiteId(String.format(Locale.ROOT, "s%04d", number % sites));
  }

  Endpoint endpoint(int number) {
    return new Endpoint(appliance(number) + ".example", 80);
  }

  /** Where an appliance connects from: its site has an address of its own. */
  InetAddress address(int number) {
    int site = number % sites;
    try {
      return InetAddress.getByAddress(
          new byte[] {
            127, 1, (byte) (site / NETWORKS_PER_BYTE), (byte) (1 + site % NETWORKS_PER_BYTE)
          });
    } catch (UnknownHostException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A viewer's address at a site. */
  String viewer(int site, SplittableRandom random) {
    return network(site % sites) + "." + (1 + random.nextInt(250));
  }

  /** The network of that viewer, as a serve record names it. */
  String viewers(int site) {
    return network(site % sites) + ".0";
  }

  private static String network(int site) {
    return "10." + site / NETWORKS_PER_BYTE + "." + site % NETWORKS_PER_BYTE;
  }

  String path(int title, int file) {
    return String.format(Locale.ROOT, "titles/t%05d/v%d.mp4", title, file);
  }

  /** A file by its rank: low numbers are asked for more often, about as Zipf says. */
  String asked(SplittableRandom random) {
    int title = (int) Math.min(titles - 1, Math.pow(titles + 1.0, random.nextDouble()) - 1);
    return path(title, random.nextInt(filesPerTitle));
  }

  Catalog catalog() {
    List<CatalogEntry> files = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(titles);
    byte[] digest = new byte[32];
    for (int title = 0; title < titles; title++) {
      for (int file = 0; file < filesPerTitle; file++) {
        random.nextBytes(digest);
        files.add(
            new CatalogEntry(
                path(title, file),
                String.format(Locale.ROOT, "t%05d", title),
                FILE_BYTES,
                HexFormat.of().formatHex(digest),
                "video/mp4",
                PUBLISHED));
      }
    }
    return new Catalog("1", files);
  }

  /** What an appliance holds from before that no plan speaks of. */
  List<ContentId> library(int number, int files) {
    return IntStream.range(0, files)
        .mapToObj(i -> ContentId.ofPath("library/" + (number % sites % 100) + "/" + i))
        .toList();
  }

  /**
   * Steering's configuration.
   *
   * @param database keys that name it; empty for none
   * @param more further keys, a line each
   */
  String steering(int catalogPort, int appliances, String database, Path folder, String more) {
    StringBuilder text = new StringBuilder();
    text.append(
        """
        listen: 127.0.0.1:0
        catalog: http://127.0.0.1:%d/catalog
        origin: origin.example:80
        publicUri: http://steer.example/
        trustClientParameter: true
        registry: {%s}
        fleet: { file: "%s" }
        access: { connections: { connections: 20000, perAddress: 2000 } }
        limits: { appliances: %d, requestsAtOnce: 1024 }
        %s
        sites:
        """
            .formatted(
                catalogPort,
                database,
                folder.resolve("fleet"),
                Math.min(65_534, 2 * appliances),
                more));
    for (int site = 0; site < sites; site++) {
      text.append(
          "  - { id: %s, latitude: %d, longitude: %d }%n"
              .formatted(site(site), 36 + site % 20, site / 20 % 40));
    }
    text.append("networks:\n");
    for (int site = 0; site < sites; site++) {
      text.append("  - { prefix: %s.0/24, site: %s }%n".formatted(network(site), site(site)));
    }
    return text.toString();
  }

  /**
   * The fill controller's configuration; its window has been open for two hours.
   *
   * @param jobs keys that name the database of jobs; empty for none
   * @param state keys that name that of all else; empty for a file
   * @param folder of files, with the key of plans in it
   * @param more further keys, a line each
   */
  String controller(
      int catalogPort,
      int appliances,
      String jobs,
      String state,
      Path folder,
      Instant now,
      String more) {
    LocalTime opened =
        now.atZone(ZoneOffset.UTC).toLocalTime().minusHours(2).truncatedTo(ChronoUnit.MINUTES);
    StringBuilder text = new StringBuilder();
    text.append(
        """
        listen: 127.0.0.1:0
        database: "%s"
        origin: { catalog: "http://127.0.0.1:%d/catalog", content: "http://origin.example/" }
        window: "%s-%s UTC"
        jobs: {%s}
        limits: { appliances: %d }
        plans: { key: "%s", maxEvictedShare: 1 }
        state: {%s}
        %s
        excluded: []
        regions:
        """
            .formatted(
                folder.resolve("fill"),
                catalogPort,
                opened,
                opened.plusHours(12),
                jobs,
                2 * appliances,
                folder.resolve(PLANS_KEY),
                state,
                more));
    for (int from = 0; from < sites; from += SITES_PER_REGION) {
      int to = Math.min(sites, from + SITES_PER_REGION);
      text.append(
          "  - { id: r%d, prefixes: [%s], sites: [%s] }%n"
              .formatted(
                  from / SITES_PER_REGION,
                  joined(from, to, site -> "\"" + network(site) + ".0/24\""),
                  joined(from, to, site -> site(site).toString())));
    }
    return text.toString();
  }

  private static String joined(int from, int to, java.util.function.IntFunction<String> each) {
    return String.join(", ", IntStream.range(from, to).mapToObj(each).toList());
  }
}
