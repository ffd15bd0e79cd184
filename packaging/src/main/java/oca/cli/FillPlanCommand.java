package oca.cli;

import java.util.concurrent.Callable;
import oca.fill.PlanEndpoint.Drafted;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code oca fill plan}: makes a draft of a plan and says what it would mean. */
@Command(
    name = "plan",
    description =
        "Make a draft of a plan from demand, catalogue and fleet as they are, and say what it would"
            + " mean; it comes into force by oca fill apply.")
final class FillPlanCommand implements Callable<Integer> {
  @Mixin private ControllerOptions controller = new ControllerOptions();

  @Override
  public Integer call() throws Exception {
    controller.post("/v1/plans", Drafted.class, it -> controller.tables().drafted(it));
    return 0;
  }
}
