package oca.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process in the midst of a recall, and looks at what the next one serves. */
class RecallCrashTest {
  private static final int ROUNDS = 6;

  @TempDir Path folder;

  @Test
  void recall_killedInItsMidst_isNeverServedAgain() throws Exception {
    long seed = Long.getLong("oca.crash.seed", System.nanoTime());
    System.out.println("RecallCrashTest: -Doca.crash.seed=" + seed);
    SplittableRandom random = new SplittableRandom(seed);
    List<Long> left = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      Path place = folder.resolve("round" + round);
      killInRecall(place, random.nextLong(30_000_000));
      try (DiskStore store = DiskStore.open(RecallCrashChild.config(place))) {
        assertServesNothingRecalled(store);
        store.recovery().join();
        assertServesNothingRecalled(store);
        SourceTrace trace = store.trace(RecallCrashChild.RECALLED, 10, () -> true);
        assertEquals(0, trace.blocks(), "round " + round);
        RecallStatus status = store.recalls().getFirst();
        assertEquals(List.of(), status.open());
        left.add(status.files());
        for (int file = 0; file < RecallCrashChild.FILES; file += 2) {
          TestContent content = RecallCrashChild.content(file);
          assertNotNull(store.describe(content.key()), "those of others stay: " + file);
        }
      }
    }
    System.out.println("RecallCrashTest: withdrawn after the kill: " + left);
  }

  private static boolean closed(ContentLease lease) {
    lease.close();
    return true;
  }

  private static void assertServesNothingRecalled(DiskStore store) throws IOException {
    for (int file = 1; file < RecallCrashChild.FILES; file += 2) {
      TestContent content = RecallCrashChild.content(file);
      boolean hit =
          store.lookup(content.key()) instanceof Lookup.Hit(ContentLease lease) && closed(lease);
      assertFalse(hit, "file " + file + " is served");
      assertNull(store.describe(content.key()));
    }
  }

  private static void killInRecall(Path place, long afterNanos) throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + System.getProperty("oca.jvm.options"),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                RecallCrashChild.class.getName(),
                place.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      String line = lines.readLine();
      while (line != null && !line.equals("ordered")) {
        line = lines.readLine();
      }
      assertEquals("ordered", line);
      LockSupport.parkNanos(afterNanos);
    } finally {
      child.destroyForcibly().waitFor();
    }
  }
}
