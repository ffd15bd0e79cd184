package oca.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import oca.model.ApplianceId;
import oca.protocol.FillManifest.Entry;
import oca.protocol.FillManifest.FillWindow;
import org.junit.jupiter.api.Test;

class ManifestDeltaTest {
  private static final ApplianceId NORTH = new ApplianceId("north-1");
  private static final int FLIPS = 10_000;

  @Test
  void applyTo_theVersionItIsFrom_isTheManifestAsPublished() throws WireException {
    FillManifest before = manifest(1, entry(1), entry(2), entry(3));
    FillManifest after = manifest(2, entry(3), entry(4), entry(1));
    assertEquals(after, delta(before, after).applyTo(before));
  }

  @Test
  void applyTo_anotherManifest_isRefused() {
    FillManifest before = manifest(1, entry(1), entry(2));
    ManifestDelta delta = delta(before, manifest(3, entry(2), entry(3)));
    assertThrows(WireException.class, () -> delta.applyTo(manifest(2, entry(1), entry(2))));
    WireException other =
        assertThrows(WireException.class, () -> delta.applyTo(manifest(1, entry(1), entry(7))));
    assertTrue(
        String.valueOf(other.getMessage()).contains("not the one that was published"),
        "the same version of other content is found by the digest");
    assertThrows(WireException.class, () -> delta.applyTo(manifest(1, entry(1))));
  }

  /** Readers look at what is in force while each version is made of the one before. */
  @Test
  void applyTo_tenThousandFlipsUnderReaders_isNeverMixed() throws Exception {
    Map<Long, String> published = new ConcurrentHashMap<>();
    AtomicReference<FillManifest> inForce = new AtomicReference<>(manifest(0, entry(0)));
    published.put(0L, ManifestDelta.sha256(Wire.write(inForce.get())));
    AtomicBoolean over = new AtomicBoolean();
    long reads = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Future<Long>> readers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        readers.add(
            threads.submit(
                () -> {
                  long count = 0;
                  do {
                    FillManifest seen = inForce.get();
                    String is = ManifestDelta.sha256(Wire.write(seen));
                    assertEquals(Objects.requireNonNull(published.get(seen.version())), is);
                    count++;
                  } while (!over.get());
                  return count;
                }));
      }
      Random random = new Random(3);
      List<Entry> entries = new ArrayList<>(List.of(entry(0)));
      try {
        for (int flip = 1; flip <= FLIPS; flip++) {
          if (entries.size() > 20) {
            entries.remove(random.nextInt(entries.size()));
          }
          entries.add(random.nextInt(entries.size() + 1), entry(flip));
          FillManifest next = manifest(flip, entries.toArray(Entry[]::new));
          published.put((long) flip, ManifestDelta.sha256(Wire.write(next)));
          inForce.set(delta(inForce.get(), next).applyTo(inForce.get()));
        }
      } finally {
        over.set(true);
      }
      for (Future<Long> reader : readers) {
        reads += reader.get();
      }
    }
    System.out.printf("%,d flips of a manifest, %,d reads, none mixed%n", FLIPS, reads);
  }

  private static ManifestDelta delta(FillManifest before, FillManifest after) {
    return ManifestDelta.of(
        after,
        ManifestDelta.sha256(Wire.write(after)),
        before.version(),
        ManifestDelta.marks(before));
  }

  private static FillManifest manifest(long version, Entry... entries) {
    return new FillManifest(
        NORTH,
        version,
        new FillWindow(Instant.EPOCH, Instant.EPOCH.plusSeconds(9)),
        100,
        List.of(entries));
  }

  private static Entry entry(int number) {
    String path = "t/" + number;
    return Entry.from(
        new CatalogEntry(path, "t", 3, "ab".repeat(32), "video/mp4", Instant.EPOCH),
        List.of(URI.create("http://origin/" + path)));
  }
}
