package oca.cli;

import java.util.concurrent.Callable;
import oca.fill.PlanEndpoint.Applied;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code oca fill apply}: puts a plan in force. */
@Command(
    name = "apply",
    description = "Put a plan in force: all appliances get their manifests in one step, or none.")
final class FillApplyCommand implements Callable<Integer> {
  @Mixin private ControllerOptions controller = new ControllerOptions();

  @Parameters(index = "0", paramLabel = "VERSION", description = "as oca fill plan named it")
  private long version;

  @Option(
      names = "--evict",
      description = "also when it takes more of a disk away than plans.maxEvictedShare allows")
  private boolean evict;

  @Override
  public Integer call() throws Exception {
    controller.post(
        "/v1/plans/" + version + "/apply" + (evict ? "?evict=true" : ""),
        Applied.class,
        it ->
            controller
                .out()
                .println(
                    "plan "
                        + it.version()
                        + " is in force, "
                        + it.changedManifests()
                        + " manifests changed"));
    return 0;
  }
}
