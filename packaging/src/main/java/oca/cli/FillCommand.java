package oca.cli;

import java.util.concurrent.Callable;
import oca.config.ConfigFile;
import oca.fill.FillConfig;
import oca.fill.FillController;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code oca fill}: runs the fill controller, which decides which appliance holds which file. */
@Command(
    name = "fill",
    description = "Run the fill controller, which decides which appliance holds which file.")
final class FillCommand implements Callable<Integer> {
  @Mixin private ServiceOptions options = new ServiceOptions();

  @Override
  public Integer call() throws Exception {
    return options.run(
        () -> FillController.start(ConfigFile.read(options.config(), FillConfig.class)));
  }
}
