package oca.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import oca.operate.OutputOptions;
import oca.protocol.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code oca config reload}: has a running process read its configuration again. */
@Command(
    name = "reload",
    description =
        "Have a running process read its configuration, certificates, keys, tokens and log levels"
            + " again, as SIGHUP and systemctl reload do. Tells what changed and what waits for a"
            + " restart. A configuration with problems is refused with all of them, exit status"
            + " 78, and the process is as it was.")
final class ConfigReloadCommand implements Callable<Integer> {
  @Mixin private OutputOptions output = new OutputOptions();
  @Mixin private RunningOptions running = new RunningOptions();

  @Parameters(
      paramLabel = "PROCESS",
      arity = "0..1",
      defaultValue = "appliance",
      description = "appliance (the default), fill, steering or origin")
  private ProcessKind kind = ProcessKind.APPLIANCE;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = output.out();
    try {
      Json done = new RunningProcess(running.process(kind)).reload();
      if (output.isJson()) {
        output.print(done);
      } else {
        tell(out, "changed:", "nothing changed", done.at("changed"));
        tell(out, "waiting for a restart:", "nothing waits for a restart", done.at("waiting"));
      }
      out.flush();
      return 0;
    } catch (RunningProcess.RefusedException e) {
      output.err().println("not read again:");
      output.err().println(e.getMessage());
      output.err().flush();
      return Oca.BAD_CONFIG;
    }
  }

  private static void tell(PrintWriter out, String some, String none, Json of) {
    List<String> lines = RunningProcess.differences(of);
    out.println(lines.isEmpty() ? none : some);
    lines.forEach(out::println);
  }
}
