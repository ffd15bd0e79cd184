package oca.cli;

import java.util.concurrent.Callable;
import oca.fill.PlanEndpoint.Drafted;
import oca.fill.plan.PlanDiff;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code oca fill diff}: says what going from one plan to another means. */
@Command(
    name = "diff",
    description =
        "Say what going from one plan to another means: bytes by appliance and by link, time, gain."
            + " Without versions: from the plan in force to a new draft.")
final class FillDiffCommand implements Callable<Integer> {
  @Mixin private ControllerOptions controller = new ControllerOptions();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "FROM",
      description = "a version; 0 for an empty fleet")
  private @Nullable Long from;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "TO",
      description = "a version; without it the newest")
  private @Nullable Long to;

  @Override
  public Integer call() throws Exception {
    PlanTables tables = controller.tables();
    if (from == null) {
      controller.post("/v1/plans", Drafted.class, tables::drafted);
    } else {
      String upTo = to == null ? "" : "&to=" + to;
      controller.get("/v1/plans/diff?from=" + from + upTo, PlanDiff.class, tables::diff);
    }
    return 0;
  }
}
