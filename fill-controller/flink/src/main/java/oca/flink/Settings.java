package oca.flink;

import java.io.Serial;
import java.io.Serializable;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.fill.FillConfig;

/**
 * What the jobs go by: the controller's own configuration, as text, so that each task reads the
 * same, and what is theirs alone.
 *
 * @param name of the configuration, for its problems
 * @param fill a controller's configuration; regions, limits, causes, the day's length, the
 *     catalogue's address and the brokers count
 * @param top files that a rank names
 * @param files that are kept to be ranked in a region
 */
record Settings(String name, String fill, int top, int files) implements Serializable {
  @Serial private static final long serialVersionUID = 1;

  Settings {
    if (top < 1 || files < top) {
      throw new IllegalArgumentException("top must be 1 or more, and files no less than top");
    }
  }

  FillConfig config() throws ConfigException {
    return ConfigFile.parse(name, fill, FillConfig.class);
  }
}
