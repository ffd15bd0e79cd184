package oca.operate;

import java.util.concurrent.Callable;
import oca.protocol.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code oca disk detach}: lets go of a disk. */
@Command(
    name = "detach",
    description =
        "Let go of a disk, so that it can be taken out. One that still holds files is let go of"
            + " only with --force: they are not served any more then.")
final class DiskDetachCommand implements Callable<Integer> {
  @Mixin private AdminOptions admin = new AdminOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Option(names = "--force", description = "although it still holds files")
  private boolean force;

  @Parameters(paramLabel = "DISK", description = "its folder, as oca disk list names it")
  private String path = "";

  @Override
  public Integer call() throws Exception {
    Disks disks = new Disks(admin.patientDoor(), output, Watch.SYSTEM);
    long files = disks.find(path).map(it -> it.at("files").number()).orElse(0L);
    if (files > 0 && !force) {
      output
          .err()
          .println(
              "oca disk detach: "
                  + Figures.count(files)
                  + " files are still on "
                  + path
                  + "; oca disk drain moves them, --force lets go of them");
      output.err().flush();
      return Exit.ATTENTION;
    }
    Json volumes = disks.order("detach", path);
    output.err().println(path + " is detached; take it out of the configuration too");
    output.err().flush();
    disks.show(volumes, Json.NONE);
    return Exit.GOOD;
  }
}
