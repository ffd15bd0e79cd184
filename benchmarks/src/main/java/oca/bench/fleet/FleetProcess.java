package oca.bench.fleet;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.fill.FillConfig;
import oca.fill.FillController;
import oca.protocol.Wire;
import oca.steering.Steering;
import oca.steering.SteeringConfig;

/**
 * A service in a process of its own. Arguments: {@code steering} or {@code controller}, and the
 * file of its configuration. Prints {@code port N} when it serves, answers each line of its input
 * with {@link Memory} as a line of JSON, and ends with its input.
 */
public final class FleetProcess {
  /**
   * Of a process.
   *
   * @param heapBytes in use, garbage included
   * @param allocatedBytes by all threads since the start
   * @param collections of garbage so far
   * @param collectionMillis that they took
   */
  record Memory(long heapBytes, long allocatedBytes, long collections, long collectionMillis) {
    static Memory now() {
      var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
      var collectors = ManagementFactory.getGarbageCollectorMXBeans();
      return new Memory(
          ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
          threads.getTotalThreadAllocatedBytes(),
          collectors.stream().mapToLong(GarbageCollectorMXBean::getCollectionCount).sum(),
          collectors.stream().mapToLong(GarbageCollectorMXBean::getCollectionTime).sum());
    }
  }

  private FleetProcess() {}

  /** Runs until its input ends. */
  public static void main(String[] args) throws IOException, ConfigException {
    Path file = Path.of(args[1]);
    PrintStream told = System.out;
    // What is logged goes elsewhere: nobody reads it, and a full pipe would stop the service.
    System.setOut(System.err);
    switch (args[0]) {
      case "steering" -> {
        try (Steering steering = Steering.start(ConfigFile.read(file, SteeringConfig.class))) {
          serve(told, steering.endpoint().port());
        }
      }
      case "controller" -> {
        try (FillController controller =
            FillController.start(ConfigFile.read(file, FillConfig.class))) {
          serve(told, controller.endpoint().port());
        }
      }
      default -> throw new IllegalArgumentException("neither steering nor controller: " + args[0]);
    }
  }

  private static void serve(PrintStream told, int port) throws IOException {
    told.println("port " + port);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      told.println(new String(Wire.write(Memory.now()), StandardCharsets.UTF_8));
    }
  }
}
