package oca.operate;

import java.util.List;
import oca.operate.Configs.Config;

/** Whether each configuration is of use. */
final class ConfigCheck implements Check {
  @Override
  public List<Finding> look(Machine machine) {
    List<Config> files = machine.configs().files();
    return files.isEmpty()
        ? List.of(
            Finding.warn(
                "config",
                "there is none in /etc/oca: names, certificates and disks of it are not looked at",
                "name it: oca doctor --config FILE"))
        : files.stream().map(ConfigCheck::finding).toList();
  }

  private static Finding finding(Config config) {
    return config.problem().isEmpty()
        ? Finding.ok("config", config.file() + " is good")
        : Finding.fail(
            "config",
            config.file() + ": " + config.problem().lines().findFirst().orElse(""),
            "all of it: oca config check " + config.file());
  }
}
