package oca.operate;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code oca routes}: what steering knows of where viewers are. */
@Command(
    name = "routes",
    description = {
      "List what steering learns routes from, or tell what it knows of an address or prefix.",
      "Exits 1 when a session is down, or when nothing is known of what was asked."
    })
public final class RoutesCommand implements Callable<Integer> {
  @Mixin private SteeringOptions steering = new SteeringOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Parameters(
      arity = "0..1",
      paramLabel = "ADDRESS|PREFIX",
      description = "such as 198.51.100.7 or 2001:db8::/32")
  private @Nullable String what;

  @Override
  public Integer call() throws Exception {
    Door door = steering.door(Duration.ofSeconds(10));
    String asked = what;
    return asked == null
        ? RoutePages.showViews(output, door.get("/v1/routes/views?limit=1000"))
        : RoutePages.show(output, RoutePages.ask(door, asked));
  }
}
