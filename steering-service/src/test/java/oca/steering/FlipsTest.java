package oca.steering;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.protocol.Catalog;
import oca.protocol.CatalogDelta;
import oca.protocol.CatalogDigest;
import oca.protocol.CatalogEntry;
import oca.protocol.Inventory;
import oca.protocol.InventoryDigest;
import oca.steering.catalog.Titles;
import oca.steering.fleet.Beats;
import oca.steering.fleet.FleetSnapshot;
import oca.steering.fleet.HeartbeatIntake;
import oca.steering.fleet.Holding;
import oca.steering.fleet.Member;
import oca.steering.fleet.Verdict;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Ten thousand new versions under readers: whatever one of them sees belongs to one version. */
class FlipsTest {
  private static final int FLIPS = 10_000;
  private static final int READERS = 3;
  private static final int TITLES = 40;
  private static final int APPLIANCES = 8;
  private static final int FILES = 64;

  /** One look at what is in force; throws when it is of more than one version. */
  @FunctionalInterface
  private interface Reader {
    void read();
  }

  @Test
  void catalogue_tenThousandDeltasUnderReaders_isNeverMixed() throws Exception {
    Random random = new Random(1);
    Map<String, List<CatalogEntry>> titles = new HashMap<>();
    for (int i = 0; i < TITLES; i++) {
      titles.put("t" + i, files("t" + i, 0));
    }
    // By the version, what its files are named by: known before it is in force.
    Map<String, CatalogDigest> published = new ConcurrentHashMap<>();
    Map<String, Map<String, List<String>>> paths = new ConcurrentHashMap<>();
    AtomicReference<Titles> inForce = new AtomicReference<>();
    Titles first =
        new Titles(new Catalog("0", titles.values().stream().flatMap(List::stream).toList()));
    published.put("0", first.digest());
    Map<String, List<CatalogEntry>> start = Map.copyOf(titles);
    paths.put("0", paths(start));
    inForce.set(first);
    long reads =
        under(
            () -> {
              Titles seen = inForce.get();
              assertEquals(published.get(seen.version()), seen.digest());
              Map<String, List<String>> expected =
                  Objects.requireNonNull(paths.get(seen.version()), seen.version());
              assertEquals(expected.size(), seen.count());
              expected.forEach(
                  (title, files) -> {
                    assertEquals(files, seen.paths(title), "version " + seen.version());
                    for (ContentId id : seen.files(title)) {
                      assertEquals(title, seen.titleOf(id));
                    }
                  });
            },
            () -> {
              CatalogDigest digest = first.digest();
              Map<String, List<String>> last = paths(start);
              for (int flip = 1; flip <= FLIPS; flip++) {
                CatalogDigest from = digest;
                String removed = "t" + random.nextInt(TITLES);
                String changed = "t" + random.nextInt(TITLES);
                digest = digest.minus(of(titles.remove(removed)));
                digest = digest.minus(of(titles.put(changed, files(changed, flip))));
                digest = digest.plus(of(titles.get(changed)));
                String version = "" + flip;
                published.put(version, digest);
                Map<String, List<String>> next = new HashMap<>(last);
                next.remove(removed);
                next.putAll(paths(Map.of(changed, files(changed, flip))));
                last = next;
                paths.put(version, next);
                CatalogDelta delta =
                    new CatalogDelta(
                        from,
                        version,
                        digest,
                        removed.equals(changed) ? List.of() : List.of(removed),
                        files(changed, flip));
                inForce.set(inForce.get().with(delta));
              }
              return null;
            });
    System.out.printf("%,d flips of the catalogue, %,d reads, none mixed%n", FLIPS, reads);
  }

  @Test
  void fleet_tenThousandInventoriesUnderReaders_isNeverMixed() throws Exception {
    Random random = new Random(2);
    AtomicLong nanos = new AtomicLong(1);
    HeartbeatIntake intake =
        new HeartbeatIntake(nanos::get, new HeartbeatIntake.Limits(10, 100, 10_000), "origin");
    List<ContentId> all = new ArrayList<>();
    for (int i = 0; i < FILES; i++) {
      all.add(ContentId.ofPath("f/" + i));
    }
    for (int i = 0; i < APPLIANCES; i++) {
      intake.heartbeat(beats(i).beat(1, 1));
    }
    long reads =
        under(
            () -> {
              FleetSnapshot seen = intake.snapshot();
              for (Member member : seen.members()) {
                Holding holding = seen.holders().of(member.number());
                if (holding != null) {
                  List<ContentId> held =
                      all.stream().filter(it -> seen.holders().holds(member.number(), it)).toList();
                  assertEquals(InventoryDigest.of(held), holding.digest(), member.id().value());
                }
              }
            },
            () -> {
              for (int flip = 2; flip <= FLIPS + 1; flip++) {
                int i = random.nextInt(APPLIANCES);
                intake.heartbeat(beats(i).beat(flip, flip));
                List<ContentId> held = new ArrayList<>();
                all.forEach(
                    file -> {
                      if (random.nextBoolean()) {
                        held.add(file);
                      }
                    });
                Inventory told =
                    new Inventory(new ApplianceId(beats(i).id()), "boot-1", flip, held);
                assertEquals(Verdict.ACCEPTED, intake.inventory(told));
              }
              return null;
            });
    System.out.printf("%,d flips of the fleet, %,d reads, none mixed%n", FLIPS, reads);
  }

  /** Runs the writer while readers read; how often they did. */
  private static long under(Reader reader, Callable<?> writer) throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    try (ExecutorService threads = Executors.newFixedThreadPool(READERS)) {
      List<Future<Long>> reading = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        reading.add(
            threads.submit(
                () -> {
                  long reads = 0;
                  do {
                    reader.read();
                    reads++;
                  } while (!over.get());
                  return reads;
                }));
      }
      try {
        writer.call();
      } finally {
        over.set(true);
      }
      long reads = 0;
      for (Future<Long> one : reading) {
        reads += one.get();
      }
      assertTrue(reads >= READERS, "nobody read");
      return reads;
    }
  }

  private static CatalogDigest of(@Nullable List<CatalogEntry> files) {
    return files == null ? CatalogDigest.EMPTY : CatalogDigest.ofTitle(files);
  }

  private static List<CatalogEntry> files(String title, int version) {
    return List.of(file(title, version, "video"), file(title, version, "audio"));
  }

  private static CatalogEntry file(String title, int version, String name) {
    String path = title + "/" + version + "/" + name;
    return new CatalogEntry(path, title, 9, "ab".repeat(32), "video/mp4", Instant.EPOCH);
  }

  private static Map<String, List<String>> paths(Map<String, List<CatalogEntry>> titles) {
    Map<String, List<String>> paths = new HashMap<>();
    titles.forEach(
        (title, files) -> paths.put(title, files.stream().map(CatalogEntry::path).toList()));
    return paths;
  }

  private static Beats beats(int i) {
    return Beats.of("north-" + i, "north", "h" + i);
  }
}
