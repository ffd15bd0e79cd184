package oca.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process that fills and serves, again and again on the same store, and looks at what the
 * next one finds. SIGKILL leaves the page cache, so this shows the order of steps, not of writes to
 * the disk.
 */
class StoreCrashTest {
  /** What takes longer hangs. How soon a store serves is {@link ReopenTest}'s question. */
  private static final long SERVES_WITHIN_MILLIS = 30_000;

  @TempDir Path folder;

  /** What a child has told until it was killed. */
  private static final class Told {
    int held;
    int resumed;
    long openMillis = -1;
    List<String> wrong = new ArrayList<>();
  }

  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void store_killedAtRandomPoints_servesNoWrongByteAndGoesOn() throws Exception {
    kill(20);
  }

  @Tag("long")
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  @Test
  void store_killedAtManyRandomPoints_servesNoWrongByteAndGoesOn() throws Exception {
    kill(200);
  }

  private void kill(int rounds) throws Exception {
    long seed = Long.getLong("oca.crash.seed", System.nanoTime());
    System.out.println("StoreCrashTest: -Doca.crash.seed=" + seed);
    SplittableRandom random = new SplittableRandom(seed);
    int resumed = 0;
    int held = 0;
    long slowest = 0;
    for (int round = 0; round < rounds; round++) {
      Told told = run(random, random.nextLong());
      assertEquals(List.of(), told.wrong, "round " + round);
      assertTrue(told.openMillis >= 0, "round " + round + ": the store did not open");
      assertTrue(
          told.openMillis <= SERVES_WITHIN_MILLIS,
          "round " + round + ": first byte after " + told.openMillis + " ms");
      resumed += told.resumed;
      held = told.held;
      slowest = Math.max(slowest, told.openMillis);
    }
    System.out.printf(
        "StoreCrashTest: %d kills, %d files held, %d fills resumed%n", rounds, held, resumed);
    System.out.println("StoreCrashTest: slowest first byte " + slowest + " ms after JVM start");
    assertTrue(held > 0, "nothing was ever held");
    assertTrue(resumed > 0, "no fill was ever resumed");
  }

  private Told run(SplittableRandom random, long childSeed) throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + System.getProperty("oca.jvm.options"),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                CrashChild.class.getName(),
                folder.toString(),
                Long.toString(childSeed))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Told told = new Told();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      int linesUntilKill = random.nextInt(1, 60);
      String line;
      while (linesUntilKill > 0 && (line = lines.readLine()) != null) {
        if (take(line, told)) {
          linesUntilKill--;
        }
      }
      LockSupport.parkNanos(random.nextLong(2_000_000));
      // By its handle: Process.destroyForcibly would close the pipe, with lines still in it.
      child.toHandle().destroyForcibly();
      while ((line = lines.readLine()) != null) {
        take(line, told);
      }
    } finally {
      child.toHandle().destroyForcibly();
      assertTrue(child.waitFor(60, TimeUnit.SECONDS), "the child does not die");
    }
    return told;
  }

  /** Notes what a line says; true when it is one of progress. */
  private static boolean take(String line, Told told) {
    String[] words = line.split(" ", -1);
    switch (words[0]) {
      case "open" -> told.openMillis = Long.parseLong(words[1]);
      case "held" -> told.held = Integer.parseInt(words[1]);
      case "resumed" -> told.resumed++;
      case "wrong" -> told.wrong.add(line);
      case "at" -> {
        return true;
      }
      default -> told.wrong.add("the child says: " + line);
    }
    return false;
  }
}
