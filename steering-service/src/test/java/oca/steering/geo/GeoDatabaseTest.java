package oca.steering.geo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import oca.config.ByteSize;
import oca.model.Address;
import oca.model.Position;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeoDatabaseTest {
  private static final Position BERLIN = new Position(52.52, 13.405);
  private static final Position OSLO = new Position(59.913, 10.752);

  @TempDir Path folder;

  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = berlin().writeTo(folder.resolve("places.mmdb"));
  }

  @Test
  void locate_knownNetworks_givesTheirPlaces() throws IOException {
    try (GeoDatabase database = GeoDatabase.open(config())) {
      assertEquals(BERLIN, database.locate(Address.parse("192.0.2.77")));
      assertEquals(BERLIN, database.locate(Address.parse("::ffff:192.0.2.77")));
      assertEquals(OSLO, database.locate(Address.parse("2001:db8:1::9")));
      assertEquals(3, database.status().located());
      assertEquals("Test-City", database.status().type());
    }
  }

  @Test
  void locate_unknownOrTooVague_givesNothing() throws IOException {
    try (GeoDatabase database = GeoDatabase.open(config())) {
      assertNull(database.locate(Address.parse("203.0.113.1")), "in no network");
      assertNull(database.locate(Address.parse("2001:db8:2::1")), "in no network");
      assertNull(database.locate(Address.parse("198.51.100.1")), "known to 900 km only");
      assertNull(database.locate(Address.parse("198.51.100.200")), "without a location");
      assertNull(database.locate(Address.parse("10.0.0.1")), "not on this earth");
      assertEquals(5, database.status().unknown());
      assertEquals(0, database.status().faults());
    }
  }

  @Test
  void refresh_replacedFile_takesTheNewOne() throws IOException {
    try (GeoDatabase database = GeoDatabase.open(config())) {
      assertFalse(database.refresh(), "it is the same");
      Path next =
          new MaxMindFile()
              .built(1_800_000_000L)
              .place("192.0.2.0/24", OSLO.latitude(), OSLO.longitude(), 5)
              .writeTo(folder.resolve("next"));
      Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);

      assertTrue(database.refresh());
      assertEquals(OSLO, database.locate(Address.parse("192.0.2.77")));
      assertEquals(Instant.ofEpochSecond(1_800_000_000L), database.status().built());
      assertEquals(1, database.status().reloads());
    }
  }

  @Test
  void refresh_damagedOrMissingFile_keepsTheOldOne() throws IOException {
    try (GeoDatabase database = GeoDatabase.open(config())) {
      Files.writeString(file, "something else");
      assertFalse(database.refresh());
      assertFalse(database.refresh(), "named once");
      assertEquals(1, database.status().reloadFailures());
      Files.delete(file);
      assertFalse(database.refresh());
      assertEquals(2, database.status().reloadFailures());
      assertEquals(BERLIN, database.locate(Address.parse("192.0.2.77")));

      berlin().built(1_900_000_000L).writeTo(file);
      assertTrue(database.refresh(), "the next good one is taken");
    }
  }

  @Test
  void open_noDatabase_namesTheFileAndTheKey() throws IOException {
    Files.delete(file);
    IOException missing = assertThrows(IOException.class, () -> GeoDatabase.open(config()));
    assertTrue(missing.getMessage().contains(file.toString()), missing.getMessage());
    assertTrue(missing.getMessage().contains("geo.database"), missing.getMessage());

    Files.writeString(file, "country,latitude\n");
    IOException other = assertThrows(IOException.class, () -> GeoDatabase.open(config()));
    assertTrue(other.getMessage().contains("MaxMind's format"), other.getMessage());
  }

  @Test
  void open_largerThanTheLimit_isRefused() throws IOException {
    GeoConfig small =
        new GeoConfig(
            file, 500, 1000, Duration.ofMinutes(1), new ByteSize(berlin().bytes().length - 1L), 16);
    IOException refused = assertThrows(IOException.class, () -> GeoDatabase.open(small));
    assertTrue(refused.getMessage().contains("geo.fileLimit"), refused.getMessage());
  }

  /** Whatever the file, a question has an answer, and the place is on earth. */
  @Test
  void locate_anyByteWrong_neverThrows() throws IOException {
    long seed = Long.getLong("oca.geo.seed", System.nanoTime());
    System.out.println("GeoDatabaseTest: -Doca.geo.seed=" + seed);
    Random random = new Random(seed);
    byte[] good = berlin().bytes();
    int opened = 0;
    for (int i = 0; i < 2000; i++) {
      byte[] bad = good.clone();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      Files.write(file, bad);
      try (GeoDatabase database = GeoDatabase.open(config())) {
        opened++;
        for (String address : new String[] {"192.0.2.77", "198.51.100.200", "2001:db8:1::9"}) {
          database.locate(Address.parse(address));
        }
        assertEquals(
            3,
            database.status().located() + database.status().unknown() + database.status().faults(),
            "seed " + seed);
      } catch (IOException e) {
        assertTrue(e.getMessage().contains(file.toString()), "seed " + seed);
      }
    }
    assertTrue(opened > 100, "damage within is found by asking only: " + opened);
  }

  private static MaxMindFile berlin() {
    return new MaxMindFile()
        .place("192.0.2.0/24", BERLIN.latitude(), BERLIN.longitude(), 20)
        .place("2001:db8:1::/48", OSLO.latitude(), OSLO.longitude(), 50)
        .place("198.51.100.0/25", BERLIN.latitude(), BERLIN.longitude(), 900)
        .record("198.51.100.128/25", Map.of("country", Map.of("iso_code", "DE")))
        .place("10.0.0.0/8", 123.0, 13.0, 1);
  }

  private GeoConfig config() {
    return new GeoConfig(file, 500, 1000, Duration.ofDays(1), ByteSize.parse("1MiB"), 16);
  }
}
