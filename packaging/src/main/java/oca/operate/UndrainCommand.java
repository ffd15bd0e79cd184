package oca.operate;

import java.util.concurrent.Callable;
import oca.protocol.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code oca undrain}: takes new viewers again. */
@Command(name = "undrain", description = "Take new viewers again after oca drain.")
public final class UndrainCommand implements Callable<Integer> {
  @Mixin private AdminOptions admin = new AdminOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Override
  public Integer call() throws Exception {
    Json status = admin.door().post("/v1/undrain", Json.of(java.util.Map.of()));
    if (output.isJson()) {
      output.print(status);
    } else {
      output.out().println(status.at("appliance").text() + " takes new viewers");
      output.out().flush();
    }
    return Exit.GOOD;
  }
}
