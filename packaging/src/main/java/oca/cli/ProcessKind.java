package oca.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import oca.fill.FillConfig;
import oca.origin.OriginConfig;
import oca.server.ApplianceConfig;
import oca.steering.SteeringConfig;

/** The processes that have a configuration. */
enum ProcessKind {
  APPLIANCE(ApplianceConfig.class),
  FILL(FillConfig.class),
  STEERING(SteeringConfig.class),
  ORIGIN(OriginConfig.class);

  private final Class<? extends Record> config;

  ProcessKind(Class<? extends Record> config) {
    this.config = config;
  }

  /** What its file is read as. */
  Class<? extends Record> config() {
    return config;
  }

  /** As in the command's name: {@code oca appliance}. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one whose file is called so by custom: {@code appliance.yaml}, {@code fill-2.yaml}. */
  static Optional<ProcessKind> ofFile(Path file) {
    String name = String.valueOf(file.getFileName());
    return Arrays.stream(values()).filter(kind -> name.startsWith(kind.word())).findFirst();
  }
}
