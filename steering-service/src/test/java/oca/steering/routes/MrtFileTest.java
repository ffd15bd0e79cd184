package oca.steering.routes;

import static oca.steering.routes.MrtWriter.attributes;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import oca.model.Address;
import oca.model.SiteId;
import oca.steering.routes.MrtWriter.Entry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MrtFileTest {
  private static final SiteId NORTH = new SiteId("north");

  @TempDir private Path folder;

  private final RoutingTable table =
      new RoutingTable(
          new RoutingTable.Limits(9, 999, 999, 9), Duration.ofMillis(1), System::nanoTime);

  @Test
  void start_fileThere_isReadAndAgainWhenItIsAnother() throws IOException {
    put(dump("8.8.8.0/24", "9.9.9.0/24").gzip());
    MrtFile source = source();
    source.start();
    await().until(() -> source.counts().reads() == 1);
    assertEquals(Map.of("route", 2L), source.counts().found());
    assertEquals("8.8.8.0/24 -> north", lookup("8.8.8.8"));
    put(dump("9.9.9.0/24", "2a00::/32", "7.7.0.0/16").dump());
    await().until(() -> source.counts().reads() == 2);
    assertEquals("null", lookup("8.8.8.8"));
    assertEquals("2a00::/32 -> north", lookup("2a00::1"));
    assertEquals("mrt " + folder.resolve("rib"), table.views().getFirst().name());
    source.close();
    await().until(() -> table.views().isEmpty());
    assertEquals(0, table.compile().size());
  }

  @Test
  void start_truncatedFileComes_keepsWhatTheLastOneSaid() throws IOException {
    put(dump("8.8.8.0/24", "9.9.9.0/24").dump());
    MrtFile source = source();
    source.start();
    await().until(() -> source.counts().reads() == 1);
    byte[] whole = dump("7.7.7.0/24", "9.9.9.0/24").dump();
    put(Arrays.copyOf(whole, whole.length - 1));
    await().until(() -> source.counts().failures() == 1);
    assertEquals("8.8.8.0/24 -> north", lookup("8.8.8.8"));
    assertEquals("7.7.7.0/24 -> north", lookup("7.7.7.7"));
    put(whole);
    await().until(() -> source.counts().reads() == 2);
    assertEquals("null", lookup("8.8.8.8"));
    source.close();
  }

  @Test
  void start_noFile_isNoFailureAndItIsReadWhenItComes() throws IOException {
    MrtFile source = source();
    source.start();
    await().until(() -> table.views().size() == 1);
    put(dump("8.8.8.0/24").dump());
    await().until(() -> source.counts().reads() == 1);
    Files.delete(folder.resolve("rib"));
    assertEquals("8.8.8.0/24 -> north", lookup("8.8.8.8"));
    assertEquals("mrt", source.name());
    source.close();
  }

  private MrtFile source() {
    return new MrtFile(
        new MrtFile.Settings(
            folder.resolve("rib"), NORTH, null, Duration.ofMillis(20), 1 << 20, 1_000_000),
        table);
  }

  private void put(byte[] dump) throws IOException {
    Path next = Files.write(folder.resolve("next"), dump);
    Files.move(next, folder.resolve("rib"), StandardCopyOption.ATOMIC_MOVE);
  }

  private String lookup(String address) {
    return String.valueOf(table.compile().lookup(Address.parse(address)));
  }

  private static MrtWriter dump(String... prefixes) {
    MrtWriter dump = new MrtWriter().index("10.0.0.1");
    for (String prefix : prefixes) {
      dump.rib(prefix, new Entry(0, 0, attributes(0, 64_500)));
    }
    return dump;
  }
}
