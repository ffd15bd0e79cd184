package oca.cli;

import java.util.concurrent.Callable;
import oca.steering.Steering;
import oca.steering.SteeringConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code oca steering}: runs the steering service, which names the best appliances for a client.
 */
@Command(
    name = "steering",
    description = "Run the steering service, which names the best appliances for a client.")
final class SteeringCommand implements Callable<Integer> {
  @Mixin private ServiceOptions options = new ServiceOptions();

  @Override
  public Integer call() throws Exception {
    return options.run(SteeringConfig.class, Steering::start);
  }
}
