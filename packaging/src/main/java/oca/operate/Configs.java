package oca.operate;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.config.ConfigInput;
import oca.config.Effective.Setting;
import oca.fill.FillConfig;
import oca.origin.OriginConfig;
import oca.server.ApplianceConfig;
import oca.steering.SteeringConfig;

/**
 * The configurations of this machine's processes, by file: what is in force in each, or why it is
 * of no use.
 */
record Configs(List<Config> files) {
  private static final Path FOLDER = Path.of("/etc/oca");

  /** By how the file's name begins. */
  private static final Map<String, Class<? extends Record>> KINDS = kinds();

  /**
   * One of them.
   *
   * @param kind how its name begins, such as {@code appliance}
   * @param problem why it is of no use; else empty
   */
  record Config(Path file, String kind, List<Setting> settings, String problem) {
    Config {
      settings = List.copyOf(settings);
    }

    /** The value of a key; empty when it has none. */
    String value(String key) {
      return settings.stream()
          .filter(it -> it.key().equals(key))
          .map(Setting::value)
          .findFirst()
          .orElse("");
    }
  }

  Configs {
    files = List.copyOf(files);
  }

  private static Map<String, Class<? extends Record>> kinds() {
    Map<String, Class<? extends Record>> kinds = new LinkedHashMap<>();
    kinds.put("appliance", ApplianceConfig.class);
    kinds.put("fill", FillConfig.class);
    kinds.put("steering", SteeringConfig.class);
    kinds.put("origin", OriginConfig.class);
    return kinds;
  }

  /** Those named; else those in the usual place. */
  static Configs read(List<Path> named, Map<String, String> environment) {
    List<Path> files = new ArrayList<>(named);
    if (named.isEmpty()) {
      KINDS.keySet().stream()
          .map(kind -> FOLDER.resolve(kind + ".yaml"))
          .filter(Files::exists)
          .forEach(files::add);
    }
    return new Configs(files.stream().map(file -> read(file, environment)).toList());
  }

  private static Config read(Path file, Map<String, String> environment) {
    String name = String.valueOf(file.getFileName());
    Optional<String> kind = KINDS.keySet().stream().filter(name::startsWith).findFirst();
    Class<? extends Record> type = kind.map(KINDS::get).orElse(null);
    if (type == null) {
      return new Config(file, "", List.of(), "its name begins like that of none of the processes");
    }
    try {
      return new Config(
          file,
          kind.get(),
          ConfigFile.load(new ConfigInput(file, environment, List.of()), type).settings(),
          "");
    } catch (ConfigException e) {
      return new Config(file, kind.get(), List.of(), e.explained());
    }
  }

  Optional<Config> of(String kind) {
    return files.stream().filter(it -> it.kind().equals(kind)).findFirst();
  }

  /** All settings of all files. */
  List<Setting> settings() {
    return files.stream().flatMap(it -> it.settings().stream()).toList();
  }
}
