package oca.steering.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import oca.model.ApplianceId;
import oca.steering.fleet.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process that writes is killed at any moment: what it acknowledged is there. */
class RegistryCrashTest {
  private static final int APPLIANCES = 5;

  @TempDir Path folder;

  @Test
  void kill_whileWriting_losesNothingAcknowledged() throws Exception {
    kill(6, 20_261_122);
  }

  @Test
  @Tag("long")
  void killManyTimes_whileWriting_losesNothingAcknowledged() throws Exception {
    kill(60, System.nanoTime());
  }

  private void kill(int times, long seed) throws IOException, InterruptedException {
    Random random = new Random(seed);
    Path file = folder.resolve("registry");
    Map<ApplianceId, Order> acknowledged = new TreeMap<>();
    long number = 0;
    for (int round = 0; round < times; round++) {
      Process writer =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Writer.class.getName(),
                  file.toString(),
                  Long.toString(random.nextLong()))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try (BufferedReader out = writer.inputReader()) {
        int until = 1 + random.nextInt(60);
        for (String line = out.readLine(); line != null; line = out.readLine()) {
          if (line.startsWith("stored ")) {
            number = note(line, acknowledged);
            if (--until == 0) {
              writer.toHandle().destroyForcibly();
            }
          }
        }
      }
      assertTrue(writer.waitFor(20, TimeUnit.SECONDS));
      assertFalse(acknowledged.isEmpty(), "seed " + seed);
      try (Registries again = Registries.over(ConnectionSource.h2(file))) {
        Book book = again.registry.book();
        assertTrue(again.registry.isLoaded(), again.registry.status().toString());
        // One more may have reached the disk, whose acknowledgement did not reach us.
        assertTrue(
            book.last() == number || book.last() == number + 1,
            "seed " + seed + ", round " + round + ": " + book.last() + " after " + number);
        Map<ApplianceId, Order> expected = new TreeMap<>(acknowledged);
        if (book.last() == number + 1) {
          ApplianceId unheard = book.changes().getLast().appliance();
          expected.put(unheard, book.order(unheard));
          acknowledged.put(unheard, book.order(unheard));
          number++;
        }
        Map<ApplianceId, Order> found = new TreeMap<>();
        book.entries().forEach((id, entry) -> found.put(id, entry.order()));
        assertEquals(expected, found, "seed " + seed + ", round " + round);
      }
    }
  }

  private static long note(String line, Map<ApplianceId, Order> acknowledged) {
    String[] words = line.split(" ", -1);
    acknowledged.put(new ApplianceId(words[2]), Order.of(words[3]));
    return Long.parseLong(words[1]);
  }

  /** Writes one change after the other until it is killed, and says which are stored. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] arguments) throws Exception {
      Registry registry =
          new Registry(
              Optional.of(ConnectionSource.h2(Path.of(arguments[0]))),
              new Registry.Settings(
                  new Book.Limits(100, 50), 100, Duration.ofSeconds(1), Duration.ofSeconds(1)),
              InstantSource.system(),
              Map.of(),
              _ -> true,
              (_, _) -> {});
      registry.start(Duration.ofSeconds(20));
      Random random = new Random(Long.parseLong(arguments[1]));
      What[] whats = {What.DRAIN, What.UNDRAIN, What.RETIRE, What.RESTORE};
      while (true) {
        ApplianceId id = new ApplianceId("a-" + random.nextInt(APPLIANCES));
        Receipt receipt =
            registry.apply(
                Command.order(whats[random.nextInt(whats.length)], id, "writer", "test"));
        if (receipt instanceof Receipt.Done done) {
          done.stored().get();
          System.out.println(
              "stored "
                  + done.change().number()
                  + " "
                  + id
                  + " "
                  + registry.book().order(id).label());
        }
      }
    }
  }
}
