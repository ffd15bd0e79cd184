package oca.operate;

import java.util.concurrent.Callable;
import oca.protocol.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code oca disk undrain}: takes files again. */
@Command(name = "undrain", description = "Put files on a disk again that was draining.")
final class DiskUndrainCommand implements Callable<Integer> {
  @Mixin private AdminOptions admin = new AdminOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Parameters(paramLabel = "DISK", description = "its folder, as oca disk list names it")
  private String path = "";

  @Override
  public Integer call() throws Exception {
    Disks disks = new Disks(admin.door(), output, Watch.SYSTEM);
    disks.show(disks.order("undrain", path), Json.NONE);
    return Exit.GOOD;
  }
}
