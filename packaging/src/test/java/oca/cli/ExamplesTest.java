package oca.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.fill.FillConfig;
import oca.origin.OriginConfig;
import oca.server.ApplianceConfig;
import oca.steering.SteeringConfig;
import org.junit.jupiter.api.Test;

/**
 * The commented configurations that operators start from are read by the processes they are for.
 */
class ExamplesTest {
  private static final Path EXAMPLES = Path.of("examples");
  private static final Map<String, Class<? extends Record>> CONFIGS =
      Map.of(
          "appliance.yaml", ApplianceConfig.class,
          "fill.yaml", FillConfig.class,
          "steering.yaml", SteeringConfig.class,
          "origin.yaml", OriginConfig.class);

  @Test
  void examples_eachFile_isReadByItsProcess() throws Exception {
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      assertEquals(
          new TreeSet<>(CONFIGS.keySet()),
          new TreeSet<>(files.map(file -> file.getFileName().toString()).toList()));
    }
    for (var config : CONFIGS.entrySet()) {
      read(EXAMPLES.resolve(config.getKey()), config.getValue());
    }
  }

  private static <T extends Record> void read(Path file, Class<T> type) throws ConfigException {
    assertEquals(type, ConfigFile.read(file, type).getClass());
  }
}
