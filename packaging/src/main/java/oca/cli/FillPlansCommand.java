package oca.cli;

import java.util.concurrent.Callable;
import oca.fill.PlanEndpoint.Plans;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code oca fill plans}: lists the plans that are kept. */
@Command(name = "plans", description = "List the plans that are kept, newest first.")
final class FillPlansCommand implements Callable<Integer> {
  @Mixin private ControllerOptions controller = new ControllerOptions();

  @Override
  public Integer call() throws Exception {
    controller.get("/v1/plans", Plans.class, it -> controller.tables().plans(it));
    return 0;
  }
}
