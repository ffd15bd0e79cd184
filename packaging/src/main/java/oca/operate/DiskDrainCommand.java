package oca.operate;

import java.time.Duration;
import java.util.concurrent.Callable;
import oca.protocol.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code oca disk drain}: has a disk's files move to the others. */
@Command(
    name = "drain",
    description = {
      "Put nothing new on a disk and move its files to the others while they are served; tells how"
          + " far it is.",
      "Ctrl-C ends the telling only: the disk drains on until oca disk undrain."
    })
final class DiskDrainCommand implements Callable<Integer> {
  private final Watch watch;

  @Mixin private AdminOptions admin = new AdminOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Option(names = "--no-wait", description = "give the order and do not wait")
  private boolean noWait;

  @Option(
      names = "--stuck-after",
      paramLabel = "SECONDS",
      description = "exit with 1 when it does not get emptier for so long; default 120")
  private int stuckSeconds = 120;

  @Parameters(paramLabel = "DISK", description = "its folder, as oca disk list names it")
  private String path = "";

  DiskDrainCommand() {
    this(Watch.SYSTEM);
  }

  DiskDrainCommand(Watch watch) {
    this.watch = watch;
  }

  @Override
  public Integer call() throws Exception {
    Disks disks = new Disks(admin.door(), output, watch);
    Json volumes = disks.order("drain", path);
    output.err().println(path + " drains; oca disk undrain " + path + " takes files again");
    output.err().flush();
    boolean isEmpty = true;
    if (!noWait) {
      try (OnBreak _ = new OnBreak(this::broken)) {
        isEmpty = disks.awaitEmpty(path, Duration.ofSeconds(stuckSeconds));
      }
      volumes = disks.list();
      if (isEmpty) {
        output.err().println(path + " is empty; oca disk detach " + path + " lets go of it");
        output.err().flush();
      }
    }
    disks.show(volumes, Json.NONE);
    return isEmpty ? Exit.GOOD : Exit.ATTENTION;
  }

  private void broken() {
    output.err().println();
    output.err().println(path + " drains on; oca disk undrain " + path + " takes files again");
    output.err().flush();
  }
}
