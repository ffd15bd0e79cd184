package oca.cli;

import java.util.concurrent.Callable;
import oca.server.Appliance;
import oca.server.ApplianceConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code oca appliance}: runs an appliance: the server that holds files and serves their ranges.
 */
@Command(
    name = "appliance",
    description = "Run an appliance: the server that holds files and serves their ranges.")
final class ApplianceCommand implements Callable<Integer> {
  @Mixin private ServiceOptions options = new ServiceOptions();

  @Override
  public Integer call() throws Exception {
    return options.run(ApplianceConfig.class, Appliance::start);
  }
}
