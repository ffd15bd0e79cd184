package oca.fill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import oca.model.ApplianceId;
import oca.protocol.CatalogDelta;
import oca.protocol.CatalogDigest;
import oca.protocol.CatalogEntry;
import oca.protocol.FillManifest;
import oca.protocol.FillManifest.Entry;
import oca.protocol.FillManifest.FillWindow;
import oca.protocol.FillManifest.Source;
import oca.protocol.FillManifest.Tier;
import oca.protocol.ManifestDelta;
import oca.protocol.Wire;
import org.junit.jupiter.api.Test;

/** What a night's change of 5 % costs on the wire: 10,000 files, ten to a title. */
class FanOutBytesTest {
  private static final int TITLES = 1000;
  private static final int FILES = 10;
  private static final int CHANGED = TITLES / 20;
  private static final Instant OPENS = Instant.parse("2026-11-11T02:00:00Z");

  private final Random random = new Random(5);
  private final List<List<CatalogEntry>> before = titles(0, TITLES);
  private final List<List<CatalogEntry>> after = new ArrayList<>(before);

  FanOutBytesTest() {
    // The last of the ranking go, and new ones come in everywhere.
    after.subList(TITLES - CHANGED, TITLES).clear();
    for (List<CatalogEntry> title : titles(TITLES, TITLES + CHANGED)) {
      after.add(random.nextInt(after.size()), title);
    }
  }

  @Test
  void manifest_fivePercentChanged_isATenthOfTheWhole() throws IOException {
    FillManifest old = manifest(1, before, OPENS);
    FillManifest now = manifest(2, after, OPENS.plusSeconds(86_400));
    byte[] whole = Wire.write(now);
    long began = System.nanoTime();
    byte[] delta =
        Wire.write(ManifestDelta.of(now, ManifestDelta.sha256(whole), 1, ManifestDelta.marks(old)));
    long made = System.nanoTime();
    assertEquals(now, Wire.read(delta, ManifestDelta.class).applyTo(old));
    long applied = System.nanoTime();
    print("manifest", whole, delta);
    System.out.printf(
        "made in %.1f ms, applied in %.1f ms%n", (made - began) / 1e6, (applied - made) / 1e6);
    assertTrue(delta.length < whole.length / 10, delta.length + " of " + whole.length);
  }

  @Test
  void catalogue_fivePercentChanged_isATenthOfTheWhole() throws IOException {
    List<CatalogEntry> all = after.stream().flatMap(List::stream).toList();
    byte[] whole = Wire.write(new oca.protocol.Catalog("2", all));
    List<String> removed =
        before.subList(TITLES - CHANGED, TITLES).stream().map(it -> it.getFirst().title()).toList();
    byte[] delta =
        Wire.write(
            new CatalogDelta(
                CatalogDigest.of(before),
                "2",
                CatalogDigest.of(after),
                removed,
                after.stream().filter(it -> !before.contains(it)).flatMap(List::stream).toList()));
    print("catalogue", whole, delta);
    assertTrue(delta.length < whole.length / 10, delta.length + " of " + whole.length);
  }

  private static void print(String what, byte[] whole, byte[] delta) throws IOException {
    System.out.printf(
        "%s of %,d files, 5 %% changed: whole %,d bytes (%,d by gzip), delta %,d (%,d by gzip)%n",
        what, TITLES * FILES, whole.length, gzip(whole), delta.length, gzip(delta));
  }

  private static int gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    }
    return packed.size();
  }

  private static FillManifest manifest(
      long version, List<List<CatalogEntry>> titles, Instant opens) {
    List<Entry> entries = new ArrayList<>();
    for (List<CatalogEntry> title : titles) {
      for (CatalogEntry file : title) {
        entries.add(
            new Entry(
                file,
                List.of(
                    Source.peer(URI.create("http://north-1.example:8440/" + file.path())),
                    new Source(
                        URI.create("http://south-1.example:8440/" + file.path()),
                        Tier.SITE,
                        600_000),
                    new Source(
                        URI.create("http://origin.example/" + file.path()),
                        Tier.ORIGIN,
                        1_800_000))));
      }
    }
    FillWindow window = new FillWindow(opens, opens.plusSeconds(6 * 3600));
    return new FillManifest(
        new ApplianceId("north-2"), version, window, 150_000_000, 50_000_000L, entries);
  }

  private List<List<CatalogEntry>> titles(int from, int to) {
    List<List<CatalogEntry>> titles = new ArrayList<>();
    for (int t = from; t < to; t++) {
      List<CatalogEntry> files = new ArrayList<>();
      for (int f = 0; f < FILES; f++) {
        byte[] digest = new byte[32];
        random.nextBytes(digest);
        files.add(
            new CatalogEntry(
                "titles/t-" + t + "/v" + f + ".mp4",
                "t-" + t,
                3_000_000_000L + random.nextInt(1_000_000_000),
                HexFormat.of().formatHex(digest),
                "video/mp4",
                OPENS));
      }
      titles.add(files);
    }
    return titles;
  }
}
