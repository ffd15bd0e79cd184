package oca.cli;

import java.util.concurrent.Callable;
import oca.fill.PlanEndpoint.Applied;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code oca fill rollback}: puts the plan before in force again. */
@Command(
    name = "rollback",
    description = "Put the plan in force again that was before the one that is.")
final class FillRollbackCommand implements Callable<Integer> {
  @Mixin private ControllerOptions controller = new ControllerOptions();

  @Override
  public Integer call() throws Exception {
    controller.post(
        "/v1/plans/rollback",
        Applied.class,
        it ->
            controller
                .out()
                .println(
                    "plan "
                        + it.version()
                        + " is in force again, "
                        + it.changedManifests()
                        + " manifests changed"));
    return 0;
  }
}
